"""What a case owes by when. `record` keeps it, in the transaction of each change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.clock.clocks import Clock as ClockState
from cases.clock.clocks import Targets
from cases.clock.progress import RESOLVED
from cases.models import Case, Clock, Kind, Promise, Request
from cases.queries.clock_fold import fold_of
from cases.queries.deadlines import Clocks, clocks_by, next_due, open_escalation, open_requests
from cases.queries.service_levels import levels_of

KEPT = ["due_at", "due_for", "clock_fold"]  # what `refresh` sets


def over(case: Case, kind: Kind, at: datetime) -> dict[str, Any]:
    """End what a case that is resolved or closed owes no more. A resolution keeps what was promised; of spam, what nobody
    accepted as a promise waits until it is none."""
    running = case.promises.filter(ended_at=None)
    for promise in running.exclude(outcome=Promise.Outcome.PROPOSED) if kind == Kind.SPAM else running:
        end_promise(promise, at, fulfilled=kind == Kind.RESOLVED)
    end_requests(open_requests(case), at, Request.Outcome.WITHDRAWN)
    if escalation := open_escalation(case):
        escalation.end(at)
        escalation.save()
    return {"promised_at": None, "escalated_to_id": None, "closes_at": None}


def end_requests(requests: Iterable[Request], at: datetime, outcome: Request.Outcome) -> None:
    for request in requests:
        request.end(at)
        request.outcome = outcome
        request.save()


def end_promise(promise: Promise, at: datetime, *, fulfilled: bool) -> None:
    """It is kept by whatever the customer was told, and otherwise needed no more, unless it was broken before."""
    if promise.outcome == Promise.Outcome.PROPOSED:
        promise.delete()
        return
    promise.end(at)
    if fulfilled:
        promise.outcome = Promise.Outcome.LATE if promise.broken_at else Promise.Outcome.KEPT
    else:
        promise.outcome = Promise.Outcome.BROKEN if promise.broken_at else Promise.Outcome.ENDED
    promise.save()


def refresh(case: Case, at: datetime) -> None:
    """Set the clocks of the case, and with them what it owes next and by when. Does not save the case.

    A case that came as a document has no clocks: nobody here undertook anything then.
    """
    clocks: Clocks = {}
    if not case.imported:
        clocks = _clocks(case, at)
        _set_clocks(case, clocks, at)
    escalations = case.escalations.filter(ended_at=None) if case.escalated_to_id else []
    case.due_at, case.due_for = next_due(case, clocks, [escalation.due_at for escalation in escalations])


def _clocks(case: Case, at: datetime) -> Clocks:
    """Tell the clocks from what was kept and what happened since, and keep that."""
    levels = levels_of(case)
    if levels.targets(case.severity) == Targets():
        case.clock_fold = None
        return {}
    fold = fold_of(case, levels)
    clocks = clocks_by(fold, case, levels, at)
    case.clock_fold = fold.kept(case, levels) if clocks else None
    return clocks


@transaction.atomic
def recompute(case: Case) -> bool:
    """Bring what a case owes up to date with service levels that were changed. Returns whether that is another time.

    Nothing happened in the case, so that no event is recorded.
    """
    case = case.locked()
    before = (case.due_at, case.due_for)
    refresh(case, timezone.now())
    case.save(update_fields=KEPT)
    return (case.due_at, case.due_for) != before


def _set_clocks(case: Case, clocks: Clocks, at: datetime) -> None:
    """Bring the rows of its clocks up to date."""
    rows = {(row.measure, row.started_at): row for row in case.clocks.filter(ended_at=None)}
    for measure, started in [key for key, clock in clocks.items() if not clock.ended and key not in rows]:
        for row in case.clocks.filter(measure=measure, started_at=started):  # it ended before, and runs again
            rows[measure, started] = row
    _drop(row for key, row in rows.items() if key not in clocks and row.ended_at is None)
    for (measure, started), clock in clocks.items():
        known = rows.get((measure, started))
        if known is None and (clock.ended or clock.pause == RESOLVED):
            continue  # it came to its end before it was watched, or long ago
        row = known or Clock(case=case, measure=measure, started_at=started, system_id=case.system_id)
        _bring(row, clock, at)


def _drop(rows: Iterable[Clock]) -> None:
    """No level asks for them any more. What was missed until then stays missed."""
    for row in rows:
        if row.broken_at:
            row.end(row.broken_at)
            row.save()
        else:
            row.delete()


def _bring(row: Clock, clock: ClockState, at: datetime) -> None:
    before = (row.due_at, row.next_check_at, row.ended_at, row.broken_at)
    # Of a case that is over without an answer, a first response that was missed counts, and another stands still.
    row.ended_at = clock.ended or (clock.missed if clock.pause == RESOLVED else None)
    if row.ended_at:
        row.next_check_at, row.broken_at = None, clock.missed
    else:
        if not clock.missed:
            row.broken_at = None  # it was, by a target that holds no more
        row.set_due(clock.due, at)
    if row.pk is None or before != (row.due_at, row.next_check_at, row.ended_at, row.broken_at):
        row.save()
