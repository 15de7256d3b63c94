"""A mail that an agent forwards opens the case of whoever wrote it, who is as unproven as any visitor."""

import pytest

from cases.actions import conversation
from cases.incoming.forwarded import forwarded_in
from cases.incoming.message import read
from cases.mail.outbound import message_about
from cases.models import Case, Kind, Role
from cases.wording.events import who

from .test_incoming import jobs, letter, receive
from .test_incoming_roles import MX, PASS, proven

pytestmark = pytest.mark.django_db
SAYS = "The till is dead."
FORWARDS = {
    "Gmail": "Please look.\n\n---------- Forwarded message ---------\nFrom: Nora Field <nora@example.net>\nDate: Mon, 2 Mar 2026"
    f" at 09:14\nSubject: The till\nTo: <ada@example.com>\n\n\n{SAYS}",
    "Apple Mail": "Please look.\n\n> Begin forwarded message:\n> \n> From: Nora Field <nora@example.net>\n> Subject: The till\n> Date: 2"
    f" March 2026 at 09:14:00 CET\n> To: Ada <ada@example.com>\n> \n> {SAYS}",
    "Outlook": "Please look.\n\n________________________________\nVon: Nora Field <nora@example.net>\nGesendet: Montag, 2. März 2026 09:14"
    f"\nAn: Ada <ada@example.com>\nBetreff: The till\n\n{SAYS}",
    "Thunderbird": "Please look.\n\n-------- Message transféré --------\nSujet : The till\nDate : Mon, 2 Mar 2026 09:14:00 +0100\nDe : Nora"
    f" Field <nora@example.net>\nPour : ada@example.com\n\n{SAYS}",
}


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


@pytest.mark.parametrize("program", FORWARDS)
def test_the_case_is_its_authors_and_the_agents_words_are_a_note(program, ada):
    proven(ada)
    case = receive(letter(ada.email, FORWARDS[program], Subject="Fwd: The till", **PASS), MX).mail.case
    assert (case.customer, case.claimed_email, case.unproven) == (None, "nora@example.net", True)
    said = case.events.get(kind=Kind.REPLY)
    assert (said.role, said.author, who(said), said.details["forwarded_by"]) == (
        Role.CUSTOMER,
        None,
        "Nora Field",
        "Ada",
    )
    assert said.body == SAYS
    note = case.events.get(kind=Kind.NOTE)
    assert (note.author, note.body) == (ada, "Please look.")


def test_a_forward_as_an_attachment_names_its_author_too():
    inner = letter("Nora Field <nora@example.net>", SAYS).decode()
    raw = (
        'Subject: The till\nFrom: ada@example.com\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nPlease look.\n'
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    )
    found = forwarded_in(read(raw.encode()))
    assert (found.author.address, found.text, found.own) == ("nora@example.net", SAYS, "Please look.")


def test_the_author_is_answered_and_until_then_told_in_words_of_ours_alone(ada):
    proven(ada)
    case = receive(letter(ada.email, FORWARDS["Gmail"], Subject="Fwd: The till", **PASS), MX).mail.case
    opened = message_about(case.events.get(kind=Kind.OPENED))
    assert opened.to == ["nora@example.net"]
    assert SAYS not in opened.body
    assert "Restart it." in message_about(conversation.reply(case, by=ada, body="Restart it.")).body


@pytest.mark.parametrize("sender", ["cleo", "ada"])
def test_what_a_customer_or_somebody_unproven_forwards_credits_nobody_else(sender, request):
    person = request.getfixturevalue(sender)
    headers = {}
    if sender == "cleo":
        proven(person)
        headers = PASS
    receive(letter(person.email, FORWARDS["Gmail"], Subject="Fwd: The till", **headers), MX)
    assert Case.objects.get().claimed_email != "nora@example.net"


def test_what_a_colleague_of_ours_wrote_is_not_made_a_visitors(ada, abe):
    proven(ada)
    text = FORWARDS["Gmail"].replace("nora@example.net", abe.email)
    case = receive(letter(ada.email, text, Subject="Fwd: The till", **PASS), MX).mail.case
    assert case.customer == ada


def test_a_rule_that_forwards_an_agents_mail_mails_nobody(ada, abe):
    proven(ada)
    text = FORWARDS["Gmail"].replace("Please look.", "@Abe look.")
    headers = {"Subject": "Fwd: The till", "Auto-Submitted": "auto-generated"}
    case = receive(letter(ada.email, text, **headers, **PASS), MX).mail.case
    assert case.events.filter(kind=Kind.NOTE).exists()
    assert [name for name, _ in jobs() if "mail" in name] == []
