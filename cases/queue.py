"""The desk's queue: which cases, in which order, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, dumps, loads
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from cases.models import Case, Viewer
from cases.models.case import QUEUE_ORDER, QUEUED
from cases.search import matching

PAGE = 30
ORDERS = {"": QUEUE_ORDER, "newest": ["-number"]}
MOST_NEW = 99
COLUMNS = [
    *QUEUE_ORDER,
    "summary",
    "status",
    "priority",
    "customer_name",
    "organisation__name",
    "system__name",
    "assignee__name",
    "changed_at",
    "last_sequence",
]


class BadCursor(Exception):
    """A place in the queue that nobody was given."""


@dataclass
class Page:
    rows: list[dict[str, Any]]
    after: str  # where the next page starts, empty on the last


def narrowed(viewer: Viewer, filters: dict[str, Any]) -> QuerySet[Case]:
    """The cases that the filters leave, as `QueueFilter` cleans them."""
    cases = Case.objects.visible_to(viewer)
    status = filters.get("status")
    if not status:
        cases = cases.filter(QUEUED)
    elif status != "all":
        cases = cases.filter(status=status)
    for field in ("severity", "priority", "area", "system"):
        if filters.get(field):
            cases = cases.filter(**{field: filters[field]})
    assignee = filters.get("assignee")
    if assignee == "none":
        cases = cases.filter(assignee=None)
    elif assignee:
        cases = cases.filter(assignee=viewer.pk if assignee == "me" else int(assignee))
    if filters.get("q"):
        cases = cases.filter(matching(viewer, filters["q"]))
    return cases


def page(cases: QuerySet[Case], order: str = "", after: str = "") -> Page:
    """Up to PAGE rows behind the place `after`. Raises BadCursor."""
    if after:
        place = _place(after)
        whole = TupleGreaterThan(tuple(F(name) for name in QUEUE_ORDER), place)
        cases = cases.filter(Q(number__lt=place[-1]) if order == "newest" else whole)
    rows = list(cases.order_by(*ORDERS[order]).values(*COLUMNS)[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(rows, _cursor(rows[-1]) if more else "")


def newest(viewer: Viewer) -> int:
    """The number of the newest case, which tells later ones from those that a page could show."""
    return Case.objects.visible_to(viewer).order_by("-number").values_list("number", flat=True).first() or 0


def newer(cases: QuerySet[Case], number: int) -> set[int]:
    """The cases opened since, MOST_NEW at most."""
    later = cases.filter(number__gt=number).order_by("number")
    return set(later.values_list("number", flat=True)[:MOST_NEW])


def rows_of(viewer: Viewer, numbers: list[int]) -> dict[int, dict[str, Any]]:
    cases = Case.objects.visible_to(viewer).filter(number__in=numbers)
    return {row["number"]: row for row in cases.values(*COLUMNS)}


def _cursor(row: dict[str, Any]) -> str:
    return dumps(
        [row["waiting_on"], row["waiting_since"].isoformat(), row["severity"], row["number"]], salt="queue"
    )


def _place(cursor: str) -> tuple[Any, ...]:
    try:
        waiting_on, since, severity, number = loads(cursor, salt="queue")
    except BadSignature:
        raise BadCursor from None
    return waiting_on, datetime.fromisoformat(since), severity, number
