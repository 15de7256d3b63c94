"""Cases that close by themselves, at the time that customer and agent were told."""

from datetime import datetime

from django.db import transaction

from cases.models import Case, Event, Kind, Request, Status
from cases.queries.deadlines import open_requests
from cases.text.lists import listed

from .deadlines import end_requests
from .events import now, record

AGAIN = "Should you want to go on, answer on its page: it opens again at once."


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
        body=_kindly(case, running),
        status=Status.CLOSED,
        resolved_at=case.resolved_at or now(),
    )


def _kindly(case: Case, running: list[Request]) -> str:
    if case.status == Status.RESOLVED:
        return "We heard of no trouble since, so we take it as fixed. If it comes back, just answer: it opens again."
    what = listed(one.what for one in running) or "your answer"
    return f"We waited for {what} and could not go on without it. {AGAIN}"
