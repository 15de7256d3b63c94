"""What a merge did to the clocks of a case, separating undoes, and only an answer is a first response."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions import conversation, merging, promises, requests, resolution, snooze, triage
from cases.actions.conversation import ReplyTerms
from cases.actions.deadlines import end_promise, end_requests
from cases.actions.events import record
from cases.models import Case, Due, Kind, Policy, Promise, Refused, Request, Severity, Status, Target
from cases.models.promise import PromiseTerms
from cases.queries.clock_events import events_of
from cases.queries.deadlines import clocks_of, open_promises, open_requests, soonest
from cases.queries.service_levels import levels_of
from cases.queries.standing import standing_of
from tests.factories import CaseFactory, UserFactory

MINUTE = timedelta(minutes=1)
NUMBERS = st.integers(0, 2)
THINGS = st.sampled_from(["the log", "a photo"])
DEEDS = st.one_of(
    st.tuples(st.just("asks"), st.none()),
    st.tuples(st.just("answers"), st.booleans()),
    st.tuples(st.just("answers and promises"), st.none()),
    st.tuples(st.just("answers and requests"), THINGS),
    st.tuples(st.just("requests"), THINGS),
    st.tuples(st.just("withdraws"), THINGS),
    st.tuples(st.just("gives"), THINGS),
    st.tuples(st.just("promises"), st.none()),
    st.tuples(st.just("snoozes"), st.integers(1, 5)),
    st.tuples(st.just("wakes"), st.none()),
    st.tuples(st.just("investigates"), st.none()),
    st.tuples(st.just("resolves"), st.none()),
    st.tuples(st.just("declines"), st.none()),
    st.tuples(st.just("closes"), st.none()),
    st.tuples(st.just("reopens"), st.none()),
)
STEPS = st.tuples(
    st.integers(1, 150),  # minutes later
    NUMBERS,
    st.one_of(
        DEEDS, DEEDS, st.tuples(st.just("merges"), NUMBERS), st.tuples(st.just("separates"), st.none())
    ),
)


class World:
    """Three cases of one customer, and what is done to them as time passes."""

    def __init__(self, agent, customer):
        self.agent, self.customer, self.now = agent, customer, timezone.now()
        self.cases = [CaseFactory(customer=customer, by=customer) for _ in range(3)]

    def case(self, number):
        case = self.cases[number]
        case.refresh_from_db()
        return case

    def do(self, number, deed, x):
        """Do it to this case. Returns what was recorded."""
        case, by = self.case(number), self.agent
        soon = self.now + timedelta(days=2)
        with suppress(Refused):
            match deed:
                case "asks":
                    return conversation.reply(case, by=self.customer, body="?")
                case "answers":
                    words = ReplyTerms(promises=[], keeps=promised(case) if x else [])
                    return conversation.reply(case, by=by, body="!", terms=words)
                case "answers and promises":
                    words = ReplyTerms(promises=[PromiseTerms(soon, phrase="soon")], keeps=promised(case))
                    return conversation.reply(case, by=by, body="!", terms=words)
                case "answers and requests":
                    words = ReplyTerms(promises=[], keeps=promised(case), asks=[x])
                    return conversation.reply(case, by=by, body="!", terms=words)
                case "requests":
                    return requests.ask(case, by=by, what=x)
                case "withdraws":
                    return requests.withdraw(case, by=by, request=asked(case, x))
                case "gives":
                    return requests.fulfil(case, by=self.customer, body="Here.", request=asked(case, x))
                case "promises":
                    return promises.promise(case, by=by, due_at=soon)
                case "snoozes":
                    return snooze.snooze(case, by=by, until=self.now + timedelta(hours=x))
                case "wakes":
                    return snooze.wake(case, by=by)
                case "investigates":
                    return triage.set_status(case, by=by, status=Status.INVESTIGATING)
                case "resolves":
                    return resolution.resolve(case, by=by, resolution=f"At {self.now}.")
                case "declines":
                    return resolution.decline(case, by=self.customer)
                case "closes":
                    return resolution.close(case, by=by)
                case "reopens":
                    return resolution.reopen(case, by=by)
        return None

    def settle_promises(self, number, case):
        """What was promised in the case and is over elsewhere is over in this one as well."""
        mine = self.case(number).locked()
        for promise in open_promises(mine):
            same = Promise.objects.filter(made_in__case=case, made_at=promise.made_at)
            if not same.filter(ended_at=None).exists():
                end_promise(promise, self.now, fulfilled=True)
        mine.promised_at = soonest(open_promises(mine))
        mine.save(update_fields=["promised_at"])

    def settle(self, number, event):
        """The case learns what became of a request of it elsewhere, as it does when it is separated."""
        case, what = self.case(number).locked(), event.details["request"]
        asked = [one for one in open_requests(case) if one.what == what]
        if event.kind == Kind.WITHDRAWN and asked:
            requests.withdraw(case, by=self.agent, request=asked[0].pk)
            return
        record(case, event.kind, by=event.author, role=event.role, details=event.details)
        end_requests(asked, event.at, Request.Outcome.GIVEN)

    def shows(self, number):
        """How the case stands, and how its clocks go."""
        case = self.case(number)
        state = (case.status, case.waiting_on, case.waiting_since, case.snoozed_until)
        return state, clocks_of(case, levels_of(case), events_of(case), self.now)


def promised(case):
    """What is promised in the case and not over."""
    return [one.pk for one in open_promises(case)]


def asked(case, what):
    """The request for it that is open in the case, or none that there is."""
    return next((one.pk for one in open_requests(case) if one.what == what), 0)


def pass_to(worlds, later, monkeypatch):
    """Let time pass, and wake on its way what slept until then."""
    numbers = [case.pk for world in worlds for case in world.cases]
    for case in Case.objects.filter(pk__in=numbers, snoozed_until__lte=later).order_by("snoozed_until"):
        monkeypatch.setattr(timezone, "now", lambda at=case.snoozed_until: at)
        snooze.wake(case, by=None, until=case.snoozed_until)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for world in worlds:
        world.now = later


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=14), st.permutations(range(3)))
def test_the_clocks_are_those_of_cases_that_were_never_merged(db, steps, order):
    with pytest.MonkeyPatch.context() as monkeypatch, transaction.atomic():
        policy = Policy.objects.create(name="Standard", usual=True)
        targets = {"first_response": 60, "next_update": 120, "resolution": 480}
        Target.objects.create(policy=policy, severity=Severity.HIGH, **targets)
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)
        agent, customer = UserFactory(role="agent"), UserFactory()
        merged, twins = worlds = World(agent, customer), World(agent, customer)
        numbers = {case.pk: number for number, case in enumerate(merged.cases)}

        def separate(number):
            case = merged.case(number)
            if separation := merging.unmerge(case, by=agent):
                twins.settle_promises(number, case)
                for event in case.events.filter(sequence__gt=separation.sequence).order_by("sequence"):
                    twins.settle(number, event)

        for minutes, number, (deed, x) in steps:
            pass_to(worlds, merged.now + timedelta(minutes=minutes), monkeypatch)
            if deed == "merges":
                with suppress(Refused):
                    merging.merge(merged.case(number), by=agent, into=merged.case(x))
            elif deed == "separates":
                separate(number)
            else:
                end = numbers[merged.case(number).merged_target().pk]
                if merged.do(end, deed, x):
                    twins.do(end, deed, x)
        for number in order:
            pass_to(worlds, merged.now + timedelta(minutes=7), monkeypatch)
            separate(number)
        for number in range(3):
            assert merged.shows(number) == twins.shows(number)
            standing = standing_of(merged.case(number))
            assert standing.requests == [one.what for one in open_requests(merged.case(number))]
        transaction.set_rollback(True)


@pytest.fixture
def policy(db):
    policy = Policy.objects.create(name="Standard", usual=True)
    Target.objects.create(
        policy=policy, severity=Severity.HIGH, first_response=60, next_update=120, resolution=480
    )


@pytest.fixture
def other(policy, cleo, till):
    return CaseFactory(customer=cleo, system=till)


@pytest.fixture
def minutes_later(monkeypatch):
    """Let so many minutes pass."""

    def later(minutes):
        now = timezone.now() + minutes * MINUTE
        monkeypatch.setattr(timezone, "now", lambda: now)

    return later


def due(case):
    case.refresh_from_db()
    return case.due_at, case.due_for and Due(case.due_for)


def measures(case):
    """Of each clock of the case whether it was met, missed, or runs."""
    return {
        Due(clock.measure): "missed" if clock.broken_at else "met" if clock.ended_at else "runs"
        for clock in case.clocks.all()
    }


def test_a_separated_case_that_waits_on_its_customer_owes_nothing(policy, case, other, ada):
    conversation.reply(case, by=ada, body="Which browser?", terms=ReplyTerms(promises=[]))
    merging.merge(case, by=ada, into=other)
    merging.unmerge(case, by=ada)
    assert due(case) == (None, None)


def test_a_merge_that_is_taken_back_at_once_leaves_the_other_case_owing_nothing(policy, case, other, ada):
    conversation.reply(other, by=ada, body="Which browser?", terms=ReplyTerms(promises=[]))
    merging.merge(case, by=ada, into=other)
    assert due(other)[1] == Due.NEXT_UPDATE
    merging.unmerge(case, by=ada)
    assert due(other) == (None, None)


def test_a_case_that_sleeps_again_is_due_for_nothing(policy, case, other, ada):
    conversation.reply(case, by=ada, body="Tomorrow.", terms=ReplyTerms(promises=[]))
    conversation.reply(case, by=case.customer, body="Fine.")
    snooze.snooze(case, by=ada, until=timezone.now() + timedelta(days=2))
    merging.merge(case, by=ada, into=other)
    merging.unmerge(case, by=ada)
    assert due(case) == (None, None)
    assert case.snoozed_until


def test_a_sleep_that_ended_while_the_case_was_merged_ended_then(policy, case, other, ada, minutes_later):
    began = timezone.now()
    snooze.snooze(case, by=ada, until=began + 30 * MINUTE)
    merging.merge(case, by=ada, into=other)
    minutes_later(50)
    merging.unmerge(case, by=ada)
    assert abs(due(case)[0] - began - 90 * MINUTE) < MINUTE


def test_neither_a_merge_nor_a_closing_without_words_nor_a_promise_by_hand_is_a_first_response(
    policy, case, other, ada
):
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(days=1))
    assert measures(case)[Due.FIRST_RESPONSE] == "runs"
    merging.merge(case, by=ada, into=other)
    assert measures(case)[Due.FIRST_RESPONSE] == "runs"
    merging.unmerge(case, by=ada)
    assert due(case)[1] == Due.FIRST_RESPONSE
    resolution.close(case, by=ada)
    assert measures(case)[Due.FIRST_RESPONSE] == "runs"
    assert due(case) == (None, None)
    resolution.reopen(case, by=ada)
    assert due(case)[1] == Due.FIRST_RESPONSE


def test_a_first_response_that_was_missed_is_missed_when_the_case_closes_without_one(
    policy, case, ada, minutes_later
):
    started = case.clocks.get(measure=Due.FIRST_RESPONSE).started_at
    minutes_later(90)
    resolution.close(case, by=ada)
    clock = case.clocks.get(measure=Due.FIRST_RESPONSE)
    assert (clock.broken_at, clock.ended_at) == (started + 60 * MINUTE, started + 60 * MINUTE)


@pytest.mark.parametrize(
    "answer",
    [
        lambda case, by: conversation.reply(case, by=by, body="Yes."),
        lambda case, by: requests.ask(case, by=by, what="the log"),
        lambda case, by: resolution.resolve(case, by=by, resolution="Mended."),
    ],
    ids=["reply", "request", "resolution"],
)
def test_an_agents_words_are_a_first_response(policy, case, ada, answer):
    answer(case, ada)
    assert measures(case)[Due.FIRST_RESPONSE] == "met"
