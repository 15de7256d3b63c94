"""Which service levels hold for a case, and what of its history matters to its clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as When_
from django.db.models import Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import JSONObject

from cases.clock.calendar import ALWAYS, Calendar
from cases.clock.clocks import Targets
from cases.models import (
    Case,
    Holiday,
    OpenHours,
    Organisation,
    Policy,
    Severity,
    System,
    Target,
)

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
