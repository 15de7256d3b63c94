"""What a case owes by when. `record` keeps it, in the transaction of each change."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from cases.clock import service
from cases.clock.calendar import BadCalendar
from cases.clock.service import Measure, course
from cases.models import Case, Clock, Due, Kind, Promise, Request
from cases.service_levels import Levels, events_of, levels_of, moments

log = logging.getLogger(__name__)

MEASURES = {
    Measure.FIRST_RESPONSE: Due.FIRST_RESPONSE,
    Measure.NEXT_UPDATE: Due.NEXT_UPDATE,
    Measure.RESOLUTION: Due.RESOLUTION,
}

# The events after which clocks may go otherwise than before.
CLOCKED = {
    Kind.OPENED,
    Kind.REPLY,
    Kind.STATUS,
    Kind.SEVERITY,
    Kind.RESOLVED,
    Kind.CONFIRMED,
    Kind.DECLINED,
    Kind.CLOSED,
    Kind.REOPENED,
    Kind.SNOOZED,
    Kind.WOKEN,
    Kind.MERGED,
    Kind.UNMERGED,
    Kind.PROMISED,
    Kind.TAKEN_BACK,
    Kind.ESCALATED,
    Kind.ANSWERED,
    Kind.REQUESTED,
    Kind.GIVEN,
    Kind.WITHDRAWN,
}


def running_promises(case: Case) -> list[Promise]:
    """The promises that are still to be kept, the next one first."""
    running = case.promises.filter(outcome=Promise.Outcome.RUNNING, ended_at=None)
    return list(running.order_by("due_at", "pk"))


def soonest(promises: Iterable[Any]) -> datetime | None:
    return min((promise.due_at for promise in promises if promise.due_at), default=None)


def over(case: Case, kind: Kind, at: datetime) -> dict[str, Any]:
    """End what a case that is resolved or closed owes no more. A resolution keeps what was promised."""
    for promise in case.promises.filter(ended_at=None):
        end_promise(promise, at, told=kind == Kind.RESOLVED)
    end_requests(running_requests(case), at, Request.Outcome.WITHDRAWN)
    for escalation in case.escalations.filter(ended_at=None):
        escalation.end(at)
        escalation.save()
    return {"promised_at": None, "escalated_to_id": None, "closes_at": None}


def running_requests(case: Case) -> list[Request]:
    """What the customer has not given yet, the oldest first."""
    return list(case.requests.filter(ended_at=None).order_by("pk"))


def end_requests(requests: Iterable[Request], at: datetime, outcome: Request.Outcome) -> None:
    for request in requests:
        request.end(at)
        request.outcome = outcome
        request.save()


def end_promise(promise: Promise, at: datetime, *, told: bool) -> None:
    """It is kept by whatever the customer was told, and otherwise needed no more, unless it was broken before."""
    if promise.outcome == Promise.Outcome.PROPOSED:
        promise.delete()
        return
    promise.end(at)
    if told:
        promise.outcome = Promise.Outcome.LATE if promise.broken_at else Promise.Outcome.KEPT
    else:
        promise.outcome = Promise.Outcome.BROKEN if promise.broken_at else Promise.Outcome.ENDED
    promise.save()


def refresh(case: Case, at: datetime) -> None:
    """Set the clocks of the case, and with them what it owes next and by when. Does not save the case.

    A case that came as a document has no clocks: nobody here undertook anything then.
    """
    owed: list[tuple[datetime, int]] = []
    if not case.document_digest:
        owed += _set_clocks(case, at)
    if case.promised_at:
        owed.append((case.promised_at, Due.PROMISE))
    if case.escalated_to_id:
        running = case.escalations.filter(ended_at=None).values_list("due_at", flat=True)
        owed += [(due_at, Due.ESCALATION) for due_at in running if due_at]
    case.due_at, case.due_for = min(owed, default=(None, None)) if case.is_active else (None, None)


def _set_clocks(case: Case, at: datetime) -> list[tuple[datetime, int]]:
    """Bring the rows of its clocks up to date, and return what of them is due."""
    levels = levels_of(case)
    clocks = _course(case, levels, at) if levels.minutes else {}
    watched = [started for (_, started), clock in clocks.items() if not clock.ended]
    rows = {
        (row.measure, row.started_at): row
        for row in Clock.objects.filter(Q(ended_at=None) | Q(started_at__in=watched), case=case)
    }
    _drop(row for key, row in rows.items() if key not in clocks and row.ended_at is None)
    owed: list[tuple[datetime, int]] = []
    for (measure, started), clock in clocks.items():
        known = rows.get((measure, started))
        if known is None and clock.ended:
            continue  # it came to its end before it was watched, or long ago
        row = known or Clock(case=case, measure=measure, started_at=started, system_id=case.system_id)
        _bring(row, clock, at)
        if row.due_at and row.ended_at is None:
            owed.append((row.due_at, measure))
    return owed


def _course(case: Case, levels: Levels, at: datetime) -> dict[tuple[Due, datetime], service.Clock]:
    try:
        going = course(levels.targets(case.severity), levels.calendar, moments(events_of(case)), at)
    except BadCalendar as problem:  # nobody's reply may fail because of it
        log.warning("The service levels %s cannot be kept: %s", levels.name, problem)
        return {}
    return {(MEASURES[clock.measure], clock.started): clock for clock in going.clocks}


def _drop(rows: Iterable[Clock]) -> None:
    """No level asks for them any more. What was missed until then stays missed."""
    for row in rows:
        if row.broken_at:
            row.end(row.broken_at)
            row.save()
        else:
            row.delete()


def _bring(row: Clock, clock: service.Clock, at: datetime) -> None:
    before = (row.due_at, row.act_at, row.ended_at, row.broken_at)
    row.ended_at = clock.ended
    if clock.ended:
        row.act_at, row.broken_at = None, clock.missed
    else:
        row.set_due(clock.due, at)
    if row.pk is None or before != (row.due_at, row.act_at, row.ended_at, row.broken_at):
        row.save()
