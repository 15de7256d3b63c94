"""Service levels run with what happens in a case, and give it the time by which it is next due."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from cases.actions import conversation, merging, promises, resolution, snooze, triage
from cases.actions.conversation import ReplyTerms
from cases.actions.events import history
from cases.models import (
    BusinessHours,
    Clock,
    Due,
    Holiday,
    OpenHours,
    Policy,
    Refused,
    Severity,
    Target,
)
from cases.tasks import keep_time
from tests.factories import CaseFactory

MINUTE = timedelta(minutes=1)


@pytest.fixture
def policy(db):
    policy = Policy.objects.create(name="Standard", usual=True)
    Target.objects.create(
        policy=policy, severity=Severity.HIGH, first_response=60, next_update=120, resolution=480
    )
    return policy


def fresh(case):
    case.refresh_from_db()
    return case


def clocks(case):
    """Each clock of the case: what it measures, and how it stands."""
    return {
        row.get_measure_display(): "met"
        if row.ended_at and not row.broken_at
        else "missed"
        if row.broken_at
        else "runs"
        if row.due_at
        else "paused"
        for row in case.clocks.order_by("pk")
    }


def test_a_new_case_is_due_for_its_first_response(policy, ada):
    case = CaseFactory()
    assert (fresh(case).due_at, case.due_for) == (case.opened_at + 60 * MINUTE, Due.FIRST_RESPONSE) or abs(
        case.due_at - case.opened_at - 60 * MINUTE
    ) < timedelta(seconds=1)
    assert clocks(case) == {"first response": "runs", "resolution": "runs"}


def test_an_answer_meets_it_and_while_the_customer_has_the_turn_nothing_is_due(policy, ada, cleo):
    case = CaseFactory(customer=cleo)
    conversation.reply(case, by=ada, body="Which browser?", terms=ReplyTerms(promises=[]))
    assert (fresh(case).due_at, case.due_for) == (None, None)
    assert clocks(case) == {"first response": "met", "resolution": "paused"}
    conversation.reply(case, by=cleo, body="Firefox.")
    assert fresh(case).due_for == Due.NEXT_UPDATE
    assert clocks(case) == {"first response": "met", "resolution": "runs", "next update": "runs"}


def test_what_is_promised_sooner_is_due_sooner(policy, ada):
    case = CaseFactory()
    soon = timezone.now() + 20 * MINUTE
    promises.promise(case, by=ada, due_at=soon)
    assert (fresh(case).due_at, case.due_for) == (soon, Due.PROMISE)


def test_a_case_that_sleeps_is_due_for_nothing(policy, ada):
    case = CaseFactory()
    snooze.snooze(case, by=ada, until=timezone.now() + timedelta(days=1))
    assert fresh(case).due_at is None
    snooze.wake(case, by=ada)
    assert fresh(case).due_for == Due.FIRST_RESPONSE


def test_another_severity_has_other_targets(policy, ada):
    case = CaseFactory()
    triage.set_severity(case, by=ada, severity=Severity.LOW)
    assert fresh(case).due_at is None
    triage.set_severity(case, by=ada, severity=Severity.HIGH)
    assert fresh(case).due_for == Due.FIRST_RESPONSE


def test_not_yet_reopens_with_the_clock_of_the_resolution_intact(policy, ada, cleo):
    case = CaseFactory(customer=cleo)
    resolution.resolve(case, by=ada, resolution="Mended.")
    assert clocks(case) == {"first response": "met", "resolution": "met"}
    started = case.clocks.get(measure=Due.RESOLUTION).started_at
    resolution.decline(case, by=cleo)
    assert clocks(case)["resolution"] == "runs"
    assert case.clocks.get(measure=Due.RESOLUTION).started_at == started


@pytest.mark.parametrize(
    "answer",
    [
        lambda case, cleo: resolution.decline(case, by=cleo),
        lambda case, cleo: resolution.decline(case, by=cleo, body="Not at till two."),
        lambda case, cleo: conversation.reply(case, by=cleo, body="It is back."),
        lambda case, cleo: resolution.reopen(case, by=cleo, body="It is back."),
    ],
    ids=["not yet", "not yet, with words", "reply", "reopened"],
)
def test_the_clock_of_the_resolution_goes_on_with_what_was_left(policy, ada, cleo, answer):
    now = timezone.now()
    with history(now - 5 * 60 * MINUTE):
        case = CaseFactory(customer=cleo)
    with history(now - 3 * 60 * MINUTE):
        resolution.resolve(case, by=ada, resolution="Mended.")
    answer(case, cleo)
    due_at = case.clocks.get(measure=Due.RESOLUTION, ended_at=None).due_at
    assert abs(due_at - now - 6 * 60 * MINUTE) < timedelta(seconds=5)  # two of its eight hours are used


def test_a_question_that_comes_along_by_a_merge_starts_the_clock_of_the_answer(policy, ada, cleo, till):
    case, into = (CaseFactory(customer=cleo, system=till) for _ in range(2))
    conversation.reply(into, by=ada, body="Which browser?", terms=ReplyTerms(promises=[]))
    assert fresh(into).due_at is None
    merging.merge(case, by=ada, into=into)
    assert fresh(into).due_for == Due.NEXT_UPDATE


def test_what_is_missed_is_said_once_and_stays_so(policy, ada, cleo):
    case = CaseFactory(customer=cleo)
    triage.assign(case, by=cleo, assignee=ada)
    type(case).objects.filter(pk=case.pk).update(opened_at=case.opened_at - 90 * MINUTE)
    Clock.objects.filter(case=case, measure=Due.FIRST_RESPONSE).update(
        due_at=timezone.now() - 30 * MINUTE, next_check_at=timezone.now() - 40 * MINUTE
    )
    keep_time(0)
    keep_time(0)
    assert [event.kind for event in case.events.order_by("sequence")][-1] == "broken"
    assert case.events.filter(kind="broken").count() == 1
    assert clocks(case)["first response"] == "missed"


def test_an_organisation_has_its_own_levels_and_takes_the_rest_from_their_base(policy, ada, cleo, bakery):
    gold = Policy.objects.create(name="Gold", based_on=policy)
    Target.objects.create(policy=gold, severity=Severity.HIGH, first_response=15)
    bakery.policy = gold
    bakery.save()
    case = CaseFactory(customer=cleo)
    first, solved = case.clocks.order_by("due_at")
    assert abs(first.due_at - first.started_at - 15 * MINUTE) < MINUTE
    assert abs(solved.due_at - solved.started_at - 480 * MINUTE) < MINUTE


def test_a_systems_levels_hold_where_the_organisation_has_none(policy, till, cleo):
    till.policy = Policy.objects.create(name="Tills")
    till.save()
    Target.objects.create(policy=till.policy, severity=Severity.HIGH, first_response=5)
    case = CaseFactory(customer=cleo, system=till)
    assert [one.measure for one in case.clocks.all()] == [Due.FIRST_RESPONSE]


def test_clocks_run_in_business_hours_alone(policy, ada):
    hours = BusinessHours.objects.create(name="Office", time_zone="Asia/Tokyo")
    for day in range(7):
        OpenHours.objects.create(business_hours=hours, day=day, opens=time(9), closes=time(9, 30))
    Holiday.objects.create(business_hours=hours, day=date(2020, 1, 1))
    policy.business_hours = hours
    policy.save()
    case = CaseFactory()
    due = case.clocks.get(measure=Due.FIRST_RESPONSE).due_at
    assert due - case.opened_at > timedelta(hours=23)
    assert due.hour == 0


def test_a_calendar_that_never_opens_stops_nobodys_words(policy, ada):
    policy.business_hours = BusinessHours.objects.create(name="Never")
    policy.save()
    case = CaseFactory()
    assert conversation.reply(case, by=ada, body="Hello.", terms=ReplyTerms(promises=[]))
    assert fresh(case).due_at is None


def test_without_policies_nothing_is_due(ada):
    case = CaseFactory()
    assert (fresh(case).due_at, case.clocks.count()) == (None, 0)


def test_a_reply_costs_as_many_queries_after_a_hundred_as_after_one(
    policy, ada, cleo, django_assert_max_num_queries
):
    case = CaseFactory(customer=cleo)
    for _ in range(60):
        conversation.reply(case, by=ada, body="And now?", terms=ReplyTerms(promises=[]))
        conversation.reply(case, by=cleo, body="No.")
    with django_assert_max_num_queries(24):
        conversation.reply(case, by=ada, body="And now?", terms=ReplyTerms(promises=[]))
    with pytest.raises(Refused):
        triage.set_status(case, by=ada, status="closed")


@pytest.mark.parametrize("ahead", [-1, 1])
def test_two_hosts_whose_clocks_differ_by_a_minute_agree_on_whose_turn_it_is(
    policy, ada, cleo, monkeypatch, ahead
):
    now = timezone.now()
    case = CaseFactory(customer=cleo)
    conversation.reply(case, by=ada, body="Which browser?", terms=ReplyTerms(promises=[]))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + ahead * MINUTE)
    conversation.reply(case, by=cleo, body="Firefox.")
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert fresh(case).due_for == Due.NEXT_UPDATE
    conversation.reply(case, by=ada, body="Thank you. And which one?", terms=ReplyTerms(promises=[]))
    assert (fresh(case).due_at, case.due_for) == (None, None)
