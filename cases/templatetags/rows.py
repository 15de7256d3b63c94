"""The queue's rows and views. A busy page is made of them, so they are formatted plainly: ten times quicker than by
template.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from cases.models import Area, Column, Due, Priority, Promise, SavedView, Severity, Status, WaitingOn
from cases.models.choices import ACTIVE, contradiction
from cases.models.column import USUAL
from cases.queries.queue import SOON, state_of
from cases.queries.view_counts import Escalated
from cases.wording.absences import back
from cases.wording.times import exact, short

from .caseline import status_icon, when

register = template.Library()

SEVERITIES, PRIORITIES, STATUSES, AREAS = (
    dict(choices) for choices in (Severity.choices, Priority.choices, Status.choices, Area.choices)
)

ROW = """\
<li id="row-{number}" data-row class="row{marks}"{oob}>{choice}<a href="{address}" id="open-{number}"{current}>
<span class="row-severity s{severity}" title="{severity_name} severity"><span class="hidden">{severity_name} severity</span></span>
{cells}
</a></li>
"""
HEADING = '<p class="row-heads" aria-hidden="true">{cells}</p>'
CHOICE = '<input type="checkbox" name="case" value="{number}" aria-label="Choose case {number}">'
OOB = ' hx-swap-oob="true"'
VIEW = '<li><a href="{address}"{current}><span>{name}</span> {count}</a></li>\n'
COUNT = '<span id="count-{pk}" class="count"{oob}>{count:,}</span>'


@register.simple_tag
def rows(
    rows: Iterable[dict[str, Any]],
    works: bool = True,
    oob: bool = False,
    columns: Sequence[Column] = USUAL,
    ordering: Column | None = None,
    current: int | None = None,
) -> SafeString:
    """Rows as `cases.queries.queue` reads them, to be chosen by whoever `works` on them; `oob` when each is to replace
    the one that a page shows. `ordering` is the column of what they are ordered by, and `current` is the case that
    stands beside them."""
    desk = reverse("desk_case", args=[1])[: -len("1/")]
    cells = [(f"{column} ordering" if column == ordering else column, CELLS[column]) for column in columns]
    return mark_safe("".join(_row(row, desk, works, oob, cells, current) for row in rows))  # noqa: S308 - each part is escaped


@register.simple_tag
def row_headings(columns: Sequence[Column] = USUAL) -> SafeString:
    """What stands in each column, above the rows."""
    names = "".join(f'<span class="row-{column}">{column.label}</span>' for column in columns)
    return mark_safe(HEADING.format(cells=f'<span class="row-severity"></span>{names}'))  # noqa: S308 - our own words


@register.simple_tag
def column_choices(offered: Iterable[Column], chosen: Iterable[Column]) -> SafeString:
    return _column_choices(tuple(offered), tuple(chosen))


@lru_cache(maxsize=256)  # the same for everybody, and in the menu of each queue
def _column_choices(offered: tuple[Column, ...], chosen: tuple[Column, ...]) -> SafeString:
    return render_to_string("desk/column_choices.html", {"offered": offered, "chosen": chosen})


@register.simple_tag
def shown(rows: Iterable[dict[str, Any]], oob: bool = False) -> SafeString:
    """What the page shows, for the live view: the number and state of each row."""
    said = " ".join(f"{row['number']}.{state_of(row)}" for row in rows)
    return mark_safe(  # noqa: S308 - numbers
        f'<input type="hidden" id="shown" name="shown" value="{said}"{OOB if oob else ""}>'
    )


@register.simple_tag
def view_links(views: Iterable[SavedView | Escalated], current: SavedView | Escalated | None) -> SafeString:
    """The views beside the queue, each with its count; `current` is the one that the page shows."""
    desk = reverse("queue")
    links = [
        VIEW.format(
            address=f"{desk}?{escape(query)}" if (query := view.query) else desk,
            current=' aria-current="page"' if view == current else "",
            name=escape(view.name),
            count=COUNT.format(pk=view.pk, oob="", count=view.count),
        )
        for view in views
    ]
    return mark_safe("".join(links))  # noqa: S308 - each part is escaped


@register.simple_tag
def view_counts(views: Iterable[SavedView | Escalated]) -> SafeString:
    """The counts alone, each to replace the one that a page shows."""
    return mark_safe(  # noqa: S308 - numbers
        "".join(COUNT.format(pk=view.pk, oob=OOB, count=view.count) for view in views)
    )


type Cell = Callable[[dict[str, Any]], str]


def _row(
    row: dict[str, Any],
    desk: str,
    works: bool,
    oob: bool,
    cells: list[tuple[str, Cell]],
    current: int | None,
) -> str:
    number, severity = row["number"], row["severity"]
    return ROW.format(
        number=number,
        address=f"{desk}{number}/",
        marks=" left" * bool(row.get("left")) + " unread" * _is_unread(row),
        oob=OOB if oob else "",
        choice=CHOICE.format(number=number) if works else "",
        current=' aria-current="page"' if number == current else "",
        severity=severity,
        severity_name=SEVERITIES[severity],
        cells="\n".join([f'<span class="row-{name}">{cell(row)}</span>' for name, cell in cells]),
    )


def _is_unread(row: dict[str, Any]) -> bool:
    """Whether the customer sees more in the case than this agent has seen. What is closed need not be read."""
    is_known = "seen" in row and row["status"] != Status.CLOSED
    return is_known and row["last_public_sequence"] > (row["seen"] or 0)


def _summary(row: dict[str, Any]) -> str:
    tags = "".join(f' <span class="tag">{escape(tag)}</span>' for tag in row["tags"])
    unread = '<span class="hidden">Unread: </span>' * _is_unread(row)
    return f"{unread}{_asked(row['escalated_to__name'])}{escape(row['summary']) or 'No summary'}{tags}"


def _who(row: dict[str, Any]) -> str:
    name, organisation = row["customer_name"], row["organisation__name"]
    return _unproven() * row["unproven"] + escape(f"{name}, {organisation}" if organisation else name)


def _waiting(row: dict[str, Any]) -> str:
    return when(row["waiting_since"], "{}") if row["waiting_on"] != WaitingOn.NOBODY else ""


def _priority(row: dict[str, Any]) -> str:
    return (_odd() if _is_odd(row) else "") + PRIORITIES.get(row["priority"], "")


def _status(row: dict[str, Any]) -> str:
    return f'{status_icon(row["status"])}<span class="hidden">{STATUSES[row["status"]]}</span>'


def _assignee(row: dict[str, Any]) -> str:
    away_from, until = row["assignee__away_from"], row["assignee__away_until"]
    name = escape(row["assignee__name"] or "")
    if until and away_from <= timezone.now() < until:
        return f'<span title="Away until {back(until)}">{_away()}</span> {name}'
    return name or _nobody(row["nobodys_since"] if row["status"] in ACTIVE else None)


def _nobody(since: datetime | None) -> str:
    return when(since, "Nobody for {}") if since else "Nobody"


def _asked(team: str | None) -> str:
    return f'<span class="row-asked">with {escape(team)}</span> ' if team else ""


OWED = {
    Due.PROMISE: "promised by",
    Due.FIRST_RESPONSE: "answer by",
    Due.NEXT_UPDATE: "update by",
    Due.RESOLUTION: "resolve by",
    Due.ESCALATION: "team by",
}


@register.simple_tag
def owed(at: datetime, due_for: int | None = None) -> SafeString:
    """What is due by when, in red and with a word once that has passed: live pages see to it by themselves."""
    return _due(at, OWED.get(due_for, "due by"), SOON)  # type: ignore[call-overload]


@register.simple_tag
def promised_by(promise: Promise) -> SafeString:
    return _due(promise.due_at, "by") if promise.due_at else SafeString()


@register.simple_tag
def update_by(at: datetime) -> SafeString:
    return _due(at, "next update by")


def _due(at: datetime, words: str, soon: timedelta = timedelta.max) -> SafeString:
    """What is due, in red once that has passed and in blue before that, from when it is `soon` due."""
    left = at - timezone.now()
    over = left < timedelta()
    colour = " overdue" if over else " needs" if left < soon else ""
    return mark_safe(  # noqa: S308 - nothing in it was typed
        f'<span class="owed{colour}"{"" if over else " data-due"}>'
        f"<span data-late{'' if over else ' hidden'}>overdue: </span>{words} {_moment(at)}</span>"
    )


def _why(row: dict[str, Any]) -> str:
    """Why the case stands where it does."""
    status = row["status"]
    if row.get("left"):
        return f"{STATUSES[status]}, left this view"
    if status == Status.CLOSED:
        return "closed"
    if status == Status.RESOLVED:
        return when(row["waiting_since"], "to confirm {}")
    if row["snoozed_until"]:
        return f"snoozed until {_moment(row['snoozed_until'])}"
    if row["due_at"]:
        return owed(row["due_at"], row["due_for"])
    if row["waiting_on"] == WaitingOn.US:
        return when(row["waiting_since"], "waiting {}")
    return when(row["waiting_since"], "customer’s turn {}")


def _moment(at: Any) -> str:
    """A time of today by the clock, another with its day, in the viewer's zone."""
    return f'<time datetime="{at.isoformat(timespec="seconds")}" title="{exact(at)}">{short(at)}</time>'


def _is_odd(row: dict[str, Any]) -> bool:
    """Whether severity and priority contradict each other. What hits many customers may well be done sooner."""
    severity, priority = row["severity"], row["priority"]
    return contradiction(severity, priority) and not (row["incident_id"] and priority < severity)


@cache
def _unproven() -> str:
    icon = lucide("user-x", size=12, aria_hidden="true")
    return f'<span class="unproven" title="Address not confirmed">{icon}<span class="hidden">Address not confirmed: </span></span> '


@cache
def _away() -> str:
    return f'{lucide("plane", size=12, aria_hidden="true")}<span class="hidden">Away: </span>'


@cache
def _odd() -> str:
    icon = lucide("triangle-alert", size=12, aria_hidden="true")
    return f'<span title="Severity and priority contradict each other">{icon}</span>'


CELLS: dict[Column, Cell] = {
    Column.NUMBER: lambda row: str(row["number"]),
    Column.SUMMARY: _summary,
    Column.CUSTOMER: _who,
    Column.SYSTEM: lambda row: escape(row["system__name"]),
    Column.DUE: _why,
    Column.WAITING: _waiting,
    Column.ACTIVITY: lambda row: when(row["changed_at"]),
    Column.OPENED: lambda row: when(row["opened_at"]),
    Column.PRIORITY: _priority,
    Column.STATUS: _status,
    Column.AREA: lambda row: AREAS.get(row["area"], ""),
    Column.TEAM: lambda row: escape(row["team__name"] or ""),
    Column.ASSIGNEE: _assignee,
}
