"""A team is asked while the case keeps its owner, answers, or is overdue."""

import threading
from contextlib import suppress
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from cases.actions import conversation, escalations, notifications, resolution, snooze, triage
from cases.actions.conversation import ReplyTerms
from cases.models import (
    BusinessHours,
    Case,
    Due,
    Escalation,
    Event,
    Notification,
    OpenHours,
    Policy,
    Refused,
    Severity,
    Target,
)
from cases.wording.events import sentence
from tests.factories import TeamFactory

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def fresh(case):
    return Case.objects.get(pk=case.pk)


def kinds(case):
    return [event.kind for event in case.events.order_by("sequence")]


def news(agent):
    return [
        (notice.why, notice.event.kind) for notice in Notification.objects.filter(agent=agent).order_by("pk")
    ]


def running(case):
    return case.escalations.get(ended_at=None)


def test_a_team_is_asked_and_the_case_keeps_its_owner(asked, ada, backend, bea):
    assert (asked.assignee, asked.escalated_to, asked.team) == (ada, backend, None)
    assert kinds(asked)[-2:] == ["note", "escalated"]
    last = asked.events.latest("sequence")
    assert sentence(last) == "Ada escalated the case to Backend"
    assert not last.public
    assert running(asked).asked_in.body == "Looping in backend: is the queue stuck?"
    assert news(bea) == [("escalated", "escalated")]


def test_the_answer_is_due_and_so_the_case_is(asked):
    row = running(asked)
    assert row.due_at - row.asked_at == timedelta(hours=2)
    assert row.due_at - row.next_check_at == 30 * MINUTE
    assert (asked.due_at, asked.due_for) == (row.due_at, Due.ESCALATION)


def test_it_is_due_as_the_policy_says_in_the_hours_of_work(case, ada, backend):
    hours = BusinessHours.objects.create(name="Office", time_zone="UTC")
    policy = Policy.objects.create(name="Standard", usual=True, business_hours=hours)
    Target.objects.create(policy=policy, severity=Severity.HIGH, escalation=20)
    for day in range(7):
        OpenHours.objects.create(business_hours=hours, day=day, opens=time(9), closes=time(9, 30))
    escalations.escalate(case, by=ada, team=backend, note="?")
    due_at = running(case).due_at
    assert (due_at.hour, due_at.minute <= 30) == (9, True)
    assert due_at > timezone.now()


def test_a_calendar_that_never_opens_stops_nobodys_question(case, ada, backend):
    hours = BusinessHours.objects.create(name="Never")
    Policy.objects.create(name="Standard", usual=True, business_hours=hours)
    escalations.escalate(case, by=ada, team=backend, note="?")
    row = running(case)
    assert row.due_at - row.asked_at == timedelta(hours=2)


def test_who_is_mentioned_in_the_note_is_told(case, ada, abe, backend):
    escalations.escalate(case, by=ada, team=backend, note="@abe knows more.")
    assert news(abe) == [("mentioned", "note")]


def test_the_customer_is_told_of_nothing(asked, ada, bea, cleo, mailoutbox):
    last_public_at = asked.last_public_at
    escalations.answer(asked, by=bea, note="It was stuck.")
    assert fresh(asked).last_public_at == last_public_at
    seen = Event.objects.visible_to(cleo).filter(case=asked)
    assert {event.kind for event in seen} == {"opened", "reply"}


def test_the_answer_turns_the_case_to_its_owner_and_ends_the_question(asked, ada, abe, bea):
    notifications.read(by=ada)
    escalations.answer(asked, by=bea, note="It was stuck. Restarted.")
    case = fresh(asked)
    assert (case.escalated_to, case.assignee, case.due_for) == (None, ada, None)
    assert kinds(case)[-2:] == ["note", "answered"]
    assert sentence(case.events.latest("sequence")) == "Bea answered for Backend"
    row = case.escalations.get()
    assert (row.answered, row.broken_at, row.next_check_at) == (True, None, None)
    assert row.ended_at
    assert news(ada) == [("answered", "answered")]


def test_who_asked_is_told_of_the_answer_as_the_owner_is(asked, ada, abe, bea):
    triage.assign(asked, by=abe, assignee=abe)
    escalations.answer(asked, by=bea, note="Restarted.")
    assert ("answered", "answered") in news(ada)
    assert ("answered", "answered") in news(abe)


def test_the_answer_wakes_a_case_that_sleeps(asked, ada, bea):
    snooze.snooze(asked, by=ada, until=timezone.now() + timedelta(days=1))
    escalations.answer(asked, by=bea, note="Restarted.")
    assert fresh(asked).snoozed_until is None
    assert kinds(asked)[-3:] == ["note", "woken", "answered"]


def test_a_question_is_taken_back_once(asked, ada):
    assert escalations.withdraw(asked, by=ada)
    assert escalations.withdraw(asked, by=ada) is None
    case = fresh(asked)
    assert (case.escalated_to, case.due_at) == (None, None)
    assert sentence(case.events.latest("sequence")) == "Ada withdrew the escalation to Backend"
    assert not case.escalations.get().answered


def test_a_form_that_comes_twice_counts_once(case, ada, bea, backend):
    token = uuid4()
    assert escalations.escalate(case, by=ada, team=backend, note="?", token=token)
    assert escalations.escalate(case, by=ada, team=backend, note="?", token=token) is None
    token = uuid4()
    assert escalations.answer(case, by=bea, note="!", token=token)
    assert escalations.answer(case, by=bea, note="!", token=token) is None
    assert kinds(case)[-4:] == ["note", "escalated", "note", "answered"]


def test_what_else_the_same_team_is_told_is_a_note(asked, ada):
    escalations.escalate(asked, by=ada, team=asked.escalated_to, note="It happens hourly.")
    assert kinds(asked)[-2:] == ["escalated", "note"]
    assert asked.escalations.count() == 1


def test_another_team_is_asked_instead(asked, ada, abe, network):
    escalations.escalate(asked, by=ada, team=network, note="Or is it the network?")
    assert fresh(asked).escalated_to == network
    assert running(asked).team == network
    assert asked.escalations.exclude(ended_at=None).get().answered is False
    assert news(abe) == [("escalated", "escalated")]


@pytest.mark.parametrize("end", ["resolved", "closed"])
def test_nothing_is_asked_in_a_case_that_is_over(case, ada, backend, end):
    if end == "resolved":
        resolution.resolve(case, by=ada, resolution="Done.")
    else:
        resolution.close(case, by=ada)
    with pytest.raises(Refused, match=f"Case {case.number} is {end}. Reopen it before you escalate it."):
        escalations.escalate(case, by=ada, team=backend, note="?")
    assert "note" not in kinds(case)


def test_a_team_of_nobody_is_not_asked(case, ada, backend, bea):
    with pytest.raises(Refused, match="Nobody is in the team Empty"):
        escalations.escalate(case, by=ada, team=TeamFactory(name="Empty"), note="?")
    bea.is_active = False
    bea.save()
    with pytest.raises(Refused, match="Nobody is in the team Backend"):
        escalations.escalate(case, by=ada, team=backend, note="?")
    assert kinds(case) == ["opened", "reply"]


def test_what_is_not_asked_is_not_answered(case, bea):
    with pytest.raises(Refused, match="No team is asked"):
        escalations.answer(case, by=bea, note="Restarted.")
    assert kinds(case) == ["opened", "reply"]


@pytest.mark.parametrize("end", ["resolve", "close"])
def test_a_case_that_is_over_asks_nobody(asked, ada, end):
    if end == "resolve":
        resolution.resolve(asked, by=ada, resolution="Done.")
    else:
        resolution.close(asked, by=ada)
    assert fresh(asked).escalated_to is None
    row = asked.escalations.get()
    assert row.ended_at
    assert not row.answered
    resolution.reopen(asked, by=ada)
    assert fresh(asked).escalated_to is None


def test_asking_costs_the_same_however_long_the_case(case, ada, cleo, backend, django_assert_max_num_queries):
    for _ in range(30):
        conversation.reply(case, by=ada, body="And now?", terms=ReplyTerms(promises=[]))
        conversation.reply(case, by=cleo, body="No.")
    with django_assert_max_num_queries(45):
        escalations.escalate(case, by=ada, team=backend, note="?")


def at_once(*deeds):
    gate, done = threading.Barrier(len(deeds), timeout=20), []

    def run(deed):
        gate.wait()
        with suppress(Refused):
            done.append(deed())
        connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return done


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_two_teams_at_once_leave_one_question(case, ada, abe, backend, network):
    done = at_once(
        lambda: escalations.escalate(case, by=ada, team=backend, note="?"),
        lambda: escalations.escalate(case, by=abe, team=network, note="??"),
    )
    assert len(done) == 2
    assert Escalation.objects.filter(ended_at=None).get().team == fresh(case).escalated_to


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_taken_and_the_other_refused(asked, abe, bea):
    done = at_once(
        lambda: escalations.answer(asked, by=abe, note="A"),
        lambda: escalations.answer(asked, by=bea, note="B"),
    )
    assert len(done) == 1
    assert kinds(asked).count("answered") == 1


def test_the_same_words_of_a_form_to_another_team_ask_that_one(case, ada, abe, backend):
    network, token = TeamFactory(name="Network"), uuid4()
    network.members.add(abe)
    for team in (backend, network):
        assert escalations.escalate(case, by=ada, team=team, note="Is it you?", token=token)
        assert escalations.escalate(case, by=ada, team=team, note="Is it you?", token=token) is None
    assert fresh(case).escalated_to == network
