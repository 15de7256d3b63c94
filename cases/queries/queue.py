"""The desk's queue: which cases, in which order, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.signing import BadSignature, dumps, loads
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cases.models import Case, Seen, Status, Team, User, Viewer, WaitingOn
from cases.models.case import NEVER, QUEUE_ORDER, QUEUED
from cases.models.choices import ACTIVE, DONE

from .search import matching

# What has no due time comes last. PostgreSQL uses the index `queue_due` only for this very expression.
DUE = Coalesce("due_at", NEVER)
PAGE = 30
MOST_NEW = 99
SOON = timedelta(hours=4)
# Closed cases wait on nobody. To say so keeps them out of the index that is read.
WAITING_IN: dict[object, Sequence[str]] = {
    WaitingOn.US: [*ACTIVE, Status.RESOLVED],
    WaitingOn.CUSTOMER: [*ACTIVE, Status.RESOLVED],
    WaitingOn.NOBODY: Status.values,
}


class Order(NamedTuple):
    """Rising by all `fields`, or falling by all, so that one index reads it in both directions."""

    label: str
    fields: Sequence[str]
    falling: bool = False


WAITING = Order("Waiting longest", QUEUE_ORDER)
NEWEST = Order("Newest", ["number"], falling=True)
# Each group of statuses offers the orders that it has an index for; the first is the usual one.
ORDERS: dict[str, dict[str, Order]] = {
    "active": {
        "due": Order("Due next", ["due", *QUEUE_ORDER]),
        "waiting": WAITING,
        "severity": Order("Most severe", ["severity", "waiting_on", "waiting_since", "number"]),
        "newest": NEWEST,
        "activity": Order("Last activity", ["changed_at", "number"], falling=True),
    },
    "snoozed": {"wakes": Order("Wakes next", ["snoozed_until", "number"])},
    "history": {"newest": NEWEST},
}
MOST_DUE = 1000
MOMENT = """
    WITH due AS (
        SELECT due_at FROM cases_case
        WHERE status IN ('open', 'investigating') AND snoozed_until IS NULL AND due_at < %(soon)s
        ORDER BY due_at LIMIT %(most)s
    )
    SELECT
        (SELECT max(number) FROM cases_case),
        (SELECT max(id) FROM cases_event),
        (SELECT last_value FROM cases_due_times),
        (SELECT count(*) FROM due),
        (SELECT count(*) FROM due WHERE due_at < %(now)s),
        NOT EXISTS (
            SELECT FROM pg_stat_activity
            WHERE backend_xid IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()
        )
"""
COLUMNS = [
    *QUEUE_ORDER,
    "summary",
    "status",
    "priority",
    "customer_name",
    "unproven",
    "organisation__name",
    "system__name",
    "assignee__name",
    "assignee__away_from",
    "assignee__away_until",
    "nobodys_since",
    "changed_at",
    "due_at",
    "due_for",
    "escalated_to__name",
    "snoozed_until",
    "tags",
    "incident_id",
    "last_sequence",
    "last_public_sequence",
    "team__name",
    "area",
    "opened_at",
]


class BadCursor(Exception):
    """A place in the queue that nobody was given."""


@dataclass
class Page:
    """`before` and `after` are the places where its neighbours end and start, empty where there are none."""

    rows: list[dict[str, Any]]
    before: str
    after: str


def orders_of(status: str) -> dict[str, Order]:
    """The orders that the queue offers for a status filter."""
    if status in ("", *ACTIVE):
        return ORDERS["active"]
    return ORDERS["snoozed" if status == "snoozed" else "history"]


def order_of(filters: dict[str, Any]) -> str:
    """The order that was asked for, or the usual one where that is not offered."""
    offered = orders_of(filters.get("status") or "")
    wanted = filters.get("order") or ""
    return wanted if wanted in offered else next(iter(offered))


def narrowed(viewer: Viewer, filters: dict[str, Any]) -> QuerySet[Case]:
    """The cases that the filters leave, as `QueueFilter` cleans them."""
    cases = Case.objects.visible_to(viewer)
    escalated = filters.get("escalated")
    if escalated:
        cases = cases.filter(escalated_to__isnull=False)
    match filters.get("status") or "":
        case "" if escalated:  # a team works on it, even while its owner has snoozed it
            pass
        case "":
            cases = cases.filter(QUEUED)
        case "snoozed":
            cases = cases.filter(snoozed_until__isnull=False)
        case Status.OPEN | Status.INVESTIGATING as status:
            cases = cases.filter(QUEUED, status=status)
        case "all":
            cases = cases.filter(spam=False)
        case "spam":
            cases = cases.filter(spam=True)
        case status:
            cases = cases.filter(status=status, spam=False)
    for field in ("severity", "priority", "area", "system", "team"):
        if filters.get(field):
            cases = cases.filter(**{field: filters[field]})
    if escalated == "mine":
        cases = cases.filter(escalated_to__in=Team.objects.filter(members=viewer.pk))
    elif escalated and escalated != "any":
        cases = cases.filter(escalated_to=int(escalated))
    if filters.get("waiting") is not None:
        cases = _of_status(cases, filters, WAITING_IN[filters["waiting"]]).filter(
            waiting_on=filters["waiting"]
        )
    if filters.get("tag"):
        cases = cases.filter(tags__contains=[filters["tag"]])
    if due := filters.get("due"):
        until = timezone.now() + (SOON if due == "soon" else timedelta())
        cases = _of_status(cases, filters, ACTIVE).filter(due_at__lt=until)
    assignee = filters.get("assignee")
    if assignee == "none":
        cases = cases.filter(assignee=None)
    elif assignee:
        cases = cases.filter(assignee=viewer.pk if assignee == "me" else int(assignee))
    if filters.get("q"):
        cases = cases.filter(matching(viewer, filters["q"], cases))
    return cases


def _of_status(cases: QuerySet[Case], filters: dict[str, Any], statuses: Sequence[str]) -> QuerySet[Case]:
    """Those of these statuses. What no case can be is looked for in none: all of history might be read for it."""
    asked = Status.CLOSED if filters.get("status") == "spam" else filters.get("status")
    return cases.none() if asked in {*DONE} - {*statuses} else cases.filter(status__in=statuses)


def page(
    cases: QuerySet[Case], order: Order, *, after: str = "", before: str = "", agent: User | None = None
) -> Page:
    """Up to PAGE rows behind the place `after`, or ahead of the place `before`, and what of them the `agent` has read.

    Raises BadCursor.
    """
    cursor = before or after
    found = with_seen(beyond(cases, order, after, before), agent)
    rows = list(found.values(*COLUMNS, *order.fields, *(["seen"] if agent else []))[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if before:
        if not more:  # it is the first page
            return page(cases, order, agent=agent)
        rows.reverse()
    return Page(
        rows,
        before=_cursor(rows[0], order) if cursor and rows else "",
        after=_cursor(rows[-1], order) if more or before else "",
    )


def with_seen(cases: QuerySet[Case], agent: User | None) -> QuerySet[Case]:
    """Each case with how far this agent has `seen` it, None where they never opened it."""
    if agent is None:
        return cases
    seen = Seen.objects.filter(case=OuterRef("pk"), agent=agent.pk).values("sequence")
    return cases.annotate(seen=Subquery(seen))


def neighbour(cases: QuerySet[Case], order: Order, *, after: str = "", before: str = "") -> int | None:
    """The number of the case next to a place. Raises BadCursor."""
    return beyond(cases, order, after, before).values_list("number", flat=True).first()


def place_of(case: Case, order: Order) -> str:
    """Where the case stands in this order, as `page` and `neighbour` take it."""
    never = {"due": case.due_at or NEVER, "snoozed_until": case.snoozed_until or NEVER}
    return _cursor(vars(case) | never, order)


def beyond(cases: QuerySet[Case], order: Order, after: str, before: str) -> QuerySet[Case]:
    """The cases behind the place `after`, or ahead of the place `before`, the nearest first."""
    falling = order.falling != bool(before)
    found = cases.annotate(due=DUE) if "due" in order.fields else cases
    if cursor := before or after:
        compares = TupleLessThan if falling else TupleGreaterThan
        found = found.filter(compares(tuple(F(field) for field in order.fields), _place(cursor, order)))
    return found.order_by(*(("-" if falling else "") + field for field in order.fields))


def newer(cases: QuerySet[Case], number: int) -> set[int]:
    """Return the numbers of cases above `number`, MOST_NEW at most."""
    later = cases.filter(number__gt=number).order_by("number")
    return set(later.values_list("number", flat=True)[:MOST_NEW])


def among(cases: QuerySet[Case], numbers: Iterable[int]) -> set[int]:
    """Return which of the numbers belong to these cases."""
    return set(cases.filter(number__in=numbers).values_list("number", flat=True))


class Moment(NamedTuple):
    """How far the desk has come."""

    newest: int  # the number of the newest case, which tells later ones from those that a page could show
    due: dict[str, int]  # cases overdue and due soon, MOST_DUE at most, by the name of the filter
    version: str


def moment() -> Moment:
    """How far the desk has come by now.

    The version is the newest event, how often due times moved without one, and how much is overdue and due soon. It is empty while anything is being
    written, since an event that is not yet there may come to stand before the newest. So whoever reads cases after
    this, and later finds the same version, has missed no change of a case.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(MOMENT, {"now": now, "soon": now + SOON, "most": MOST_DUE})
        number, event, moved, soon, over, quiet = cursor.fetchone()
    said = f"{event or 0}.{moved}.{soon}.{over}"  # of all cases, so it is sealed
    version = salted_hmac("queue", said, algorithm="sha256").hexdigest()[:20] if quiet else ""
    return Moment(number or 0, {"soon": soon, "over": over}, version)


def state_of(row: dict[str, Any]) -> str:
    """By which a page tells whether it shows a row as it is: its last event, and when it is due."""
    return f"{row['last_sequence']}.{int(row['due_at'].timestamp()) if row['due_at'] else 0}"


def rows_of(viewer: User, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the rows of these cases by number, as far as the viewer may see them."""
    cases = with_seen(Case.objects.visible_to(viewer).filter(number__in=numbers), viewer)
    return {row["number"]: row for row in cases.values(*COLUMNS, "seen")}


def _cursor(row: dict[str, Any], order: Order) -> str:
    values = [row[field] for field in order.fields]
    values = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return dumps([order.label, *values], salt="queue")


def _place(cursor: str, order: Order) -> tuple[Any, ...]:
    try:
        label, *values = loads(cursor, salt="queue")
    except BadSignature:
        raise BadCursor from None
    if label != order.label:
        raise BadCursor
    return tuple(datetime.fromisoformat(value) if isinstance(value, str) else value for value in values)
