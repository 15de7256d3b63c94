"""Mail that a machine sent, or seems to have sent: nothing of a person is lost for it, and it ends and opens nothing."""

import base64

import pytest

from cases.actions import held_mail, requests, resolution
from cases.mail.outbound import message_about
from cases.models import Kind, Outcome, ReceivedMail, Request, Status
from tests.factories import picture

from .test_incoming import answer, asked, jobs, letter, receive

pytestmark = pytest.mark.django_db

LISTED = [{"List-Id": "<support.bakery.example>"}, {"Precedence": "list"}, {"Precedence": "bulk"}]


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


def with_picture(raw):
    return raw.replace(
        b"Content-Type: text/plain; charset=utf-8\n\n",
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: image/png; name="a.png"\n'
        b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(picture()) + b"\n--b\n\n",
    )


@pytest.mark.parametrize("headers", [*LISTED, {"Feedback-ID": "1.eu-west-1.abc=:AmazonSES"}])
def test_an_answer_to_our_signed_address_goes_on_whatever_passed_it_on(case, cleo, headers):
    got = receive(answer(asked(case), cleo.email, "Here it is.", **headers))
    assert (got.mail.case, got.mail.event.kind, got.mail.event.author) == (case, Kind.REPLY, cleo)


def test_files_that_came_by_a_list_are_in_the_case(case, cleo):
    raw = with_picture(answer(asked(case), cleo.email, List_Id="<support.bakery.example>"))
    assert len(receive(raw).mail.event.attachments) == 1


@pytest.mark.parametrize("headers", [*LISTED, {"Subject": "Automatic reply: The till"}])
def test_what_seems_to_be_of_a_machine_is_held_and_opens_a_case_once_it_is_rescued(headers, ada):
    got = receive(letter(**headers))
    assert got.outcome == Outcome.IGNORED
    assert ReceivedMail.objects.to_look_at().get() == got.mail
    assert held_mail.rescue(got.mail, by=ada).mail.case.claimed_email == "nora@example.net"
    assert not [name for name, _ in jobs() if name == "cases.tasks.mail_event"]


@pytest.mark.parametrize(
    "subject",
    ["On leave requests the app crashes", "Absence: I cannot enter one", "Vacation planner is down"],
)
def test_a_report_about_absences_is_none(subject):
    assert receive(letter(Subject=subject)).outcome == Outcome.OPENED


def test_mail_from_a_teams_own_address_is_held_and_can_be_rescued(team, ada):
    team.mail_address = "billing@bakery.example"
    team.save()
    got = receive(letter("Bea <billing@bakery.example>", "Please call the supplier."))
    assert ReceivedMail.objects.to_look_at().get() == got.mail
    assert held_mail.rescue(got.mail, by=ada).outcome == Outcome.OPENED
    assert not [name for name, _ in jobs() if name == "cases.tasks.mail_event"]


def test_our_own_mail_that_comes_back_is_not_held(case):
    got = receive(letter("support@127.0.0.1", Message_ID=asked(case).extra_headers["Message-ID"]))
    assert (got.outcome, got.mail.held, got.mail.case) == (Outcome.IGNORED, False, None)


RECEIPT = ("Your mail was received as ticket 77.", {"Auto-Submitted": "auto-generated"})


@pytest.mark.parametrize("end", [Status.RESOLVED, Status.CLOSED])
def test_a_machines_receipt_opens_no_case_again(case, cleo, ada, end):
    act = resolution.resolve(case, by=ada, resolution="Swapped.")
    message = message_about(act if end == Status.RESOLVED else resolution.close(case, by=ada))
    words, headers = RECEIPT
    got = receive(answer(message, cleo.email, words, **headers))
    case.refresh_from_db()
    assert (case.status, got.outcome, got.mail.event.kind, got.mail.event.body) == (
        end,
        Outcome.NOTED,
        Kind.NOTE,
        words,
    )


@pytest.mark.parametrize("with_files", [False, True])
def test_a_machines_receipt_gives_nothing_that_was_asked_for(case, cleo, ada, with_files):
    requests.ask(case, by=ada, what="the log")
    words, headers = RECEIPT
    raw = answer(asked(case), cleo.email, words, **headers)
    event = receive(with_picture(raw) if with_files else raw).mail.event
    assert event.kind == Kind.REPLY
    assert Request.objects.get().outcome == ""
