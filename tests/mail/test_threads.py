"""Programs of mail show a case as one conversation, and nothing that people write gets into a header of its own."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, removal
from cases.actions.importing import import_document
from cases.mail.letter import letter_of
from cases.mail.outbound import message_about
from cases.models import Case, ReceivedMail
from cases.transcripts.document import Document, Message
from tests.factories import CaseFactory

from .letters import do_jobs

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "<AM0PR07MB4321" + "0" * 120 + "@AM0PR07MB4321.eurprd07.prod.outlook.com>"
INJECTION = (
    "Hello\r\nBcc: all@example.com\r\n\r\n<b>=?utf-8?q?x=0D=0ABcc=3A_all=40example=2Ecom?= \x00\u2028 b"
)


def raw(message):
    return message.message(policy=email.policy.SMTP).as_bytes()


def test_long_message_ids_stay_as_they_are():
    headers = {"Message-ID": LONG, "In-Reply-To": LONG, "References": f"{LONG} {LONG}"}
    sent = raw(letter_of("Hello.", subject="x", to="cleo@example.com", headers=headers))
    assert f"In-Reply-To: {LONG}\r\n".encode() in sent
    assert f"References: {LONG}\r\n {LONG}\r\n".encode() in sent
    assert max(map(len, sent.splitlines())) < 998


def test_every_mail_of_a_case_names_the_one_that_began_it_and_none_is_answered_by_a_machine(
    case, ada, visitor
):
    conversation.reply(case, by=ada, body="Which till?")
    visitor.post(reverse("account_request_login_code"), {"email": case.customer.email})
    do_jobs()
    code, opened, answer = sorted(
        (one.extra_headers for one in mail.outbox), key=lambda one: "References" in one
    )
    assert opened["References"] == answer["References"] == answer["In-Reply-To"]
    assert opened["Message-ID"] != answer["Message-ID"]
    for headers in (opened, answer, code):
        assert headers["Auto-Submitted"] == "auto-generated"
        assert headers["X-Auto-Response-Suppress"] == "OOF, AutoReply"


@pytest.mark.parametrize(
    "theirs", ["a b@example.com", "x\r\nBcc: all@example.com", "ü@example.com", "x" * 490]
)
def test_what_a_header_cannot_name_is_left_out(case, ada, theirs):
    ReceivedMail.objects.create(
        case=case, sender=case.customer.email, message_id=theirs, verdict="", digest="1", size=1
    )
    message = message_about(conversation.reply(case, by=ada, body="Which till?"))
    assert message.extra_headers["References"].count("<") == 1
    raw(message).decode("ascii")


def test_what_people_write_makes_no_header_whatever_it_is(ada, cleo, till):
    cleo.name = INJECTION[:100].replace("\x00", "")
    cleo.save()
    case = CaseFactory(customer=cleo, system=till, summary=INJECTION.replace("\x00", ""))
    sent = email.message_from_bytes(
        raw(message_about(conversation.reply(case, by=ada, body=INJECTION.replace("\x00", "")))),
        policy=email.policy.default,
    )
    assert sorted(set(sent.keys()) - {"Content-Type", "MIME-Version"}) == [
        "Auto-Submitted", "Date", "From", "In-Reply-To", "Message-ID", "References", "Reply-To", "Subject", "To",
        "X-Auto-Response-Suppress",
    ]  # fmt: skip
    assert sent["To"] == cleo.email


@pytest.mark.parametrize("reference", ["A\r\nBcc: all@example.com", "<x@y>", "Fälle 17", "x" * 200])
def test_a_case_id_is_in_no_header(reference, ada):
    document = Document(case_id=reference, issue_summary="Cards", contact_email="olga@example.com")
    case = import_document(document).case
    sent = raw(message_about(conversation.reply(case, by=ada, body="Hello.")))
    assert reference.encode() not in sent
    assert b"Bcc" not in sent


class TestTheSubject:
    FIRST = Document(
        case_id="OLD-17",
        created_at=timezone.now() - timedelta(days=3),
        issue_summary="Cards are refused",
        contact_email="olga@example.com",
        messages=(Message("customer", timezone.now() - timedelta(days=3), "No card works."),),
    )

    def subject(self, case, ada):
        case = Case.objects.get(pk=case.pk)
        return message_about(conversation.reply(case, by=ada, body="Hello.")).subject

    def test_stays_when_a_newer_document_names_the_case_anew(self, ada):
        case = import_document(self.FIRST).case
        before = self.subject(case, ada)
        for name in ("Cards are refused at till 2", "No card works"):
            newer = {"issue_summary": name, "generated_at": timezone.now()}
            import_document(Document(**self.FIRST.__dict__ | newer))
            assert Case.objects.get(pk=case.pk).summary == name
            assert self.subject(case, ada) == before == f"[#{case.number}] Cards are refused"

    def test_loses_what_was_removed_from_it(self, ada, cleo, till):
        case = CaseFactory(customer=cleo, system=till, summary="My password is hunter2")
        said = conversation.reply(case, by=cleo, body="It is hunter2.")
        removal.remove_passage(case, by=ada, event=said.sequence, passage="hunter2")
        assert self.subject(case, ada) == f"[#{case.number}] My password is [removed]"
