"""Which events of a case matter to its clocks, and what each means to them."""

from collections.abc import Iterable, Sequence
from typing import Any

from cases.clock.clocks import ClockEvent, ClockEventKind
from cases.models import (
    Case,
    Event,
    Kind,
    Role,
    Status,
    WaitingOn,
)
from cases.models.choices import ACTIVE, DONE
from cases.models.kinds import CLOCKS_ARE_TOLD
from cases.models.turn import turn_after
from cases.text.lists import listed


def events_of(case: Case) -> Sequence[Event]:
    """ClockEventKind of its history matters, without the words."""
    return events_by_case([case.pk]).get(case.pk, [])


def events_by_case(numbers: Iterable[int]) -> dict[int, list[Event]]:
    """The same of several cases, in one query."""
    events = Event.objects.filter(case__in=numbers, kind__in=CLOCKS_ARE_TOLD).order_by("case", "sequence")
    found: dict[int, list[Event]] = {}
    for event in events.only("case", "kind", "role", "public", "details", "changes", "at"):
        found.setdefault(event.case_id, []).append(event)
    return found


def moments(events: Iterable[Any]) -> list[ClockEvent]:
    """The history of a case as its clocks know it."""
    happened: list[ClockEvent] = []
    wanted: list[str] = []
    status, turn, last = Status.OPEN, WaitingOn.US, None
    for event in events:
        before, was = status, turn
        status = Status(event.changes.get("status", [None, status])[1])
        turn = turn_after(event, status, turn)
        wanted = _wanted(wanted, event, last)
        if what := _what(event, before, status, turn, was):
            happened.append(ClockEvent(event.at, what, listed(wanted) if what in WAITS else ""))
        last = event.kind
    return happened


WAITS = (ClockEventKind.REQUESTED, ClockEventKind.ANSWERED)


def _wanted(wanted: list[str], event: Any, last: str | None) -> list[str]:
    """ClockEventKind the customer is still asked for. Their reply gives all of it, unless they just gave one thing with it."""
    match event.kind:
        case Kind.REQUESTED:
            return [*wanted, event.details["request"]]
        case Kind.GIVEN | Kind.WITHDRAWN:
            return [what for what in wanted if what != event.details["request"]]
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
            return ClockEventKind.UPDATED if turn == WaitingOn.US else ClockEventKind.REQUESTED
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
