"""What we ask the customer for, and what becomes of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cases.actions import (
    conversation,
    requests,
    resolution,
)
from cases.actions.conversation import ReplyTerms
from cases.actions.events import history
from cases.clock.clocks import case_clocks
from cases.models import Case, Due, Kind, Policy, Refused, Role, Severity, Status, Target, WaitingOn
from cases.models.promise import PromiseTerms
from cases.queries.clock_events import events_of, moments
from cases.queries.service_levels import levels_of
from tests.factories import CaseFactory

HOUR = timedelta(hours=1)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def kinds(case):
    """What happened since the case was opened."""
    return list(case.events.order_by("sequence").values_list("kind", flat=True))[2:]


def asked(case, ada, *things):
    for what in things or ["a screenshot"]:
        requests.ask(case, by=ada, what=what)
    return fresh(case).open_requests


def outcomes(case):
    return {one.what: one.outcome for one in case.requests.all()}


def test_what_is_asked_for_waits_on_the_customer_and_returns_when_it_is_given(case, ada, cleo):
    requests.ask(case, by=ada, what=" A screenshot of the\npayment screen. ")
    [request] = fresh(case).open_requests
    assert request.what == "a screenshot of the payment screen"
    assert fresh(case).waiting_on == WaitingOn.CUSTOMER
    requests.fulfil(case, by=cleo, body="Here it is.", request=request.pk)
    assert (kinds(case), fresh(case).waiting_on) == (["requested", "given", "reply"], WaitingOn.US)
    assert (outcomes(case), fresh(case).open_requests) == ({request.what: "given"}, [])


def test_a_reply_that_promises_and_asks_leaves_the_turn_with_us(case, ada):
    word = PromiseTerms(timezone.now() + HOUR)
    conversation.reply(
        case, by=ada, body="Soon.", terms=ReplyTerms(promises=[word], asks=["the log file", "the log file"])
    )
    assert (kinds(case), fresh(case).waiting_on) == ([Kind.REPLY, Kind.REQUESTED], WaitingOn.US)
    assert fresh(case).promised_at == word.due_at


def test_a_reply_is_not_sent_when_what_it_asks_for_is_refused(case, ada):
    with pytest.raises(Refused, match="up to 5 open requests"):
        conversation.reply(case, by=ada, body="Please.", terms=ReplyTerms(asks=list("abcdef")))
    with pytest.raises(Refused, match="200 characters"):
        conversation.reply(case, by=ada, body="Please.", terms=ReplyTerms(asks=["x" * 201]))
    assert (kinds(case), case.requests.count()) == ([], 0)


def test_the_same_is_asked_for_once(case, ada, abe):
    assert requests.ask(case, by=ada, what="The log")
    assert requests.ask(case, by=abe, what="the log.") is None
    assert case.requests.count() == 1


@pytest.mark.parametrize("what", ["", "  ", "...", "\0"])
def test_nothing_is_not_asked_for(case, ada, what):
    with pytest.raises(Refused, match="Say what"):
        requests.ask(case, by=ada, what=what)


def test_in_a_case_that_is_over_nothing_is_asked_for(case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    with pytest.raises(Refused, match="Reopen it"):
        requests.ask(case, by=ada, what="the log")
    with pytest.raises(Refused, match="Reopen it"):
        conversation.reply(case, by=ada, body="Hm.", terms=ReplyTerms(asks=["the log"]))
    resolution.reopen(case, by=ada, body="Sorry.", terms=ReplyTerms(asks=["the log"]))
    assert outcomes(case) == {"the log": ""}


def test_an_ordinary_reply_answers_all_that_was_asked_for(case, ada, cleo):
    asked(case, ada, "the log", "a photo")
    conversation.reply(case, by=cleo, body="Both are on their way.")
    assert set(outcomes(case).values()) == {"given"}
    assert kinds(case)[-1] == Kind.REPLY


def test_an_agents_reply_and_a_colleagues_note_answer_nothing(case, ada, cleo):
    asked(case, ada, "the log")
    conversation.reply(case, by=ada, body="Still waiting.")
    conversation.add_note(case, by=ada, body="Hm.")
    assert outcomes(case) == {"the log": ""}


def test_what_is_given_in_its_own_place_answers_that_one_alone(case, ada, cleo):
    log, photo = asked(case, ada, "the log", "a photo")
    requests.fulfil(case, by=cleo, body="A photo.", request=photo.pk)
    assert outcomes(case) == {"the log": "", "a photo": "given"}
    requests.fulfil(case, by=cleo, body="The log.", request=log.pk)
    assert set(outcomes(case).values()) == {"given"}


def test_a_colleague_may_give_it(case, ada, carl):
    [request] = asked(case, ada)
    requests.fulfil(case, by=carl, body="Here.", request=request.pk)
    assert case.events.get(kind=Kind.GIVEN).author == carl


def test_an_agent_gives_nothing_to_themselves(case, ada, abe):
    [request] = asked(case, ada)
    requests.fulfil(case, by=abe, body="They called.", request=request.pk)
    assert (kinds(case)[-1], outcomes(case)) == (Kind.REPLY, {"a screenshot": ""})


def test_an_answer_that_is_sent_twice_counts_once(case, ada, cleo):
    [request] = asked(case, ada)
    token = uuid4()
    assert requests.fulfil(case, by=cleo, body="Here.", request=request.pk, token=token)
    assert requests.fulfil(case, by=cleo, body="Here.", request=request.pk, token=token) is None
    assert kinds(case) == ["requested", "given", "reply"]


def test_an_answer_to_a_withdrawn_request_is_a_reply_and_answers_nothing_else(case, ada, cleo):
    photo, _ = asked(case, ada, "a photo", "the log")
    requests.withdraw(case, by=ada, request=photo.pk)
    requests.fulfil(case, by=cleo, body="A photo.", request=photo.pk)
    assert outcomes(case) == {"a photo": "withdrawn", "the log": ""}
    assert case.events.order_by("-sequence")[0].body == "A photo."
    assert (fresh(case).waiting_on, kinds(case)[-1]) == (WaitingOn.US, Kind.REPLY)


@pytest.mark.parametrize("over", ["resolve", "close"])
def test_an_answer_after_the_end_opens_the_case_again(case, ada, cleo, over):
    [request] = asked(case, ada)
    if over == "resolve":
        resolution.resolve(case, by=ada, resolution="Done.")
    else:
        resolution.close(case, by=ada)
    assert outcomes(case) == {"a screenshot": "withdrawn"}
    token = uuid4()
    requests.fulfil(case, by=cleo, body="Here.", request=request.pk, token=token)
    assert requests.fulfil(case, by=cleo, body="Here.", request=request.pk, token=token) is None
    assert (fresh(case).status, fresh(case).waiting_on) == (Status.OPEN, WaitingOn.US)
    assert case.events.filter(kind=Kind.REPLY, body="Here.").count() == 1


def test_the_last_withdrawal_returns_the_case(case, ada):
    photo, log = asked(case, ada, "a photo", "the log")
    requests.withdraw(case, by=ada, request=photo.pk)
    assert fresh(case).waiting_on == WaitingOn.CUSTOMER
    assert requests.withdraw(case, by=ada, request=log.pk)
    assert fresh(case).waiting_on == WaitingOn.US
    assert requests.withdraw(case, by=ada, request=log.pk) is None


def test_what_an_imported_customer_wrote_answers_nothing(case, ada):
    asked(case, ada)
    with history(timezone.now() - HOUR):
        conversation.reply(case, by=None, role=Role.CUSTOMER, body="Old.")
    assert outcomes(case) == {"a screenshot": ""}


# The clock


@pytest.fixture
def policy(db):
    policy = Policy.objects.create(name="Standard", usual=True)
    Target.objects.create(
        policy=policy, severity=Severity.HIGH, first_response=60, next_update=120, resolution=480
    )


def test_the_clock_pauses_for_what_is_asked_and_runs_on_after_the_answer(policy, ada, cleo):
    case = CaseFactory(customer=cleo)
    conversation.reply(
        case,
        by=ada,
        body="Could you?",
        terms=ReplyTerms(promises=[], asks=["a screenshot of the payment screen"]),
    )
    assert fresh(case).due_at is None
    requests.fulfil(case, by=cleo, body="Here.", request=fresh(case).open_requests[0].pk)
    assert fresh(case).due_for == Due.NEXT_UPDATE


def test_the_pause_says_what_is_waited_for(policy, ada, cleo):
    case = CaseFactory(customer=cleo)

    def pause():
        levels = levels_of(case)
        clocks = case_clocks(
            levels.targets(case.severity), levels.calendar, moments(events_of(case)), timezone.now()
        )
        return clocks.resolution.pause

    photo, log = asked(case, ada, "a photo", "the log file")
    assert pause() == "waiting for a photo and the log file"
    requests.withdraw(case, by=ada, request=photo.pk)
    assert pause() == "waiting for the log file"
    conversation.reply(case, by=ada, body="Well?", terms=ReplyTerms(promises=[]))
    assert pause() == "waiting for the log file"
    requests.withdraw(case, by=ada, request=log.pk)
    assert pause() == ""
    photo, log = asked(case, ada, "a photo", "the log file")
    requests.fulfil(case, by=cleo, body="Here.", request=photo.pk)
    assert pause() == ""
    conversation.reply(case, by=ada, body="Thanks. And the log?", terms=ReplyTerms(promises=[]))
    assert pause() == "waiting for the log file"
    conversation.reply(case, by=cleo, body="I have none.")
    conversation.reply(case, by=ada, body="I see.", terms=ReplyTerms(promises=[]))
    assert pause() == "waiting for the customer"


# The reminder, and closing
