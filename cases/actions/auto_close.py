"""Cases that close by themselves, at the time that customer and agent were told."""

from datetime import datetime

from django.db import transaction

from cases.models import Case, Event, Kind, Request, Status
from cases.queries.deadlines import open_requests

from .deadlines import end_requests
from .events import now, record


@transaction.atomic
def close(case: Case, *, at: datetime) -> Event | None:
    """Close it if its time has come. Returns None when somebody answered, or it is closed."""
    case = case.locked()
    if case.closes_at is None or case.closes_at > at:
        return None
    running = open_requests(case)
    end_requests(running, now(), Request.Outcome.UNANSWERED)
    return record(
        case,
        Kind.CLOSED,
        by=None,
        details={"waited_for": [request.what for request in running]},
        status=Status.CLOSED,
        resolved_at=case.resolved_at or now(),
    )
