"""What a change of service levels does to open cases, told before it is applied."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from django.db.models import F
from django.utils import timezone

from cases.models import Case, Escalation, Severity
from cases.models.choices import ACTIVE

from .clock_events import events_by_case
from .deadlines import clocks_of, next_due
from .service_levels import Book, Levels

MOST = 1_000  # are computed
SHOWN = 20


class Kind(StrEnum):
    """What becomes of a case, worded for several and for one."""

    OVERDUE = "are overdue at once"
    SOONER = "become due sooner"
    LATER = "become due later"
    BEGINS = "get a due time"
    ENDS = "are due for nothing more"
    LOST = "lose their service levels"

    @property
    def of_one(self) -> str:
        verb, _, rest = self.partition(" ")
        one = {"are": "is", "become": "becomes", "get": "gets", "lose": "loses"}[verb]
        return f"{one} {rest.replace('their', 'its')}"


@dataclass(frozen=True)
class Change:
    """What becomes of one case."""

    case: Case
    kind: Kind
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class PolicyImpact:
    """What becomes of the open cases. Those due first are computed, `MOST` at most."""

    touched: list[int]
    changes: list[Change]

    @property
    def counts(self) -> dict[Kind, int]:
        found = [change.kind for change in self.changes]
        return {kind: found.count(kind) for kind in Kind if kind in found}

    @property
    def sentence(self) -> str:
        number = len(self.changes)
        if not number:
            return "No open case becomes due at another time."
        parts = [f"{count:,} {kind if count > 1 else kind.of_one}" for kind, count in self.counts.items()]
        return f"This changes {number:,} open case{'s' if number > 1 else ''}: {', '.join(parts)}."

    @property
    def is_partial(self) -> bool:
        return len(self.touched) > MOST

    @property
    def first(self) -> list[Change]:
        return self.changes[:SHOWN]


def impact_of(before: Book, after: Book) -> PolicyImpact:
    """What becomes of the open cases when the one takes the place of the other."""
    touched = _touched(before, after) if is_felt(before, after) else []
    return PolicyImpact(touched, list(_changes(touched[:MOST], before, after)))


def is_felt(before: Book, after: Book) -> bool:
    """Whether there may be a case whose clocks go otherwise, be it one that is opened in this moment."""
    return _in_use(before) != _in_use(after)


def _in_use(book: Book) -> object:
    used = {book.usual, *book.of_organisation.values(), *book.of_system.values()} - {None}
    felt = {(pk, severity): _felt(book.levels[pk], severity) for pk in used if pk for severity in Severity}
    return felt, book.usual, book.of_organisation, book.of_system


def _touched(before: Book, after: Book) -> list[int]:
    """The open cases that have other targets or hours now, those due first before the others."""

    @cache
    def is_other(organisation: int | None, system: int, severity: int) -> bool:
        return _felt(before.of(organisation, system), severity) != _felt(
            after.of(organisation, system), severity
        )

    opened = Case.objects.filter(status__in=ACTIVE, imported=False)
    rows = opened.order_by(F("due_at").asc(nulls_last=True), "number").values_list(
        "number", "organisation", "system", "severity"
    )
    return [number for number, *kind in rows if is_other(*kind)]


def _felt(levels: Levels, severity: int) -> object:
    """What of the levels the clocks of such a case go by."""
    targets = levels.targets(severity)
    return (targets, levels.calendar) if any(vars(targets).values()) else None


def _changes(numbers: list[int], before: Book, after: Book) -> Iterator[Change]:
    now = timezone.now()
    events = events_by_case(numbers)
    escalations: dict[int, list[datetime | None]] = {}
    for number, due_at in Escalation.objects.filter(case__in=numbers, ended_at=None).values_list(
        "case", "due_at"
    ):
        escalations.setdefault(number, []).append(due_at)
    cases = Case.objects.in_bulk(numbers)
    for number in numbers:
        case = cases[number]
        old, new = (book.of(case.organisation_id, case.system_id) for book in (before, after))
        clocks = clocks_of(case, new, events.get(number, []), now)
        due_at, _ = next_due(case, clocks, escalations.get(number, []))
        lost = _felt(old, case.severity) is not None and not clocks
        if kind := _kind(case.due_at, due_at, now, lost=lost):
            yield Change(case, kind, case.due_at, due_at)


def _kind(before: datetime | None, after: datetime | None, now: datetime, *, lost: bool) -> Kind | None:
    if lost:
        return Kind.LOST
    if before == after:
        return None
    if after is None:
        return Kind.ENDS
    if after <= now and (before is None or before > now):
        return Kind.OVERDUE
    if before is None:
        return Kind.BEGINS
    return Kind.SOONER if after < before else Kind.LATER
