"""A case that nobody takes is told to whoever leads, once each time that it is nobody's."""

from datetime import datetime, timedelta

from django.db import transaction

from cases.models import Case, Event, Kind
from cases.queries.teams import patience

from .events import record


@transaction.atomic
def tell(case: Case, *, at: datetime) -> Event | None:
    """Say that it is still nobody's. Returns None when somebody has taken it, or answered."""
    case = case.locked()
    if case.take_by is None or case.take_by > at:
        return None
    since = case.take_by - (patience() or timedelta())
    return record(case, Kind.UNTAKEN, by=None, details={"since": since.isoformat()})
