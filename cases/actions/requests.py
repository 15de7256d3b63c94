"""What we ask the customer for: asked, withdrawn, reminded of. It is given by `giving`, or by any reply."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from cases.models import Case, Event, Kind, Refused, Request, User, WaitingOn
from cases.queries.deadlines import open_requests
from cases.text.requests import plain

from .deadlines import end_requests
from .events import record

MOST = 5  # waiting at once
LONGEST = 200  # characters


@transaction.atomic
def ask(case: Case, *, by: User | None, what: str) -> Event | None:
    """Ask the customer for something. Returns None when it is asked for already.

    Raises Refused unless the case is open, and for nothing or too much at once.
    """
    return _ask(case.locked(), by, what, mail=True)


def ask_with(reply: Event, things: Iterable[str]) -> None:
    """Ask for them in a reply, which is mailed and names them. Belongs to its transaction."""
    for what in things:
        _ask(reply.case, reply.author, what, mail=False)


def _ask(case: Case, by: User | None, what: str, *, mail: bool) -> Event | None:
    what, running = plain(what), open_requests(case)
    if any(one.what.casefold() == what.casefold() for one in running):
        return None
    if not case.is_active:
        status = case.get_status_display().lower()
        raise Refused(f"Case {case.number} is {status}. Reopen it to ask for something.")
    if not what:
        raise Refused("Say what you ask for.")
    if len(what) > LONGEST:
        raise Refused(f"That is too long to ask for: {LONGEST} characters fit. Say more in a reply.")
    if len(running) >= MOST:
        raise Refused(f"{MOST} requests at most wait in one case. Withdraw one first.")
    event = record(case, Kind.REQUESTED, by=by, details={"request": what}, mail=mail)
    Request.objects.create(case=case, asked_in=event, by=by, what=what, asked_at=event.at)
    wait_anew(case, event.at)
    return event


@transaction.atomic
def withdraw(case: Case, *, by: User | None, request: int) -> Event | None:
    """Ask for it no more: it is our turn, unless something else is asked for. Returns None when it is over."""
    case = case.locked()
    running = open_requests(case)
    found = next((one for one in running if one.pk == request), None)
    if found is None:
        return None
    turn = WaitingOn.US if len(running) == 1 and case.waiting_on == WaitingOn.CUSTOMER else None
    event = record(case, Kind.WITHDRAWN, by=by, details={"request": found.what}, turn=turn)
    end_requests([found], event.at, Request.Outcome.WITHDRAWN)
    return event


def wait_anew(case: Case, at: datetime) -> None:
    """The customer is reminded of all that is asked for, some time after our last word."""
    due_at = at + timedelta(hours=settings.REMIND_HOURS) if settings.REMIND_HOURS else None
    case.requests.filter(ended_at=None).update(due_at=due_at, next_check_at=due_at, reminded_at=None)


@transaction.atomic
def remind(request: Request, *, at: datetime) -> Event | None:
    """Remind the customer once of all that their case waits for, and name the time at which it closes without it.

    Returns None when there is nothing to remind of. When the turn is ours meanwhile, our next word to them sets
    another time.
    """
    case = Case.objects.get(pk=request.case_id).locked()
    if not case.requests.due_by(at).filter(pk=request.pk, ended_at=None).exists():
        return None
    running = open_requests(case)
    theirs = case.waiting_on == WaitingOn.CUSTOMER and settings.REMIND_HOURS
    for one in running:
        one.next_check_at = None
        one.due_at, one.reminded_at = (one.due_at, at) if theirs else (None, None)
        one.save(update_fields=["next_check_at", "due_at", "reminded_at"])
    if not theirs:
        return None
    closes_at = at + timedelta(hours=settings.CLOSE_HOURS) if settings.CLOSE_HOURS else None
    if case.escalated_to_id:
        closes_at = None  # a team works on it
    asked = [request.what for request in running]
    return record(case, Kind.REMINDED, by=None, details={"requests": asked}, closes_at=closes_at)
