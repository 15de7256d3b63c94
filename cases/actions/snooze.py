"""Laying a case aside until a time, when a job wakes it, or until the customer answers: `events.record` does."""

from datetime import datetime

from django.db import transaction

from cases.models import Answer, Case, Event, Kind, User

from .events import check_is_to_come, record, while_open


def may_snooze(case: Case) -> Answer:
    """Whether the case may be laid aside: while it is open."""
    return while_open(case, ", so it can’t be snoozed.")


@transaction.atomic
def snooze(case: Case, *, by: User | None, until: datetime) -> Event | None:
    """Lay the case aside until then. Raises Refused unless it is open and the time lies within a year."""
    case = case.locked()
    if case.snoozed_until == until:
        return None
    may_snooze(case).check()
    check_is_to_come(until)
    return record(case, Kind.SNOOZED, by=by, snoozed_until=until)


@transaction.atomic
def wake(case: Case, *, by: User | None, until: datetime | None = None) -> Event | None:
    """End its sleep; with `until`, only if it still sleeps until then. Returns None when it is awake."""
    case = case.locked()
    if case.snoozed_until is None or until not in (None, case.snoozed_until):
        return None
    return record(case, Kind.WOKEN, by=by, snoozed_until=None)
