"""What we ask the customer for, and what becomes of it."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from cases.actions import (
    auto_close,
    conversation,
    escalations,
    giving,
    promises,
    requests,
    resolution,
    snooze,
)
from cases.actions.events import history
from cases.clock.clocks import case_clocks
from cases.models import Case, Due, Kind, Policy, Refused, Request, Role, Severity, Status, Target, WaitingOn
from cases.models.promise import Word
from cases.queries.clock_events import events_of, moments
from cases.queries.service_levels import levels_of
from cases.tasks import keep_time
from tests.factories import CaseFactory, TeamFactory

HOUR = timedelta(hours=1)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def kinds(case):
    """What happened since the case was opened."""
    return list(case.events.order_by("sequence").values_list("kind", flat=True))[2:]


def asked(case, ada, *things):
    for what in things or ["a screenshot"]:
        requests.ask(case, by=ada, what=what)
    return fresh(case).wanted


def outcomes(case):
    return {one.what: one.outcome for one in case.requests.all()}


def test_what_is_asked_for_waits_on_the_customer_and_returns_when_it_is_given(case, ada, cleo):
    requests.ask(case, by=ada, what=" A screenshot of the\npayment screen. ")
    [request] = fresh(case).wanted
    assert request.what == "a screenshot of the payment screen"
    assert fresh(case).waiting_on == WaitingOn.CUSTOMER
    giving.give(case, by=cleo, body="Here it is.", request=request.pk)
    assert (kinds(case), fresh(case).waiting_on) == (["requested", "given", "reply"], WaitingOn.US)
    assert (outcomes(case), fresh(case).wanted) == ({request.what: "given"}, [])


def test_a_reply_that_promises_and_asks_leaves_the_turn_to_the_customer(case, ada):
    word = Word(timezone.now() + HOUR)
    conversation.reply(case, by=ada, body="Soon.", promises=[word], asks=["the log file", "the log file"])
    assert (kinds(case), fresh(case).waiting_on) == ([Kind.REPLY, Kind.REQUESTED], WaitingOn.CUSTOMER)
    assert fresh(case).promised_at == word.due_at


def test_a_reply_is_not_sent_when_what_it_asks_for_is_refused(case, ada):
    with pytest.raises(Refused, match="5 requests at most"):
        conversation.reply(case, by=ada, body="Please.", asks=list("abcdef"))
    with pytest.raises(Refused, match="200 characters"):
        conversation.reply(case, by=ada, body="Please.", asks=["x" * 201])
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
        conversation.reply(case, by=ada, body="Hm.", asks=["the log"])
    resolution.reopen(case, by=ada, body="Sorry.", asks=["the log"])
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
    giving.give(case, by=cleo, body="A photo.", request=photo.pk)
    assert outcomes(case) == {"the log": "", "a photo": "given"}
    giving.give(case, by=cleo, body="The log.", request=log.pk)
    assert set(outcomes(case).values()) == {"given"}


def test_a_colleague_may_give_it(case, ada, carl):
    [request] = asked(case, ada)
    giving.give(case, by=carl, body="Here.", request=request.pk)
    assert case.events.get(kind=Kind.GIVEN).author == carl


def test_an_agent_gives_nothing_to_themselves(case, ada, abe):
    [request] = asked(case, ada)
    giving.give(case, by=abe, body="They called.", request=request.pk)
    assert (kinds(case)[-1], outcomes(case)) == (Kind.REPLY, {"a screenshot": ""})


def test_an_answer_that_is_sent_twice_counts_once(case, ada, cleo):
    [request] = asked(case, ada)
    token = uuid4()
    assert giving.give(case, by=cleo, body="Here.", request=request.pk, token=token)
    assert giving.give(case, by=cleo, body="Here.", request=request.pk, token=token) is None
    assert kinds(case) == ["requested", "given", "reply"]


def test_an_answer_to_a_withdrawn_request_is_a_reply_and_answers_nothing_else(case, ada, cleo):
    photo, _ = asked(case, ada, "a photo", "the log")
    requests.withdraw(case, by=ada, request=photo.pk)
    giving.give(case, by=cleo, body="A photo.", request=photo.pk)
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
    giving.give(case, by=cleo, body="Here.", request=request.pk, token=token)
    assert giving.give(case, by=cleo, body="Here.", request=request.pk, token=token) is None
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
        case, by=ada, body="Could you?", promises=[], asks=["a screenshot of the payment screen"]
    )
    assert fresh(case).due_at is None
    giving.give(case, by=cleo, body="Here.", request=fresh(case).wanted[0].pk)
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
    conversation.reply(case, by=ada, body="Well?", promises=[])
    assert pause() == "waiting for the log file"
    requests.withdraw(case, by=ada, request=log.pk)
    assert pause() == ""
    photo, log = asked(case, ada, "a photo", "the log file")
    giving.give(case, by=cleo, body="Here.", request=photo.pk)
    assert pause() == ""
    conversation.reply(case, by=ada, body="Thanks. And the log?", promises=[])
    assert pause() == "waiting for the log file"
    conversation.reply(case, by=cleo, body="I have none.")
    conversation.reply(case, by=ada, body="I see.", promises=[])
    assert pause() == "waiting for the customer"


# The reminder, and closing


@pytest.fixture
def later(monkeypatch):
    """Lets the clock's job run as if it were so many hours later."""
    started = timezone.now()

    def pass_(hours):
        monkeypatch.setattr("django.utils.timezone.now", lambda: started + hours * HOUR)
        keep_time(0)

    return pass_


def test_after_a_time_the_customer_is_reminded_once_and_told_when_the_case_closes(case, ada, later):
    asked(case, ada, "the log", "a photo")
    later(47)
    assert Kind.REMINDED not in kinds(case)
    later(49)
    later(50)
    assert kinds(case) == ["requested", "requested", "reminded"]
    event = case.events.get(kind=Kind.REMINDED)
    assert (event.body, event.public, event.role) == ("the log and a photo", True, Role.SYSTEM)
    assert fresh(case).closes_at == event.at + 120 * HOUR
    assert fresh(case).waiting_on == WaitingOn.CUSTOMER


def test_without_an_answer_it_closes_once_with_a_kind_word(case, ada, later):
    asked(case, ada, "the log")
    later(49)
    later(49 + 119)
    assert fresh(case).is_active
    later(49 + 121)
    later(49 + 122)
    case = fresh(case)
    assert (case.status, case.closes_at, kinds(case).count("closed")) == (Status.CLOSED, None, 1)
    assert case.events.get(kind=Kind.CLOSED).body.startswith("We waited for the log and could not go on")
    assert outcomes(case) == {"the log": "unanswered"}


def test_after_long_downtime_the_reminder_comes_first_and_the_full_time_after_it(case, ada, later):
    asked(case, ada)
    later(5000)
    assert kinds(case)[-1] == Kind.REMINDED
    later(5000 + 119)
    assert fresh(case).is_active
    later(5000 + 121)
    assert fresh(case).status == Status.CLOSED


def test_any_answer_ends_the_waiting(case, ada, cleo, later):
    asked(case, ada)
    later(49)
    conversation.reply(case, by=cleo, body="I am back.")
    assert fresh(case).closes_at is None
    later(500)
    assert fresh(case).is_active
    assert kinds(case)[-1] == Kind.REPLY


def test_any_answer_after_the_closing_opens_it_again(case, ada, cleo, later):
    [request] = asked(case, ada)
    later(49)
    later(500)
    giving.give(case, by=cleo, body="Here.", request=request.pk)
    assert (fresh(case).status, fresh(case).closes_at) == (Status.OPEN, None)


def test_our_own_word_sets_the_time_anew(case, ada, later):
    asked(case, ada)
    later(40)
    conversation.reply(case, by=ada, body="Did you find it?")
    later(60)
    assert kinds(case)[-1] == Kind.REPLY
    later(40 + 49)
    assert kinds(case)[-1] == Kind.REMINDED
    conversation.reply(case, by=ada, body="Take your time.")
    assert fresh(case).closes_at is None
    later(40 + 49 + 49)
    assert kinds(case)[-1] == Kind.REMINDED
    assert fresh(case).closes_at


def test_who_has_given_a_part_is_not_reminded_while_it_is_our_turn(case, ada, cleo, later):
    photo, _ = asked(case, ada, "a photo", "the log")
    giving.give(case, by=cleo, body="A photo.", request=photo.pk)
    later(49)
    assert Kind.REMINDED not in kinds(case)
    conversation.reply(case, by=ada, body="Thanks. And the log?")
    later(49 + 49)
    assert kinds(case)[-1] == Kind.REMINDED


def test_a_promise_by_hand_stops_the_closing(case, ada, later):
    asked(case, ada)
    later(49)
    promises.promise(case, by=ada, due_at=timezone.now() + HOUR)
    assert fresh(case).closes_at is None


def test_sleep_is_the_desks_own_affair_and_the_closing_ends_it(case, ada, later):
    asked(case, ada)
    snooze.snooze(case, by=ada, until=timezone.now() + 300 * HOUR)
    later(49)
    assert kinds(case)[-1] == Kind.REMINDED
    later(49 + 121)
    assert (fresh(case).status, fresh(case).snoozed_until) == (Status.CLOSED, None)


def test_nothing_is_reminded_of_and_nothing_closes_where_the_settings_say_so(case, ada, later, settings):
    settings.CLOSE_HOURS = 0
    asked(case, ada)
    later(49)
    assert (kinds(case)[-1], fresh(case).closes_at) == (Kind.REMINDED, None)
    settings.REMIND_HOURS = 0
    other = CaseFactory(customer=case.customer)
    asked(other, ada)
    later(5000)
    assert kinds(other) == ["requested"]


def test_a_reminder_that_was_switched_off_meanwhile_does_not_go_out(case, ada, later, settings):
    asked(case, ada)
    settings.REMIND_HOURS = 0
    later(49)
    assert kinds(case) == ["requested"]


def test_a_resolved_case_takes_no_closing_time_along(case, ada, later, settings):
    settings.CONFIRM_HOURS = 0
    asked(case, ada)
    later(49)
    resolution.resolve(case, by=ada, resolution="Found it.")
    assert fresh(case).closes_at is None


def test_whatever_set_the_time_the_case_closes_by_it(case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    Case.objects.filter(pk=case.pk).update(closes_at=timezone.now() - HOUR)
    keep_time(0)
    assert fresh(case).status == Status.CLOSED
    assert "fixed" in case.events.get(kind=Kind.CLOSED).body


def test_a_bounded_number_is_done_at_once(ada, cleo, monkeypatch, later, django_assert_max_num_queries):
    monkeypatch.setattr("cases.tasks.MOST_RIPE", 3)
    cases = [CaseFactory(customer=cleo) for _ in range(5)]
    for case in cases:
        asked(case, ada)
    later(49)
    assert sum(Kind.REMINDED in kinds(case) for case in cases) == 3
    later(49)
    assert all(Kind.REMINDED in kinds(case) for case in cases)


def test_one_that_fails_does_not_stop_the_others(ada, cleo, later, monkeypatch):
    first, second = CaseFactory(customer=cleo), CaseFactory(customer=cleo)
    asked(first, ada)
    asked(second, ada)
    remind = requests.remind

    def fails(request, *, at):
        if request.case_id == first.pk:
            raise RuntimeError
        return remind(request, at=at)

    monkeypatch.setattr(requests, "remind", fails)
    later(49)
    assert (Kind.REMINDED in kinds(first), Kind.REMINDED in kinds(second)) == (False, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("does", ["remind", "close"])
def test_several_workers_do_it_once(case, ada, does):
    [request] = asked(case, ada)
    at = timezone.now() + 1000 * HOUR
    if does == "close":
        Case.objects.filter(pk=case.pk).update(closes_at=timezone.now())
    gate, done = threading.Barrier(3, timeout=20), []

    def act():
        gate.wait()
        if does == "remind":
            done.append(requests.remind(Request.objects.get(pk=request.pk), at=at))
        else:
            done.append(auto_close.close(Case.objects.get(pk=case.pk), at=at))
        connection.close()

    threads = [threading.Thread(target=act) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(done) == 3
    assert sum(event is not None for event in done) == 1


def test_a_case_that_a_team_works_on_does_not_close(case, ada, later):
    team = TeamFactory()
    team.members.add(ada)
    asked(case, ada)
    later(49)
    assert fresh(case).closes_at
    escalations.escalate(case, by=ada, team=team, note="Is it in your log?")
    assert fresh(case).closes_at is None
