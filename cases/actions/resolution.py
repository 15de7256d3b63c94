"""From a fix to a case that the customer calls solved, and back."""

from uuid import UUID

from django.db import transaction

from cases.models import Case, Event, Kind, Refused, Status, User

from .conversation import reply
from .recording import now, record


@transaction.atomic
def resolve(
    case: Case,
    *,
    by: User | None,
    resolution: str,
    root_cause: str = "",
    is_bug: bool | None = None,
    area: str = "",
) -> Event | None:
    """Mark the case resolved and ask the customer whether it is.

    Returns None when it already is so. Raises Refused from closed, and when it was resolved in other words.
    """
    case = case.locked()
    if case.status == Status.RESOLVED and case.resolution == resolution:
        return None
    if case.status == Status.RESOLVED:
        raise Refused(f"Case {case.number} is resolved already. Send this as a reply or a note instead.")
    case.check_may_become(Status.RESOLVED)
    return record(
        case,
        Kind.RESOLVED,
        by=by,
        body=resolution,
        status=Status.RESOLVED,
        resolved_at=now(),
        resolution=resolution,
        root_cause=root_cause or case.root_cause,
        is_bug=case.is_bug if is_bug is None else is_bug,
        area=area or case.area,
    )


@transaction.atomic
def confirm(case: Case, *, by: User | None) -> Event | None:
    """The customer says that it is fixed: the case closes.

    Returns None when it is closed. Raises Refused while it is not resolved.
    """
    case = case.locked()
    if case.status == Status.CLOSED:
        return None
    if case.status != Status.RESOLVED:
        raise Refused(f"Case {case.number} is not resolved yet, so there is nothing to confirm.")
    return record(case, Kind.CONFIRMED, by=by, status=Status.CLOSED)


@transaction.atomic
def decline(case: Case, *, by: User | None, body: str = "", token: UUID | None = None) -> Event | None:
    """The customer says "not yet": the case is open again, with what they add to it.

    When it is open again already, what they add is a reply. Raises Refused when it is closed. Of a
    merged case they speak of the one it goes on in.
    """
    case = case.locked_end()
    if case.is_active:
        return reply(case, by=by, body=body, token=token) if body else None
    if case.status == Status.CLOSED:
        raise Refused(f"Case {case.number} is closed. Reopen it if the problem is back.")
    event = record(case, Kind.DECLINED, by=by, status=Status.OPEN, resolved_at=None, resolution="")
    if body:
        reply(case, by=by, body=body, token=token)
    return event


@transaction.atomic
def close(case: Case, *, by: User | None) -> Event | None:
    """Close the case without waiting for the customer's word. Returns None when it is closed."""
    case = case.locked()
    if case.status == Status.CLOSED:
        return None
    return record(case, Kind.CLOSED, by=by, status=Status.CLOSED, resolved_at=case.resolved_at or now())


@transaction.atomic
def reopen(case: Case, *, by: User | None, body: str = "", token: UUID | None = None) -> Event | None:
    """Open a resolved or closed case again, with what the one who reopens it has to say.

    When it is open already, that is a reply. What is said to a merged case is said in the one it goes on
    in; without a word, raises Refused.
    """
    end = case.locked_end()
    if end.pk != case.pk and not body:
        raise Refused(f"Case {case.number} goes on in case {end.number}. Separate the two to reopen it.")
    case = end
    if case.is_active:
        return reply(case, by=by, body=body, token=token) if body else None
    event = record(case, Kind.REOPENED, by=by, status=Status.OPEN, resolved_at=None, resolution="")
    if body:
        reply(case, by=by, body=body, token=token)
    return event
