"""The customer is reminded of what we asked for, and then the case closes."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from cases.actions import (
    auto_close,
    conversation,
    escalations,
    promises,
    requests,
    resolution,
    snooze,
)
from cases.actions.conversation import ReplyTerms
from cases.models import Case, Kind, Request, Role, Status, WaitingOn
from cases.tasks import keep_time
from cases.wording.events import explanation
from tests.factories import CaseFactory, TeamFactory

from .test_requests import HOUR, asked, fresh, kinds, outcomes


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
    assert (event.details["requests"], event.public, event.role) == (
        ["the log", "a photo"],
        True,
        Role.SYSTEM,
    )
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
    assert explanation(case.events.get(kind=Kind.CLOSED)).startswith(
        "We waited for the log but haven’t heard back"
    )
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
    requests.fulfil(case, by=cleo, body="Here.", request=request.pk)
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
    requests.fulfil(case, by=cleo, body="A photo.", request=photo.pk)
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
    assert "fixed" in explanation(case.events.get(kind=Kind.CLOSED))


def test_a_bounded_number_is_done_at_once(ada, cleo, monkeypatch, later, django_assert_max_num_queries):
    monkeypatch.setattr("cases.tasks.clock.MOST_RIPE", 3)
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


def test_a_case_whose_customer_was_promised_a_word_is_neither_reminded_nor_closed_before_it(case, ada, later):
    promises.promise(case, by=ada, due_at=timezone.now() + 300 * HOUR)
    photo = ReplyTerms(promises=[], keeps=[], asks=["a photo"])
    conversation.reply(case, by=ada, body="Please send a photo.", terms=photo)
    later(49)
    later(290)
    assert fresh(case).is_active
    assert not {Kind.REMINDED, Kind.CLOSED} & {*kinds(case)}
    conversation.reply(case, by=ada, body="As promised.", terms=ReplyTerms(promises=[]))
    later(290 + 49)
    assert fresh(case).closes_at == case.events.get(kind=Kind.REMINDED).at + 120 * HOUR


@pytest.mark.parametrize("end", ["withdraw", "answer"])
@pytest.mark.parametrize("first", ["reminded", "escalated"])
def test_when_no_team_is_asked_any_more_the_customer_is_reminded_anew_and_told_a_time(
    case, ada, later, end, first
):
    team = TeamFactory()
    team.members.add(ada)
    asked(case, ada)
    asking, then = (49, 50) if first == "reminded" else (1, 49)
    later(asking)
    escalations.escalate(case, by=ada, team=team, note="Is it in your log?")
    later(then)
    assert fresh(case).closes_at is None
    if end == "withdraw":
        escalations.withdraw(case, by=ada)
    else:
        escalations.answer(case, by=ada, note="It is not.")
    later(then + 49)
    assert kinds(case).count(Kind.REMINDED) == 2
    assert fresh(case).closes_at == case.events.filter(kind=Kind.REMINDED).latest("sequence").at + 120 * HOUR


def test_a_team_that_is_asked_no_more_before_the_reminder_changes_nothing_of_it(case, ada, later):
    team = TeamFactory()
    team.members.add(ada)
    asked(case, ada)
    escalations.escalate(case, by=ada, team=team, note="Is it in your log?")
    later(47)
    escalations.withdraw(case, by=ada)
    later(49)
    assert kinds(case).count(Kind.REMINDED) == 1
