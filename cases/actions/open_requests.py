"""The requests that a case waits for, whoever makes them: a new one, and when the customer is reminded of all."""

from datetime import datetime, timedelta

from django.conf import settings

from cases.models import Answer, Case, Event, Kind, Refused, Request, User
from cases.queries.deadlines import open_requests
from cases.text.requests import plain

from .events import record, while_open

MOST = 5  # waiting at once
LONGEST = 200  # characters


def may_ask(case: Case) -> Answer:
    """Whether the customer may be asked for something: while the case is open."""
    return while_open(case, ". Reopen it to request something.")


def add_request(
    case: Case, what: str, *, by: User | None, mail: bool = True, secret: bool = False
) -> Event | None:
    """Request something from the customer, in the transaction of whoever locked the case. See `requests.ask`.

    Without `mail` it is not mailed by itself, as when a reply names it.
    """
    what, running = plain(what), open_requests(case)
    if any(one.what.casefold() == what.casefold() for one in running):
        return None
    may_ask(case).check()
    if not what:
        raise Refused("Say what you need.")
    if len(what) > LONGEST:
        raise Refused(
            f"That’s too long: requests have up to {LONGEST} characters. Put the details in a reply."
        )
    if len(running) >= MOST:
        raise Refused(f"A case can have up to {MOST} open requests. Withdraw one first.")
    details = {"request": what} | ({"secret": True} if secret else {})
    event = record(case, Kind.REQUESTED, by=by, details=details, mail=mail)
    Request.objects.create(case=case, asked_in=event, by=by, what=what, asked_at=event.at, secret=secret)
    wait_anew(case, event.at)
    return event


def wait_anew(case: Case, at: datetime) -> None:
    """The customer is reminded of all that is asked for, some time after our last word."""
    due_at = at + timedelta(hours=settings.REMIND_HOURS) if settings.REMIND_HOURS else None
    case.requests.filter(ended_at=None).update(due_at=due_at, next_check_at=due_at, reminded_at=None)


def remind_anew(case: Case, at: datetime) -> None:
    """Where the customer was reminded while a team was asked, or before, they were told no time at which it closes."""
    if case.requests.filter(ended_at=None, reminded_at__isnull=False).exists():
        wait_anew(case, at)
