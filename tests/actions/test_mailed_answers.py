"""Who only ever uses mail can do what the page offers: confirm, say not yet, rate, give what was asked for. Agents
answer and promise by mail."""

import base64
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from cases.actions import conversation, requests, resolution
from cases.actions.events import history
from cases.mail.outbound import message_about
from cases.models import Kind, Outcome, Promise, Rating, Request, Role, Status, User
from cases.wording.events import who
from tests.factories import picture

from .test_incoming import answer, asked, letter, receive
from .test_incoming_roles import MX, PASS, proven, to_agent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


@pytest.fixture
def resolved(case, ada):
    """Our mail that asks whether it is fixed."""
    return message_about(resolution.resolve(case, by=ada, resolution="Restarted."))


def test_yes_closes_the_case_as_the_page_does(case, cleo, resolved):
    received = receive(answer(resolved, cleo.email, "Yes, thanks!\n\n> Did this fix it?"))
    case.refresh_from_db()
    assert (case.status, received.mail.event.kind) == (Status.CLOSED, Kind.CONFIRMED)
    assert (received.mail.event.author, received.mail.event.details["mail"]) == (cleo, str(received.mail.key))


@pytest.mark.parametrize("sender", ["cleo@example.com", "C. M. <cleo@example.com>"])
def test_yes_counts_under_a_name_that_their_program_does_not_send(case, cleo, resolved, sender):
    event = receive(answer(resolved, sender, "Yes, it works. Thank you!\nCleo")).mail.event
    assert event.kind == Kind.CONFIRMED


def test_yes_twice_is_noted_and_opens_nothing(case, cleo, resolved):
    receive(answer(resolved, cleo.email, "Ja"))
    received = receive(answer(resolved, cleo.email, "Yes."))
    case.refresh_from_db()
    assert (case.status, received.outcome) == (Status.CLOSED, Outcome.NOTED)


def test_yes_to_an_earlier_question_is_an_answer_to_that(case, cleo, ada):
    with history(timezone.now() - timedelta(minutes=10)):
        question = conversation.reply(case, by=ada, body="Is it the left one?")
    resolution.resolve(case, by=ada, resolution="Restarted.")
    assert receive(answer(message_about(question), cleo.email, "Yes")).mail.event.kind == Kind.REPLY


def test_not_yet_opens_it_again(case, cleo, resolved):
    event = receive(answer(resolved, cleo.email, "Noch nicht")).mail.event
    case.refresh_from_db()
    assert (case.status, event.kind) == (Status.OPEN, Kind.DECLINED)


def test_what_says_more_than_yes_is_a_reply(case, cleo, resolved):
    event = receive(answer(resolved, cleo.email, "Yes, but the second till still refuses.")).mail.event
    case.refresh_from_db()
    assert (case.status, event.kind) == (Status.OPEN, Kind.REPLY)


def test_yes_of_somebody_who_only_says_to_be_the_customer_closes_nothing(case, cleo, mallory, resolved):
    for raw in (
        answer(resolved, mallory.email, "Yes"),
        letter(cleo.email, "Yes", Subject=f"Re: [#{case.number}]"),
    ):
        assert receive(raw).mail.event.kind == Kind.NOTE
    case.refresh_from_db()
    assert case.status == Status.RESOLVED


def test_a_visitor_confirms_by_the_mail_that_they_got(ada):
    case = receive(letter()).mail.case
    resolved = message_about(resolution.resolve(case, by=ada, resolution="Restarted."))
    event = receive(answer(resolved, "nora@example.net", "Yes")).mail.event
    assert (event.kind, who(event)) == (Kind.CONFIRMED, "Nora Field")


def test_a_word_rates_the_help_once_the_case_is_closed(case, cleo, ada, resolved):
    closed = message_about(resolution.close(case, by=ada))
    event = receive(answer(closed, cleo.email, "Sehr gut, danke!")).mail.event
    assert (event.kind, Rating.objects.get().good) == (Kind.RATED, True)
    assert receive(answer(closed, cleo.email, "bad")).outcome == Outcome.NOTED
    assert Rating.objects.get().good


def test_a_colleague_rates_nothing_by_mail(case, cleo, carl, ada, resolved):
    receive(answer(resolved, cleo.email, "Yes"))
    receive(answer(resolved, carl.email, "Bad"))
    assert not Rating.objects.exists()


def test_a_file_in_an_answer_fulfils_what_was_asked_for(case, cleo, ada):
    message = message_about(requests.ask(case, by=ada, what="a photo"))
    png = base64.b64encode(picture()).decode()
    raw = answer(message, cleo.email).replace(
        b"Content-Type: text/plain; charset=utf-8\n\nHere it is.",
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nHere it is.\n--b\n'
        b'Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\n'
        + png.encode()
        + b"\n--b--",
    )
    event = receive(raw).mail.event
    assert (event.body, len(event.attachments)) == ("Here it is.", 1)
    assert Request.objects.get().outcome == Request.Outcome.GIVEN
    assert case.events.filter(kind=Kind.GIVEN, details__request="a photo").exists()


def test_what_an_agent_promises_by_mail_counts_by_the_clock_of_their_program(case, ada, cleo):
    message = to_agent(case, ada, cleo)
    proven(ada)
    date = "Mon, 30 Nov 2026 09:00:00 +0900"
    raw = answer(message, ada.email, "We will update you in 2 hours.", Date=date, **PASS)
    event = receive(raw, MX).mail.event
    assert (event.role, event.author) == (Role.AGENT, ada)
    promise = Promise.objects.get()
    assert promise.outcome == Promise.Outcome.RUNNING
    case.refresh_from_db()
    assert case.promised_at == promise.due_at


def test_a_first_word_makes_an_agents_mail_a_note(case, ada, cleo):
    raw = answer(to_agent(case, ada, cleo), ada.email, "Note: they never pay.", **PASS)
    event = receive(raw, MX).mail.event
    assert (event.kind, event.author, event.body) == (Kind.NOTE, ada, "they never pay.")
    assert receive(answer(asked(case), cleo.email, "Note: it is the left one.")).mail.event.kind == Kind.REPLY


def test_who_has_only_the_message_id_of_an_agents_mail_does_not_speak_for_them(case, ada, cleo):
    message = to_agent(case, ada, cleo)
    raw = answer(message, ada.email, "Send us your password.", To="support@127.0.0.1")
    event = receive(raw).mail.event
    assert (event.kind, event.author) == (Kind.NOTE, None)


def test_who_has_the_signed_address_of_an_agent_does_not_speak_for_them_either(case, ada, cleo):
    message = to_agent(case, ada, cleo)  # all whom Ada puts in copy of her answer read where it answers to
    received = receive(answer(message, ada.email, "Send us your password."))
    assert (received.mail.event.kind, received.mail.event.author) == (Kind.NOTE, None)
    assert "vouches" in received.reason
    assert "or that our mail server can’t verify" in " ".join(message.body.split())


def test_an_agent_who_has_yet_to_set_up_a_second_factor_answers_nobody_by_mail(case, ada, cleo, settings):
    message = to_agent(case, ada, cleo)
    settings.SECOND_FACTOR_ROLES = [User.Role.AGENT]
    settings.SECOND_FACTOR_DAYS = 0
    event = receive(answer(message, ada.email, "Try again.", **PASS), MX).mail.event
    assert (event.kind, event.author) == (Kind.NOTE, None)


def test_what_stands_below_our_line_is_no_answer_however_a_program_quotes(case, ada, cleo):
    message = to_agent(case, ada, cleo)
    assert 'begin with "note:"' in message.body
    event = receive(answer(message, ada.email, f"Try again.\n\n{message.body}", **PASS), MX).mail.event
    assert (event.role, event.body) == (Role.AGENT, "Try again.")


def test_a_reply_to_a_case_closed_long_ago_opens_a_linked_one(case, cleo, ada, resolved):
    resolution.close(case, by=ada)
    type(case).objects.update(resolved_at=timezone.now() - timedelta(days=settings.MAIL_REOPEN_DAYS + 1))
    received = receive(answer(resolved, cleo.email, "It is back."))
    assert received.outcome == Outcome.OPENED
    assert received.mail.case != case
