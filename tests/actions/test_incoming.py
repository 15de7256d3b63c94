"""Mail that arrives goes on where it belongs, as whose words it provably is, once; and nothing of it is lost."""

import base64
import re

import pytest
from allauth.account.models import EmailAddress
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import claims, conversation, incoming, resolution
from cases.mail.outbound import message_about
from cases.models import Attachment, Case, Event, Kind, Outcome, ReceivedMail, Role, Status, ToMail, Why
from cases.wording.events import is_visitors, who
from tests.factories import CaseFactory, picture
from tests.mail.letters import notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


def letter(sender="Nora Field <nora@example.net>", body="It is broken.", **headers):
    headers = {"From": sender, "Subject": "The till", "To": "support@127.0.0.1"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    top = "".join(f"{name}: {value}\n" for name, value in headers.items() if value is not None)
    return f"{top}Content-Type: text/plain; charset=utf-8\n\n{body}\n".encode()


def receive(raw, trusted=""):
    return incoming.receive(raw, trusted=trusted)


def asked(case):
    """Our mail to the customer of the case, that we have their report."""
    return message_about(case.events.get(kind=Kind.OPENED))


def answer(message, sender, body="Here it is.", **headers):
    """What somebody's program sends when they answer this mail."""
    return letter(
        sender,
        body,
        **{
            "To": message.extra_headers["Reply-To"],
            "Subject": f"Re: {message.subject}",
            "In-Reply-To": message.extra_headers["Message-ID"],
            "Message-ID": f"<{len(body)}.{ReceivedMail.objects.count()}@example.net>",
        }
        | headers,
    )


def jobs():
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args"))


def test_a_mail_opens_a_case_that_claims_the_address_and_says_who_writes(till):
    received = receive(letter())
    case = Case.objects.get()
    assert (received.outcome, received.mail.case) == (Outcome.OPENED, case)
    assert (case.summary, case.system, case.unproven) == ("The till", till, True)
    assert (case.claimed_email, case.customer_name) == ("nora@example.net", "Nora Field")
    assert received.mail.event.body == "It is broken."
    assert ("cases.tasks.mail_event", {"event": case.events.get(kind=Kind.OPENED).pk}) in jobs()


def test_a_mail_with_a_customers_address_is_nobodys_until_something_proves_it(cleo):
    receive(letter(cleo.email))
    assert Case.objects.get().customer is None
    assert not Case.objects.visible_to(cleo).exists()


@pytest.mark.parametrize(
    ("trusted", "header", "is_theirs"),
    [
        ("mx.example.net", "mx.example.net; dmarc=pass header.from=example.com", True),
        ("mx.example.net", "mx.example.net; dkim=pass header.d=example.com", True),
        ("mx.example.net", "mx.example.net; dkim=pass header.d=evil.example", False),
        ("mx.example.net", "mx.example.net; dmarc=fail header.from=example.com", False),
        ("mx.example.net", "evil.example; dmarc=pass", False),
        ("", "mx.example.net; dmarc=pass", False),
    ],
)
def test_the_word_of_the_trusted_server_alone_proves_a_sender(cleo, trusted, header, is_theirs):
    EmailAddress.objects.filter(user=cleo).update(verified=True)
    receive(letter(cleo.email, Authentication_Results=header), trusted)
    assert Case.objects.get().customer == (cleo if is_theirs else None)


def test_only_the_uppermost_verdict_counts(cleo):
    EmailAddress.objects.filter(user=cleo).update(verified=True)
    raw = b"Authentication-Results: mx.example.net; dmarc=fail\nAuthentication-Results: mx.example.net; dmarc=pass\n"
    receive(raw + letter(cleo.email), "mx.example.net")
    assert Case.objects.get().customer is None


def test_an_answer_to_the_signed_address_is_its_customers(case, cleo, ada):
    conversation.reply(case, by=ada, body="Which till?")
    received = receive(
        answer(asked(case), cleo.email, "The left one.\n\nOn 3 Mar 2026 at 9:14, Ada wrote:\n> Which till?")
    )
    assert (received.outcome, received.mail.case) == (Outcome.CONTINUED, case)
    assert (received.mail.event.author, received.mail.event.role) == (cleo, Role.CUSTOMER)
    assert received.mail.event.body == "The left one."
    assert "> Which till?" in received.mail.folded


def test_without_the_signed_address_the_message_that_it_answers_proves_it_too(case, cleo):
    assert receive(answer(asked(case), cleo.email, To="support@127.0.0.1")).mail.event.author == cleo


def test_a_forged_token_is_not_one(case, cleo):
    forged = re.sub(r"-[a-f0-9]{20}", "-" + "0" * 20, asked(case).extra_headers["Reply-To"])
    event = receive(letter(cleo.email, To=forged)).mail.event
    assert (event.kind, event.author) == (Kind.NOTE, None)


def test_whoever_has_the_signed_address_of_another_is_read_by_agents_alone(case, mallory, cleo):
    received = receive(answer(asked(case), f"Mallory <{mallory.email}>"))
    assert received.mail.event.kind == Kind.NOTE
    assert who(received.mail.event) == f"Mallory <{mallory.email}>"
    assert not Event.objects.visible_to(cleo).filter(pk=received.mail.event.pk).exists()
    assert received.reason


def test_a_customer_whom_the_server_doubts_is_not_the_customer(case, cleo):
    raw = answer(asked(case), cleo.email, Authentication_Results="mx.example.net; dmarc=fail")
    assert receive(raw, "mx.example.net").mail.event.kind == Kind.NOTE


def test_an_address_that_only_stands_in_the_subject_proves_nothing(case, cleo):
    received = receive(letter(cleo.email, Subject=f"Re: [#{case.number}] x"))
    assert (received.mail.case, received.mail.event.kind) == (case, Kind.NOTE)


def test_a_number_in_the_subject_leads_a_stranger_nowhere(case):
    assert receive(letter(Subject=f"Re: [#{case.number}] x")).mail.case != case


def test_an_agent_answers_by_mail_and_a_note_stays_one(case, ada, cleo):
    from cases.actions import triage

    triage.assign(case, by=ada, assignee=ada)
    said = conversation.reply(case, by=cleo, body="Hello?")
    passed = {"Authentication_Results": "mx.example.net; dmarc=pass"}
    raw = answer(notice(said, ada, Why.REPLIED), ada.email, "We look into it.", **passed)
    event = receive(raw, "mx.example.net").mail.event
    assert (event.author, event.role, event.public) == (ada, Role.AGENT, True)
    note = conversation.add_note(case, by=ada, body="x")
    event = receive(answer(notice(note, ada, Why.MENTIONED), ada.email, "Between us.")).mail.event
    assert (event.author, event.kind) == (ada, Kind.NOTE)


def test_a_visitor_goes_on_by_mail_and_so_does_a_colleague_in_copy():
    first = receive(letter(Message_ID="<1@example.net>", Cc="Bert <bert@example.net>"))
    case = first.mail.case
    visitor = receive(answer(asked(case), "nora@example.net", "Still broken."))
    colleague = receive(
        letter(
            "Bert <bert@example.net>",
            "I see it too.",
            In_Reply_To="<1@example.net>",
            Message_ID="<2@example.net>",
        )
    )
    assert {one.outcome for one in (visitor, colleague)} == {Outcome.CONTINUED}
    assert [event.body for event in case.events.filter(kind=Kind.REPLY)] == [
        "It is broken.",
        "Still broken.",
        "I see it too.",
    ]
    assert (who(visitor.mail.event), who(colleague.mail.event)) == ("Nora Field", "Bert <bert@example.net>")
    assert is_visitors(colleague.mail.event)


@pytest.mark.parametrize("prefix", ["Re:", "AW:", "RE: Fwd:", "回复：", "SV:"])
def test_the_same_sender_with_the_same_subject_goes_on(prefix):
    case = receive(letter(Message_ID="<1@x>")).mail.case
    assert receive(letter(Subject=f"{prefix} The till", Message_ID="<2@x>")).mail.case == case
    assert (
        receive(letter("b@example.net", Subject=f"{prefix} The till", Message_ID="<3@x>")).mail.case != case
    )
    assert receive(letter(Message_ID="<4@x>")).mail.case != case


def test_a_case_that_was_proven_takes_its_visitors_answers_as_the_customers(claimed, cleo):
    message = asked(claimed)
    EmailAddress.objects.filter(user=cleo).update(verified=True)
    claims.prove(claimed, by=cleo)
    assert receive(answer(message, cleo.email)).mail.event.author == cleo


def test_the_same_message_twice_changes_nothing():
    raw = letter(Message_ID="<1@x>")
    first = receive(raw)
    count = Event.objects.count()
    again = receive(raw)
    assert (again.outcome, again.mail) == (Outcome.IGNORED, first.mail)
    assert again.mail.case == first.mail.case
    assert Event.objects.count() == count
    assert receive(b"Received: by another way\n" + raw.replace(b"\n", b"\r\n")).outcome == Outcome.IGNORED


def test_another_message_with_the_same_message_id_is_not_lost():
    first, second = (
        receive(letter(body=body, Message_ID="<alarm@printer.example>"))
        for body in ("Disk 1 is full.", "The building burns.")
    )
    assert first.mail.case != second.mail.case
    assert second.mail.event.body == "The building burns."


def test_an_answer_opens_what_was_just_closed_and_another_case_when_that_is_long_ago(
    case, cleo, ada, settings
):
    message = asked(case)
    resolution.resolve(case, by=ada, resolution="Fixed.")
    resolution.close(case, by=ada)
    assert receive(answer(message, cleo.email, "It is back.")).mail.case == case
    case.refresh_from_db()
    assert case.status == Status.OPEN
    resolution.resolve(case, by=ada, resolution="Fixed.")
    resolution.close(case, by=ada)
    settings.MAIL_REOPEN_DAYS = 0
    received = receive(answer(message, cleo.email, "Again.", Message_ID="<other@x>"))
    assert received.outcome == Outcome.OPENED
    assert received.mail.case.customer == cleo
    assert received.mail.case.events.filter(kind=Kind.LINKED).exists()


@pytest.mark.parametrize(
    "header", [{"Auto_Submitted": "auto-replied"}, {"Subject": "Automatic reply: The till"}]
)
def test_an_automatic_reply_is_noted_and_makes_no_mail(case, cleo, header):
    raw = answer(asked(case), cleo.email, "I am away.", **header)
    ProcrastinateJob.objects.all()._raw_delete("default")
    received = receive(raw)
    assert (received.outcome, received.mail.event.kind) == (Outcome.NOTED, Kind.NOTE)
    assert [name for name, _ in jobs() if "mail" in name] == []
    assert receive(letter(**header)).outcome == Outcome.IGNORED


def test_a_bounce_is_noted_in_the_case_of_the_mail_that_did_not_arrive(case):
    original = "\n".join(f"{name}: {value}" for name, value in asked(case).extra_headers.items())
    raw = (
        "From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\nNo such person.\n'
        f"--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b\nContent-Type: message/rfc822\n\n{original}\n\nHello\n--b--\n"
    )
    received = receive(raw.encode())
    assert (received.outcome, received.mail.case) == (Outcome.NOTED, case)
    assert "No such person." in received.mail.event.body


@pytest.mark.parametrize(
    "headers", [{"List_Id": "<news.example.net>"}, {"From": "Caseline <support@127.0.0.1>"}]
)
def test_lists_and_our_own_mail_make_nothing_and_are_kept(headers, kept):
    received = receive(letter(**{"sender": headers.pop("From", "a@example.net")} | headers))
    assert received.outcome == Outcome.IGNORED
    assert received.reason
    assert (kept / received.mail.stored).exists()
    assert not Case.objects.exists()


def test_what_a_program_sends_by_itself_opens_a_case_and_is_not_answered():
    assert receive(letter(Auto_Submitted="auto-generated")).outcome == Outcome.OPENED
    assert [name for name, _ in jobs() if "mail" in name] == []


def test_files_come_along_by_the_rules_of_files_and_what_is_left_out_is_named(settings):
    settings.ATTACHMENT_MB = 0
    settings.ATTACHMENT_MB = 1
    shot = base64.b64encode(picture()).decode()
    parts = [
        f'Content-Type: image/png; name="../shot.png"\nContent-Transfer-Encoding: base64\n\n{shot}',
        'Content-Type: text/plain; name="empty.txt"\nContent-Disposition: attachment; filename="empty.txt"\n\n',
        'Content-Type: application/x; name="large.bin"\n\n' + "x" * (1024 * 1024 + 1),
    ]
    body = "--b\n\nHello\n" + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"
    raw = f"From: a@example.net\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n{body}"
    received = receive(raw.encode())
    assert [one.name for one in Attachment.objects.filter(event=received.mail.event)] == ["shot.png"]
    assert Attachment.objects.get().content_type == "image/png"
    assert "empty.txt" in received.reason
    assert "large.bin" in received.reason


def test_the_original_is_kept_as_it_came(kept):
    raw = letter() + b"\xff\x00\r\n"
    received = receive(raw)
    assert (kept / received.mail.stored).read_bytes() == raw


@pytest.mark.parametrize("raw", [b"", b"\x00\x01\x02", b"no headers at all"])
def test_what_cannot_be_read_is_kept_and_said_so(raw, kept):
    received = receive(raw)
    assert received.outcome == Outcome.UNREADABLE
    assert received.reason
    assert (kept / received.mail.stored).read_bytes() == raw


def test_a_fault_of_ours_loses_nothing_and_one_of_the_database_lets_it_come_again(monkeypatch):
    monkeypatch.setattr(incoming, "say", lambda *args: 1 / 0)
    assert receive(letter(Message_ID="<1@x>")).outcome == Outcome.UNREADABLE

    def away(*args):
        raise OperationalError

    monkeypatch.setattr(incoming, "say", away)
    with pytest.raises(OperationalError):
        receive(letter(Message_ID="<2@x>"))
    monkeypatch.undo()
    assert receive(letter(Message_ID="<2@x>")).outcome == Outcome.OPENED


def test_what_breaks_its_reader_is_kept_as_it_came(monkeypatch, kept):
    real, raw = incoming.read, letter(Message_ID="<1@x>")
    monkeypatch.setattr(incoming, "read", lambda said: 1 / 0 if said else real(said))
    received = receive(raw)
    assert (received.outcome, receive(raw).outcome) == (Outcome.UNREADABLE, Outcome.IGNORED)
    assert (kept / received.mail.stored).read_bytes() == raw


@pytest.mark.parametrize("is_proven", [True, False])
def test_many_mails_of_one_sender_within_a_minute_become_few_cases(cleo, is_proven):
    EmailAddress.objects.filter(user=cleo).update(verified=is_proven)
    passed = {"Authentication_Results": "mx.example.net; dmarc=pass"}
    for number in range(8):
        alarm = letter(cleo.email, Subject=f"Alarm {number}", Message_ID=f"<{number}@x>", **passed)
        receive(alarm, "mx.example.net")
    assert Case.objects.filter(customer=cleo if is_proven else None).count() == Case.objects.count() == 2
    assert Event.objects.filter(kind=Kind.NOTE, case=Case.objects.earliest("pk")).count() == 6


def test_what_one_sender_writes_of_other_things_within_a_minute_opens_so_many_cases(monkeypatch):
    monkeypatch.setattr("cases.mail.inbound.MOST_IN_A_MINUTE", 3)
    for subject in ("Till", "Scale", "Printer", "Door", "Lamp"):
        receive(letter(Subject=subject, Message_ID=f"<{subject}@x>"))
    assert Case.objects.count() == 3
    assert Event.objects.filter(kind=Kind.NOTE, case=Case.objects.latest("pk")).count() == 2


@pytest.mark.parametrize("subject", ["", "Re:", "{}"])
def test_mails_whose_subjects_say_nothing_are_not_alike(subject):
    for number in range(4):
        raw = letter(
            body=f"Another problem: {number}", Subject=subject.format(number), Message_ID=f"<{number}@x>"
        )
        receive(raw)
    assert Case.objects.count() == 4


def test_whoever_forges_the_address_of_a_customer_does_not_brake_them(cleo):
    EmailAddress.objects.filter(user=cleo).update(verified=True)
    for number in range(11):
        receive(letter(cleo.email, Message_ID=f"<{number}@x>"))
    passed = {"Authentication_Results": "mx.example.net; dmarc=pass"}
    assert receive(letter(cleo.email, **passed), "mx.example.net").mail.case.customer == cleo


def test_a_mail_without_a_sender_opens_a_case_that_nobody_is_told_of():
    received = receive(b"Subject: help\n\nIt is broken.\n")
    assert (received.outcome, received.mail.case.claimed_email) == (Outcome.OPENED, "")


def test_a_stranger_mentions_no_agent(case, ada):
    raw = letter("x@example.net", "@Ada look", In_Reply_To=asked(case).extra_headers["Message-ID"])
    receive(raw)
    assert not ToMail.objects.exists()


def test_what_is_long_is_cut_with_a_word_and_kept_whole(kept):
    received = receive(letter(body="x " * 80_000))
    assert received.mail.event.body.endswith("(The rest of this email is in its original.)")
    assert len(received.mail.event.body) <= 100_000


def test_our_mail_can_be_answered_and_stays_in_its_thread(case, cleo, ada):
    receive(answer(asked(case), cleo.email, "Hello?", Message_ID="<theirs@example.com>"))
    said = conversation.reply(case, by=ada, body="Yes?")
    headers = message_about(said).extra_headers
    assert headers["In-Reply-To"] == "<theirs@example.com>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Reply-To"].startswith(f"support+case-{case.number}-{cleo.pk}-")
    assert re.fullmatch(r"<[!-;=?-~]+@[\w.]+>", headers["Message-ID"])


def test_a_message_id_is_valid_whatever_the_case_id_is(cleo, till):
    case = CaseFactory(customer=cleo, system=till)
    Case.objects.filter(pk=case.pk).update(reference="A case / <x> @ ü\t")
    case.refresh_from_db()
    assert re.fullmatch(r"<[a-z0-9.-]+@127.0.0.1>", asked(case).extra_headers["Message-ID"])


def test_without_a_reply_address_answers_go_to_where_mail_comes_from(case, settings):
    settings.MAIL_REPLY = ""
    assert "Reply-To" not in asked(case).extra_headers
