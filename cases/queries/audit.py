"""Pages of the audit log, newest first, by an index whatever it is narrowed to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleLessThan

from cases.models import AuditEntry, User

Place = tuple[datetime, int]  # of a line in the log: when, and its number

SIZE = 50
MOST_READ = 5_000  # lines that are looked through where no index answers, before somebody asks for more


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed to."""

    kind: str = ""
    person: User | None = None  # who did it, or whom it was done to
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def sources(self) -> list[Q]:
        """What an index finds: of the person's lines both kinds, of an address, of a kind, or all."""
        if self.person:
            return [Q(by=self.person), Q(about=self.person)]
        if self.address:
            return [Q(address=self.address)]
        return [Q(kind=self.kind)] if self.kind else [Q()]

    @property
    def rest(self) -> dict[str, str]:
        """What is looked for among what the index finds."""
        rest = {"address": self.address if self.person else "", "kind": self.kind}
        return {name: value for name, value in rest.items() if value and (self.person or self.address)}


class Page(NamedTuple):
    entries: list[AuditEntry]
    further: int | None  # the line behind which the log goes on
    looked_back_to: datetime | None  # where looking stopped, though the page has room for more


def page(wanted: Wanted, *, before: int | None = None, size: int = SIZE) -> Page:
    """The newest lines, or the newest before that one."""
    rest, lines = wanted.rest, _lines(wanted, before)
    most = MOST_READ if rest else size + 1
    found: set[Place] = set()
    end: Place | None = None
    with _down_an_index():
        for source in wanted.sources:
            read = list(lines.filter(source).values_list("at", "pk", *rest)[:most])
            found |= {row[:2] for row in read if row[2:] == tuple(rest.values())}
            if rest and len(read) == most:
                end = max(end or read[-1][:2], read[-1][:2])
    places = sorted((place for place in found if not end or place >= end), reverse=True)
    entries = AuditEntry.objects.select_related("by", "about").in_bulk([pk for _, pk in places[:size]])
    shown = [entries[pk] for _, pk in places[:size]]
    if len(places) > size:
        return Page(shown, shown[-1].pk, None)
    return Page(shown, end[1], end[0]) if end else Page(shown, None, None)


@contextmanager
def _down_an_index() -> Iterator[None]:
    """Have PostgreSQL walk down an index, which is never much, whatever it believes of the log."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        yield
        cursor.execute("SET LOCAL enable_sort = DEFAULT; SET LOCAL enable_bitmapscan = DEFAULT")


def every(wanted: Wanted) -> Iterator[AuditEntry]:
    """All lines, page by page."""
    found = page(wanted, size=1000)
    yield from found.entries
    while found.further:
        found = page(wanted, before=found.further, size=1000)
        yield from found.entries


def _lines(wanted: Wanted, before: int | None) -> QuerySet[AuditEntry]:
    lines = AuditEntry.objects.order_by("-at", "-id")
    if wanted.since:
        lines = lines.filter(at__gte=wanted.since)
    if wanted.until:
        lines = lines.filter(at__lt=wanted.until)
    if before and (last := AuditEntry.objects.filter(pk=before).first()):
        lines = lines.filter(TupleLessThan((F("at"), F("id")), (last.at, last.pk)))
    return lines
