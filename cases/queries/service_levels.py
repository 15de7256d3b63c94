"""Which service levels hold for a case, and what of its history matters to its clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from cases.clock.calendar import ALWAYS, Calendar
from cases.clock.clocks import Targets
from cases.models import Case, Organisation, Severity, System

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


class PolicyRow(NamedTuple):
    """A policy with its targets and hours, and whose it is."""

    pk: int
    name: str
    usual: bool
    based_on: int | None
    zone: str | None
    targets: list[dict[str, Any]]
    hours: list[dict[str, Any]]
    days_off: list[str]
    of_organisation: bool | None
    of_system: bool | None


# Every event asks for it: as SQL, since Django takes longer to compile such a query than PostgreSQL to answer it.
POLICIES = """
    SELECT policy.id, policy.name, policy.usual, policy.based_on_id, hours.time_zone,
        ARRAY(SELECT to_json(target) FROM cases_target target WHERE policy_id = policy.id),
        ARRAY(SELECT to_json(open) FROM cases_openhours open WHERE business_hours_id = hours.id),
        ARRAY(SELECT day::text FROM cases_holiday WHERE business_hours_id = hours.id),
        policy.id = (SELECT policy_id FROM cases_organisation WHERE id = %s),
        policy.id = (SELECT policy_id FROM cases_system WHERE id = %s)
    FROM cases_policy policy LEFT JOIN cases_businesshours hours ON hours.id = policy.business_hours_id
"""


def policies(organisation: int | None = None, system: int | None = None) -> dict[int, PolicyRow]:
    """All policies by number, in one query, and which of them is that organisation's and that system's."""
    with connection.cursor() as cursor:
        cursor.execute(POLICIES, [organisation, system])
        return {row[0]: PolicyRow(*row) for row in cursor.fetchall()}


def levels_of(case: Case) -> Levels:
    """Its organisation's, or its system's, or the usual ones, or none."""
    known = policies(case.organisation_id, case.system_id)
    own = [policy for policy in known.values() if policy.of_organisation]
    own += [policy for policy in known.values() if policy.of_system]
    own += [policy for policy in known.values() if policy.usual]
    return levels_from(own[0], known) if own else NONE


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
    known = policies()
    return Book(
        {pk: levels_from(policy, known) for pk, policy in known.items()},
        next((pk for pk, policy in known.items() if policy.usual), None),
        *(
            dict(model.objects.filter(policy__isnull=False).values_list("pk", "policy"))
            for model in (Organisation, System)
        ),
    )


def levels_from(policy: PolicyRow, known: dict[int, PolicyRow]) -> Levels:
    """What the policy says, and where it is silent, those it is based on. `known` are `policies()`."""
    minutes: dict[tuple[int, str], int] = {}
    calendar, seen = None, set()
    base: PolicyRow | None = policy
    while base and base.pk not in seen:
        seen.add(base.pk)
        for target in base.targets:
            for measure in MEASURES:
                if target[measure]:
                    minutes.setdefault((target["severity"], measure), target[measure])
        if calendar is None and base.zone:
            calendar = calendar_from(base.zone, base.hours, base.days_off)
        base = known.get(base.based_on or 0)
    return Levels(minutes, calendar or ALWAYS, policy.name)


def calendar_from(zone: str, hours: Iterable[dict[str, Any]], days_off: Iterable[str]) -> Calendar:
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
    return Calendar(ZoneInfo(zone), weekly, frozenset(date.fromisoformat(day) for day in days_off))
