"""What a case owes, and by when."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cases.clock.calendar import BadCalendar
from cases.clock.clocks import Clock as ClockState
from cases.clock.clocks import Measure
from cases.models import Case, Due, Escalation, Event, Promise, Request

from .clock_fold import ClockFold
from .service_levels import Levels

log = logging.getLogger(__name__)


Clocks = dict[tuple[Due, datetime], ClockState]  # by what they measure, and since when


NextDue = tuple[datetime | None, int | None]


MEASURES = {
    Measure.FIRST_RESPONSE: Due.FIRST_RESPONSE,
    Measure.NEXT_UPDATE: Due.NEXT_UPDATE,
    Measure.RESOLUTION: Due.RESOLUTION,
}


def open_promises(case: Case) -> list[Promise]:
    """The promises that are still to be kept, the next one first."""
    running = case.promises.filter(outcome=Promise.Outcome.RUNNING, ended_at=None)
    return list(running.order_by("due_at", "pk"))


def open_escalation(case: Case) -> Escalation | None:
    """What a team is asked in this case."""
    return case.escalations.filter(ended_at=None).select_related("team").first()


def soonest(promises: Iterable[Any]) -> datetime | None:
    return min((promise.due_at for promise in promises if promise.due_at), default=None)


def open_requests(case: Case) -> list[Request]:
    """What the customer has not given yet, the oldest first."""
    return list(case.requests.filter(ended_at=None).order_by("pk"))


def next_due(case: Case, clocks: Clocks, escalations: Iterable[datetime | None]) -> NextDue:
    """What a case owes first, with clocks that go like this."""
    owed = [(clock.due, int(measure)) for (measure, _), clock in clocks.items() if clock.due]
    owed += [(due_at, int(Due.ESCALATION)) for due_at in escalations if due_at]
    if case.promised_at:
        owed.append((case.promised_at, int(Due.PROMISE)))
    return min(owed, default=(None, None)) if case.is_active else (None, None)


def promised_by(case: Case, promises: Iterable[Promise]) -> dict[str, list[int]]:
    """The cases that go on in this one and made these promises, as the event names them, if it made none itself."""
    made_in = Event.objects.filter(pk__in={promise.made_in_id for promise in promises})
    numbers = {*made_in.values_list("case", flat=True)}
    return {} if case.pk in numbers else {"promised_in": sorted(numbers)}


def clocks_of(case: Case, levels: Levels, events: Iterable[Any], at: datetime) -> Clocks:
    """How the clocks of a case go with these levels, and these of its events."""
    return clocks_by(ClockFold().follow(events), case, levels, at) if levels.minutes else {}


def clocks_by(fold: ClockFold, case: Case, levels: Levels, at: datetime) -> Clocks:
    """How they go by this fold of its events. None where the calendar has too little open time."""
    try:
        clocks = fold.clocks(levels, case.severity, at)
    except BadCalendar as problem:  # nobody's reply may fail because of it
        log.warning("The service levels %s cannot be kept: %s", levels.name, problem)
        return {}
    return {(MEASURES[clock.measure], clock.started): clock for clock in clocks.all}
