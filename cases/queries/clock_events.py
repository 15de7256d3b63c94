"""Which events of a case matter to its clocks, and what each means to them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cases.clock.progress import ClockEvent, ClockEventKind
from cases.models import Case, Event, Kind, Role, Status, WaitingOn
from cases.models.choices import ACTIVE, DONE
from cases.models.kinds import CLOCKS_ARE_TOLD
from cases.text.lists import listed

from .standing import Brought, Standing, effective


def events_of(case: Case, after: int = 0) -> Sequence[Event]:
    """What of its history matters, without the words: all, or what came after the event of this sequence."""
    return events_by_case([case.pk], after).get(case.pk, [])


def events_by_case(numbers: Iterable[int], after: int = 0) -> dict[int, list[Event]]:
    """The same of several cases, in one query."""
    events = Event.objects.filter(case__in=numbers, sequence__gt=after, kind__in=CLOCKS_ARE_TOLD)
    events = events.order_by("case", "sequence")
    found: dict[int, list[Event]] = {}
    for event in events.only("case", "kind", "role", "public", "details", "changes", "at"):
        found.setdefault(event.case_id, []).append(event)
    return found


def moments(events: Iterable[Any]) -> list[ClockEvent]:
    """The history of a case as its clocks know it, and when it wakes if nothing else happens."""
    standing = Standing()
    happened = [moment for event, brought in effective(events) for moment in told(standing, event, brought)]
    return [*happened, *wakes(standing)]


def told(standing: Standing, event: Any, brought: list[Brought]) -> Iterator[ClockEvent]:
    """What the clocks of a case that stands so are told of its next event, which is applied to the standing."""
    for waking in wakes(standing):
        if waking.at <= event.at:
            yield waking
    before = standing.status
    standing.apply(event, brought)
    if what := _what(event, before, standing, asked=any(one.since for one in brought)):
        waits = what in WAITS and standing.waiting_on == WaitingOn.CUSTOMER
        yield ClockEvent(event.at, what, listed(standing.requests) if waits else "")


def wakes(standing: Standing) -> list[ClockEvent]:
    """When the case wakes by itself, if it sleeps."""
    return [ClockEvent(standing.snoozed_until, ClockEventKind.WOKEN)] if standing.snoozed_until else []


WAITS = (ClockEventKind.REQUESTED, ClockEventKind.ANSWERED, ClockEventKind.NEEDED)


def _what(event: Any, before: Status, standing: Standing, *, asked: bool) -> ClockEventKind | None:
    """`asked` is whether a case that goes on in this one waits for us."""
    by_agent, ours = event.role == Role.AGENT, standing.waiting_on == WaitingOn.US
    if event.kind == Kind.OPENED:
        return ClockEventKind.OPENED
    if standing.status != before and standing.status in DONE:
        said = event.kind == Kind.RESOLVED and by_agent and "resolution" in event.changes
        return ClockEventKind.RESOLVED if said else ClockEventKind.CLOSED
    if before in DONE and standing.status in ACTIVE:
        return ClockEventKind.REOPENED
    match event.kind:
        case Kind.SNOOZED:
            return ClockEventKind.SNOOZED
        case Kind.WOKEN:
            return ClockEventKind.WOKEN
        case Kind.REQUESTED:
            return ClockEventKind.UPDATED if ours else ClockEventKind.REQUESTED
        case Kind.REPLY | Kind.GIVEN if event.role == Role.CUSTOMER:
            return ClockEventKind.ASKED
        case Kind.REPLY:
            return ClockEventKind.UPDATED if ours else ClockEventKind.ANSWERED
        case Kind.PROMISED:
            return ClockEventKind.PROMISED
        case Kind.MERGED if asked:
            return ClockEventKind.ASKED  # the other case's question came along
        case Kind.WITHDRAWN | Kind.MERGED if standing.requests or ours:
            return ClockEventKind.NEEDED
    return None
