"""Whatever is done to a case in whatever order, its events tell the whole truth of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions import (
    absences,
    auto_close,
    broadcast,
    case_counts,
    checklists,
    conversation,
    corrections,
    customers,
    dealing,
    escalations,
    incident_updates,
    incidents,
    merging,
    promises,
    rating,
    removal,
    requests,
    resolution,
    snooze,
    spam,
    splitting,
    time_spent,
    triage,
)
from cases.actions.conversation import ReplyTerms
from cases.actions.deadlines import refresh
from cases.actions.importing import document_of, import_document
from cases.models import (
    Area,
    Case,
    Event,
    Policy,
    Priority,
    Promise,
    Refused,
    Request,
    Severity,
    Status,
    Target,
    Team,
    WaitingOn,
)
from cases.models.choices import DONE
from cases.models.promise import PromiseTerms
from cases.queries import deadlines
from cases.queries.clock_events import events_of
from cases.queries.clock_fold import ClockFold, fold_of
from cases.queries.service_levels import levels_of
from cases.queries.standing import standing_of
from cases.tasks import failed, keep_time
from cases.transcripts.document import Message
from tests.factories import (
    CaseFactory,
    IncidentFactory,
    OrganisationFactory,
    SystemFactory,
    TeamFactory,
    UserFactory,
)

from .replay import replay

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)

STEPS = st.one_of(
    st.tuples(st.just("reply"), st.sampled_from(["agent", "customer"]), WORDS),
    st.tuples(st.just("note"), st.just("agent"), WORDS),
    st.tuples(st.just("status"), st.just("agent"), st.sampled_from(Status)),
    st.tuples(st.just("severity"), st.just("agent"), st.sampled_from(Severity)),
    st.tuples(st.just("priority"), st.just("agent"), st.sampled_from([None, *Priority])),
    st.tuples(st.just("area"), st.just("agent"), st.sampled_from(["", *Area])),
    st.tuples(st.just("assign"), st.just("agent"), st.booleans()),
    st.tuples(st.just("team"), st.just("agent"), st.booleans()),
    st.tuples(st.just("deal"), st.just("agent"), st.sampled_from([None, 0, 1])),
    st.tuples(st.just("spend"), st.just("agent"), st.sampled_from([-20, 0, 15, 90])),
    st.tuples(st.just("go away"), st.just("agent"), st.booleans()),
    st.tuples(st.just("resolve"), st.just("agent"), WORDS),
    st.tuples(st.just("confirm"), st.just("customer"), st.none()),
    st.tuples(st.just("decline"), st.just("customer"), st.sampled_from(["", "no"])),
    st.tuples(st.just("close"), st.just("agent"), st.none()),
    st.tuples(
        st.just("rate"), st.just("customer"), st.tuples(st.booleans(), st.sampled_from(["", "Quick."]))
    ),
    st.tuples(st.just("tags"), st.just("agent"), st.sampled_from(["a", "b", "a, b"])),
    st.tuples(st.just("untag"), st.just("agent"), st.sampled_from(["a", "b"])),
    st.tuples(st.just("list"), st.just("agent"), st.sampled_from(["a", "b"])),
    st.tuples(st.just("tick"), st.just("agent"), st.booleans()),
    st.tuples(st.just("unlist"), st.just("agent"), st.none()),
    st.tuples(st.just("promise"), st.just("agent"), st.integers(1, 9)),
    st.tuples(st.just("promising reply"), st.just("agent"), st.integers(1, 9)),
    st.tuples(st.just("propose"), st.just("agent"), st.integers(1, 9)),
    st.tuples(st.just("accept"), st.just("agent"), st.none()),
    st.tuples(st.just("take back"), st.just("agent"), st.none()),
    st.tuples(st.just("ask"), st.just("agent"), st.sampled_from(["the log", "a photo", ""])),
    st.tuples(st.just("asking reply"), st.just("agent"), st.sampled_from(["the log", "a photo"])),
    st.tuples(st.just("withdraw"), st.just("agent"), st.booleans()),
    st.tuples(st.just("give"), st.sampled_from(["agent", "customer"]), st.booleans()),
    st.tuples(st.just("remove"), st.just("agent"), st.sampled_from(["the log", "photo"])),
    st.tuples(st.just("split"), st.just("agent"), st.booleans()),
    st.tuples(st.just("remind"), st.just("agent"), st.none()),
    st.tuples(st.just("close by itself"), st.just("agent"), st.none()),
    st.tuples(st.just("snooze"), st.just("agent"), st.integers(1, 9)),
    st.tuples(st.just("wake"), st.just("agent"), st.none()),
    st.tuples(st.just("escalate"), st.just("agent"), st.booleans()),
    st.tuples(st.just("answer"), st.just("agent"), WORDS),
    st.tuples(st.just("ask no more"), st.just("agent"), st.none()),
    st.tuples(st.just("link"), st.just("agent"), st.booleans()),
    st.tuples(st.just("merge"), st.just("agent"), st.integers(0, 2)),
    st.tuples(st.just("merge"), st.just("agent"), st.integers(0, 2)),
    st.tuples(st.just("unmerge"), st.just("agent"), st.none()),
    st.tuples(st.just("attach"), st.just("agent"), st.booleans()),
    st.tuples(st.just("hear of the incident"), st.just("agent"), st.sampled_from([0, 2])),
    st.tuples(st.just("move"), st.just("agent"), st.booleans()),
    st.tuples(st.just("system"), st.just("agent"), st.booleans()),
    st.tuples(st.just("summary"), st.just("agent"), st.sampled_from(["Coins", "Notes"])),
    st.tuples(st.just("organisation"), st.just("agent"), st.booleans()),
    st.tuples(st.just("spam"), st.just("agent"), st.booleans()),
    st.tuples(st.just("import"), st.just("agent"), st.sampled_from(Status)),
    st.tuples(st.just("let time pass"), st.just("agent"), st.integers(1, 200)),
    st.tuples(st.just("reopen"), st.sampled_from(["agent", "customer"]), st.sampled_from(["", "again"])),
)


def beginning(clock):
    """Three cases of one customer, and a function that plays a step in one of them and returns what came of it."""
    clock.ahead = timedelta()
    policy, _ = Policy.objects.get_or_create(name="Usual", usual=True)
    for severity in (1, 2, 3, 4):
        target = {"first_response": 60, "next_update": 90, "resolution": 480}
        Target.objects.get_or_create(policy=policy, severity=severity, defaults=target)
    quick, _ = Policy.objects.get_or_create(name="Quick", based_on=policy)
    Target.objects.get_or_create(policy=quick, severity=2, defaults={"first_response": 10})
    agent, customer, team = UserFactory(role="agent"), UserFactory(), TeamFactory(records_time=True)
    stranger = UserFactory(organisation=OrganisationFactory())
    cases = [CaseFactory(customer=customer) for _ in range(3)]
    incident = IncidentFactory(by=agent)
    teams = [TeamFactory(), TeamFactory()]
    systems = [cases[0].system, SystemFactory(team=team, policy=quick)]
    for one in (team, *teams):
        one.members.add(agent)
    now, every = timezone.now(), [None, timedelta(minutes=30)]
    ages = now + timedelta(days=100)

    def one_of(case, oldest):
        """A request, be it over."""
        found = Request.objects.filter(case=case).order_by("pk" if oldest else "-pk").first()
        return found or Request(pk=0, case=case)

    do = {
        "reply": lambda case, by, x: conversation.reply(case, by=by, body=x),
        "note": lambda case, by, x: conversation.add_note(case, by=by, body=x),
        "status": lambda case, by, x: triage.set_status(case, by=by, status=x),
        "severity": lambda case, by, x: triage.set_severity(case, by=by, severity=x),
        "priority": lambda case, by, x: triage.set_priority(case, by=by, priority=x),
        "area": lambda case, by, x: triage.set_area(case, by=by, area=x),
        "assign": lambda case, by, x: triage.assign(case, by=by, assignee=agent if x else None),
        "team": lambda case, by, x: triage.assign_team(case, by=by, team=team if x else None),
        "deal": lambda case, by, x: deal(team, x),
        "spend": lambda case, by, x: time_spent.spend(case, by=by, minutes=x, body="Work."),
        "go away": lambda case, by, x: go_away(agent, x),
        "resolve": lambda case, by, x: resolution.resolve(case, by=by, resolution=x),
        "confirm": lambda case, by, x: resolution.confirm(case, by=by),
        "decline": lambda case, by, x: resolution.decline(case, by=by, body=x),
        "close": lambda case, by, x: resolution.close(case, by=by),
        "rate": lambda case, by, x: rating.rate(case, by=by, good=x[0], word=x[1]),
        "reopen": lambda case, by, x: resolution.reopen(case, by=by, body=x),
        "tags": lambda case, by, x: triage.change_tags(case, by=by, add=[x]),
        "untag": lambda case, by, x: triage.change_tags(case, by=by, remove=[x]),
        "list": lambda case, by, x: checklists.add(case, by=by, items=[x]),
        "tick": lambda case, by, x: checklists.tick(case, by=by, item=listed(case), done=x),
        "unlist": lambda case, by, x: checklists.remove(case, by=by, item=listed(case)),
        "promise": lambda case, by, x: promises.promise(case, by=by, due_at=now + timedelta(hours=x)),
        "promising reply": lambda case, by, x: conversation.reply(
            case,
            by=by,
            body=f"In {x} hours.",
            terms=ReplyTerms(promises=[PromiseTerms(now + timedelta(hours=x), every=every[x % 2])]),
        ),
        "propose": lambda case, by, x: conversation.reply(
            case,
            by=by,
            body=f"In {x} hours?",
            terms=ReplyTerms(promises=[], proposes=[PromiseTerms(timezone.now() + timedelta(hours=x))]),
        ),
        "accept": lambda case, by, x: promises.accept(case, by=by, promise=proposed(case)),
        "take back": lambda case, by, x: promises.take_all_back(case, by=by),
        "ask": lambda case, by, x: requests.ask(case, by=by, what=x),
        "asking reply": lambda case, by, x: conversation.reply(
            case, by=by, body="And?", terms=ReplyTerms(asks=[x])
        ),
        "withdraw": lambda case, by, x: requests.withdraw(case, by=by, request=one_of(case, x).pk),
        "give": lambda case, by, x: requests.fulfil(case, by=by, body="Here.", request=one_of(case, x).pk),
        "split": lambda case, by, x: splitting.split(
            case, by=by, event=said_in(case, x), summary="Coins", system=systems[x]
        ),
        "remind": lambda case, by, x: requests.remind(one_of(case, True), at=ages),
        "close by itself": lambda case, by, x: auto_close.close(case, at=ages + timedelta(days=100)),
        "snooze": lambda case, by, x: snooze.snooze(case, by=by, until=now + timedelta(hours=x)),
        "wake": lambda case, by, x: snooze.wake(case, by=by),
        "escalate": lambda case, by, x: escalations.escalate(case, by=by, team=teams[x], note="?"),
        "answer": lambda case, by, x: escalations.answer(case, by=by, note=x),
        "ask no more": lambda case, by, x: escalations.withdraw(case, by=by),
        "link": lambda case, by, x: (merging.link if x else merging.unlink)(case, by=by, other=cases[1]),
        "merge": lambda case, by, x: merging.merge(case, by=by, into=cases[x]),
        "unmerge": lambda case, by, x: merging.unmerge(case, by=by),
        "attach": lambda case, by, x: (
            incidents.attach(case, by=by, incident=incident) if x else incidents.detach(case, by=by)
        ),
        "hear of the incident": lambda case, by, x: hear(incident, case, by, timedelta(hours=x)),
        "move": lambda case, by, x: customers.move(case, by=by, to=customer if x else stranger),
        "system": lambda case, by, x: corrections.set_system(case, by=by, system=systems[x]),
        "summary": lambda case, by, x: corrections.set_summary(
            case, by=by, summary=x, seen=Case.objects.get(pk=case.pk).summary
        ),
        "organisation": lambda case, by, x: corrections.set_organisation(
            case, by=by, organisation=stranger.organisation if x else None
        ),
        "spam": lambda case, by, x: (spam.mark if x else spam.unmark)(case, by=by),
        "import": lambda case, by, x: bring_newer_document(case, x),
        "remove": lambda case, by, x: remove(case, by, x),
        "let time pass": lambda case, by, x: let_time_pass(clock, timedelta(hours=x)),
    }

    def play(case, step):
        name, side, argument = step
        with suppress(Refused):
            return do[name](case, agent if side == "agent" else customer, argument)
        return None

    return cases, play


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([0, 0, 0, 1, 2]), STEPS), max_size=18))
def test_any_sequence_of_actions_check_the_invariants_and_replays_to_the_stored_state(db, clock, steps):
    cases, play = beginning(clock)
    for which, step in steps:
        before = Event.objects.count()
        done = play(cases[which], step)
        assert (Event.objects.count() > before) is bool(done)
    for case in cases:
        check_the_invariants(case)
    assert case_counts.mismatches() == []


class Clock:
    """What time it is, as far ahead as a test has let it pass."""

    ahead = timedelta()
    now = staticmethod(timezone.now)

    def __call__(self):
        return self.now() + self.ahead


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def said_in(case, first):
    """The number of a message."""
    said = case.events.filter(kind="reply").order_by("sequence" if first else "-sequence")
    return said.values_list("sequence", flat=True).first() or 0


def listed(case):
    return case.checklist.values_list("pk", flat=True).order_by("pk").first() or 0


def proposed(case):
    return case.promises.filter(outcome=Promise.Outcome.PROPOSED).values_list("pk", flat=True).first() or 0


def let_time_pass(clock, span):
    """Keep time as the job does. Returns whether something happened by itself; nothing may fail."""
    before = Event.objects.count()
    clock.ahead += span
    keep_time(0)
    assert failed == {}
    return Event.objects.count() > before


def deal(team, capacity):
    """Let the team deal its cases from now on, each member having so many at once."""
    Team.objects.filter(pk=team.pk).update(deals=True, capacity=capacity)
    return dealing.deal(team, at=timezone.now())


def go_away(agent, for_long):
    now = timezone.now()
    absences.say_away(agent, by=agent, start=now, end=now + timedelta(hours=100 if for_long else 1))


def hear(incident, case, by, promised):
    """Write an update of the incident, and tell it to the case."""
    terms = [PromiseTerms(timezone.now() + promised)] if promised else []
    told = {"body": "We are on it.", "token": uuid4(), "promises": terms}
    incident_updates.update(incident, by=by, **told)
    with transaction.atomic():
        return broadcast.tell(case, by, {"update": str(told["token"]), "text": told["body"]}) or True


def remove(case, by, words):
    """Remove what was asked for from all that was said."""
    asked = case.events.filter(details__request__contains=words).first()
    return asked and removal.remove_passage(case, by=by, event=asked.sequence, passage=words)


def bring_newer_document(case, status):
    """Import what was said of the case elsewhere since it was exported."""
    at = timezone.now()
    document = document_of(Case.objects.get(pk=case.pk))
    said = (*document.messages, Message("customer", at, "More of it.", False))
    over = {"resolved_at": document.resolved_at or at, "resolution": document.resolution or "Done."}
    over = over if status in DONE else {"resolved_at": None, "resolution": None}
    newer = replace(document, messages=said, status=status, generated_at=at, **over)
    return import_document(newer).done == "updated"


def check_the_invariants(case):
    case.refresh_from_db()
    events = list(case.events.order_by("sequence"))
    state = replay(events)
    stored = {name: _json(getattr(case, name)) for name in state}
    assert stored == {name: _json(value) for name, value in state.items()}
    stands = standing_of(case)
    assert (case.status, case.waiting_on, case.waiting_since, case.snoozed_until) == (
        stands.status,
        stands.waiting_on,
        stands.waiting_since,
        stands.snoozed_until,
    )
    assert [event.sequence for event in events] == list(range(1, case.last_sequence + 1))
    assert (case.waiting_on == WaitingOn.NOBODY) is (case.status == Status.CLOSED)
    assert (case.resolved_at is not None) is (case.status in (Status.RESOLVED, Status.CLOSED))
    assert case.is_active or (case.snoozed_until is None and case.due_at is None)
    assert case.merged_target().merged_into is None
    running = deadlines.open_promises(case)
    assert case.promised_at == deadlines.soonest(running)
    assert case.is_active or not running
    assert case.promised_at is None or case.waiting_on == WaitingOn.US
    asked = deadlines.open_escalation(case)
    assert case.escalated_to_id == (asked and asked.team_id)
    assert case.is_active or not asked
    waiting = deadlines.open_requests(case)
    assert case.is_active or not waiting
    assert all(one.outcome == "" for one in waiting)
    assert sorted(one.what for one in waiting) == sorted(stands.requests)
    assert case.closes_at is None or case.waiting_on == WaitingOn.CUSTOMER
    goes_on_from_what_is_kept(case)
    owed = (case.due_at, case.due_for)
    refresh(case, timezone.now())
    assert (case.due_at, case.due_for) == owed


def goes_on_from_what_is_kept(case):
    """The clocks that go on from the fold which is kept with a case are those of all its events."""
    levels, now = levels_of(case), timezone.now()
    assert case.clock_fold
    kept, anew = fold_of(case, levels), ClockFold().follow(events_of(case))
    assert kept.standing == anew.standing
    running, wanted = (
        {
            (clock.measure, clock.started, clock.due, clock.missed, clock.spent)
            for clock in deadlines.clocks_by(fold, case, levels, now).values()
            if not clock.ended
        }
        for fold in (kept, anew)
    )
    assert running == wanted


def _json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
