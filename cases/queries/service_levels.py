"""Which service levels hold for a case, and what of its history matters to its clocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as When_
from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import JSONObject

from cases.clock.calendar import ALWAYS, Calendar
from cases.clock.clocks import ClockEvent, ClockEventKind, Targets
from cases.models import (
    Case,
    Event,
    Holiday,
    Kind,
    OpenHours,
    Organisation,
    Policy,
    Role,
    Severity,
    Status,
    System,
    Target,
    WaitingOn,
)
from cases.models.case import ACTIVE, DONE
from cases.models.turn import turn_after
from cases.text.lists import listed

MEASURES = ["first_response", "next_update", "resolution", "escalation", "vague_promise"]
# Where no policy says otherwise, in minutes.
VAGUE: dict[int, int] = {Severity.CRITICAL: 30, Severity.HIGH: 120, Severity.MEDIUM: 480}
ESCALATION: dict[int, int] = {Severity.CRITICAL: 30, Severity.HIGH: 120, Severity.MEDIUM: 480}
LONGEST = 24 * 60


@dataclass(frozen=True)
class Levels:
    """The policy of a case with what it takes from those it is based on."""

    minutes: dict[tuple[int, str], int]
    calendar: Calendar
    name: str = ""

    def targets(self, severity: int) -> Targets:
        """By severity; a case whose severity nobody stated is treated as a medium one."""
        return Targets(*(self._span(severity, measure) for measure in MEASURES[:3]))

    def vague_promise(self, severity: int) -> timedelta:
        return self._span(severity, "vague_promise") or timedelta(minutes=VAGUE.get(severity, LONGEST))

    def escalation(self, severity: int) -> timedelta:
        return self._span(severity, "escalation") or timedelta(minutes=ESCALATION.get(severity, LONGEST))

    def _span(self, severity: int, measure: str) -> timedelta | None:
        known = Severity.MEDIUM if severity == Severity.UNSTATED else severity
        minutes = self.minutes.get((known, measure))
        return timedelta(minutes=minutes) if minutes else None


NONE = Levels({}, ALWAYS)


def _lines(model: Any, *fields: str) -> ArraySubquery:
    """The rows that belong to the policy, or to its business hours, as JSON."""
    to = {"policy": OuterRef("pk")} if model is Target else {"business_hours": OuterRef("business_hours")}
    return ArraySubquery(
        model.objects.filter(**to).values(json=JSONObject(**{name: name for name in fields}))
    )


def policies() -> QuerySet[Policy]:
    """All of them with their targets and hours, in one query."""
    return Policy.objects.annotate(
        zone=F("business_hours__time_zone"),
        lines=_lines(Target, "severity", *MEASURES),
        hours=_lines(OpenHours, "day", "opens", "closes"),
        days_off=_lines(Holiday, "day"),
    )


def levels_of(case: Case) -> Levels:
    """Its organisation's, or its system's, or the usual ones, or none."""
    found = policies().annotate(
        rank=When_(
            When(
                Exists(Organisation.objects.filter(pk=case.organisation_id or 0, policy=OuterRef("pk"))),
                Value(0),
            ),
            When(Exists(System.objects.filter(pk=case.system_id, policy=OuterRef("pk"))), Value(1)),
            When(usual=True, then=Value(2)),
            default=Value(3),
        )
    )
    known: dict[int, Any] = {policy.pk: policy for policy in found}
    own = min(known.values(), key=lambda policy: policy.rank, default=None)
    return NONE if own is None or own.rank == 3 else levels_from(own, known)


@dataclass(frozen=True)
class Book:
    """All service levels there are, as they stand at one time."""

    levels: dict[int, Levels]
    usual: int | None
    of_organisation: dict[int, int]
    of_system: dict[int, int]

    def of(self, organisation: int | None, system: int) -> Levels:
        """As `levels_of` a case of theirs."""
        own = self.of_organisation.get(organisation or 0) or self.of_system.get(system) or self.usual
        return self.levels[own] if own else NONE


def book() -> Book:
    known = {policy.pk: policy for policy in policies()}
    return Book(
        {pk: levels_from(policy, known) for pk, policy in known.items()},
        next((pk for pk, policy in known.items() if policy.usual), None),
        *(
            dict(model.objects.filter(policy__isnull=False).values_list("pk", "policy"))
            for model in (Organisation, System)
        ),
    )


def levels_from(policy: Any, known: dict[int, Any]) -> Levels:
    """What the policy says, and where it is silent, those it is based on. `known` are `policies()` by number."""
    minutes: dict[tuple[int, str], int] = {}
    calendar, base, seen = None, policy, set()
    while base and base.pk not in seen:
        seen.add(base.pk)
        for line in base.lines:
            for measure in MEASURES:
                if line[measure]:
                    minutes.setdefault((line["severity"], measure), line[measure])
        if calendar is None and base.business_hours_id:
            calendar = calendar_from(base.zone, base.hours, base.days_off)
        base = known.get(base.based_on_id)
    return Levels(minutes, calendar or ALWAYS, policy.name)


def calendar_from(zone: str, hours: Iterable[dict[str, Any]], days_off: Iterable[dict[str, Any]]) -> Calendar:
    weekly = tuple(
        tuple(
            sorted(
                (time.fromisoformat(line["opens"]), time.fromisoformat(line["closes"]))
                for line in hours
                if line["day"] == day
            )
        )
        for day in range(7)
    )
    return Calendar(ZoneInfo(zone), weekly, frozenset(date.fromisoformat(line["day"]) for line in days_off))


# The events that matter to clocks.
TELLING = [
    Kind.OPENED,
    Kind.REPLY,
    Kind.STATUS,
    Kind.RESOLVED,
    Kind.CONFIRMED,
    Kind.DECLINED,
    Kind.CLOSED,
    Kind.REOPENED,
    Kind.SNOOZED,
    Kind.WOKEN,
    Kind.MERGED,
    Kind.UNMERGED,
    Kind.PROMISED,
    Kind.REQUESTED,
    Kind.GIVEN,
    Kind.WITHDRAWN,
]


def events_of(case: Case) -> Sequence[Event]:
    """What of its history matters, without the words."""
    return events_by_case([case.pk]).get(case.pk, [])


def events_by_case(numbers: Iterable[int]) -> dict[int, list[Event]]:
    """The same of several cases, in one query."""
    asking = When(kind__in=[Kind.REQUESTED, Kind.GIVEN, Kind.WITHDRAWN], then=F("body"))
    named = When_(asking, default=Value(""), output_field=TextField())
    events = Event.objects.filter(case__in=numbers, kind__in=TELLING).order_by("case", "sequence")
    found: dict[int, list[Event]] = {}
    for event in events.annotate(named=named).only("case", "kind", "role", "public", "changes", "at"):
        found.setdefault(event.case_id, []).append(event)
    return found


def moments(events: Iterable[Any]) -> list[ClockEvent]:
    """The history of a case as its clocks know it."""
    told: list[ClockEvent] = []
    wanted: list[str] = []
    status, turn, last = Status.OPEN, WaitingOn.US, None
    for event in events:
        before, was = status, turn
        status = Status(event.changes.get("status", [None, status])[1])
        turn = turn_after(event, status, turn)
        wanted = _wanted(wanted, event, last)
        if what := _what(event, before, status, turn, was):
            told.append(ClockEvent(event.at, what, listed(wanted) if what in WAITS else ""))
        last = event.kind
    return told


WAITS = (ClockEventKind.REQUESTED, ClockEventKind.ANSWERED)


def _wanted(wanted: list[str], event: Any, last: str | None) -> list[str]:
    """What the customer is still asked for. Their reply gives all of it, unless they just gave one thing with it."""
    match event.kind:
        case Kind.REQUESTED:
            return [*wanted, event.named]
        case Kind.GIVEN | Kind.WITHDRAWN:
            return [what for what in wanted if what != event.named]
        case Kind.REPLY if event.role == Role.CUSTOMER and last != Kind.GIVEN:
            return []
    return [] if "status" in event.changes and event.changes["status"][1] in DONE else wanted


def _what(
    event: Any, before: Status, status: Status, turn: WaitingOn, was: WaitingOn
) -> ClockEventKind | None:
    if event.kind == Kind.OPENED:
        return ClockEventKind.OPENED
    if status != before and status in DONE:
        return ClockEventKind.RESOLVED if status == Status.RESOLVED else ClockEventKind.CLOSED
    if before in DONE and status in ACTIVE:
        return ClockEventKind.REOPENED
    match event.kind:
        case Kind.SNOOZED:
            return ClockEventKind.SNOOZED
        case Kind.WOKEN:
            return ClockEventKind.WOKEN
        case Kind.REQUESTED:
            return ClockEventKind.REQUESTED
        case Kind.WITHDRAWN if was == WaitingOn.CUSTOMER:
            return ClockEventKind.UPDATED if turn == WaitingOn.US else ClockEventKind.REQUESTED
        case Kind.REPLY | Kind.GIVEN if event.role == Role.CUSTOMER:
            return ClockEventKind.ASKED
        case Kind.REPLY:
            return ClockEventKind.UPDATED if turn == WaitingOn.US else ClockEventKind.ANSWERED
        case Kind.PROMISED:
            return ClockEventKind.UPDATED
        case Kind.MERGED if event.changes.get("waiting_on", [None, None])[1] == WaitingOn.US:
            return ClockEventKind.ASKED  # the other case's question came along
        case Kind.MERGED if "snoozed_until" in event.changes:
            return ClockEventKind.WOKEN
    return None
