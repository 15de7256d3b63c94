"""An agent forwards parts of a case to a vendor, whose answer agents alone read."""

import pytest
from django.core import mail
from django.urls import reverse

from cases import tasks
from cases.actions import attachments, conversation, copies, erased_cases, resolution
from cases.models import Event, Kind, ReceivedMail
from cases.wording.events import sentence, who
from tests.actions.test_incoming import answer, jobs, receive
from tests.actions.test_incoming_roles import MX, PASS, proven
from tests.factories import upload

pytestmark = pytest.mark.django_db
VENDOR = "help@vendor.example"
CARD = "My card is 4111 1111 1111 1111."


@pytest.fixture
def forward(case, ada, browser_of):
    """Ada posts the form: the answer of the page."""

    def post(**fields):
        return browser_of(ada).post(reverse("desk_forward", args=[case.number]), {"address": VENDOR} | fields)

    return post


def letter():
    """What the vendor gets."""
    mail.outbox.clear()
    for name, args in jobs():
        if name == "cases.tasks.mail_beside":
            tasks.mail_beside(None, **args)
    (message,) = mail.outbox
    return message


def test_what_was_chosen_goes_out_and_nothing_else(case, cleo, ada, forward):
    note = conversation.add_note(case, by=ada, body="They never pay.")
    said = conversation.reply(
        case, by=cleo, body="It is the red one.", attachments=[attachments.receive(upload(), by=cleo)]
    )
    page = forward(words="Do you know this?", messages=[said.sequence], attached=[str(said.files.get().key)])
    assert page.status_code == 302
    message = letter()
    assert message.to == [VENDOR]
    assert "Do you know this?" in message.body
    assert "It is the red one." in message.body
    assert "http" not in message.body
    assert note.body not in message.body
    assert [file.filename for file in message.attachments] == ["shot.png"]
    event = case.events.get(kind=Kind.FORWARDED)
    assert sentence(event) == f"Ada forwarded 1 message and 1 file to {VENDOR}"


def test_the_answer_is_a_note_with_a_name_whatever_address_it_comes_from(
    case, cleo, ada, forward, browser_of
):
    forward(words="Do you know this?")
    message = letter()
    for sender in (f"Vera <{VENDOR}>", "Ticket 12 <bot@vendor.example>"):
        event = receive(answer(message, sender, "Replace the cable.", Precedence="bulk")).mail.event
        assert (event.case, event.kind, event.author, who(event)) == (case, Kind.NOTE, None, sender)
    page = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert "vendor" not in page
    assert not Event.objects.visible_to(cleo).filter(kind__in=(Kind.NOTE, Kind.FORWARDED)).exists()
    assert ada.notices.filter(event=event).exists()


def test_an_outsiders_yes_confirms_nothing_and_their_token_is_no_customers(case, cleo, carl, ada, forward):
    proven(carl)  # who sees the case, and got the vendor's mail
    resolution.resolve(case, by=ada, resolution="Restarted.")
    forward(words="Do you know this?")
    message = letter()
    assert "case-" not in str(message.extra_headers).replace("@", "")
    for sender in (VENDOR, cleo.email, carl.email):
        assert receive(answer(message, sender, "Yes", **PASS), MX).mail.event.kind == Kind.NOTE


def test_it_asks_before_secrets_that_were_chosen_or_typed(case, cleo, forward):
    said = conversation.reply(case, by=cleo, body=CARD)
    for fields in ({"messages": [said.sequence]}, {"words": CARD}):
        page = forward(**fields)
        assert page.status_code == 422
        assert "looks like" in page.text
        assert VENDOR in page.text
    forward(messages=[said.sequence], secrets="remove")
    assert "4111" not in letter().body


def test_a_mistake_keeps_what_was_typed_and_chosen(case, cleo, forward):
    said = conversation.reply(case, by=cleo, body="It is the red one.")
    page = forward(address="help at vendor", words="Do you know this?", messages=[said.sequence])
    assert page.status_code == 422
    assert "help at vendor" in page.text
    assert "Do you know this?" in page.text
    assert f'value="{said.sequence}" checked' in page.text


def test_it_goes_to_nobody_who_reads_the_case_anyway(case, cleo, abe, forward):
    copies.add(case, by=cleo, address="bert@elsewhere.example")
    for address in (
        cleo.email,
        abe.email,
        "bert@elsewhere.example",
        "support@127.0.0.1",
        "no-reply@vendor.example",
    ):
        assert forward(address=address, words="Look.").status_code == 422
    assert not case.events.filter(kind=Kind.FORWARDED).exists()


def test_retention_takes_the_outsider_out_too(case, ada, forward):
    forward(words="Do you know this?")
    receive(answer(letter(), f"Vera <{VENDOR}>", "No."))
    resolution.resolve(case, by=ada, resolution="Restarted.")
    resolution.close(case, by=ada)
    erased_cases.anonymise(case)
    assert VENDOR not in str(list(Event.objects.values("details", "body")))
    assert VENDOR not in str(list(ReceivedMail.objects.values()))
    mail.outbox.clear()
    tasks.mail_beside(None, event=case.events.get(kind=Kind.FORWARDED).pk)  # a job that had waited
    assert not mail.outbox
