"""What we ask the customer for: asked, withdrawn, reminded of, fulfilled. Any reply of theirs fulfils it too."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cases.models import Attachment, Case, Event, Kind, Request, Role, Status, User, Viewer, WaitingOn
from cases.queries.deadlines import open_requests

from .conversation import ReplyTerms, only_resends_files, reply
from .deadlines import end_requests
from .events import record, role_of, target_for
from .open_requests import add_request
from .resolution import reopen
from .tokens import already_recorded, token_for


@transaction.atomic
def ask(case: Case, *, by: User | None, what: str, secret: bool = False) -> Event | None:
    """Request something from the customer, be it as a secret: see `secrets`. Returns None when it is asked for already.

    Raises Refused unless the case is open, and for nothing or too much at once.
    """
    return add_request(case.locked(), what, by=by, secret=secret)


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


@transaction.atomic
def fulfil(
    case: Case,
    *,
    by: Viewer | None,
    body: str,
    request: int,
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
    details: Mapping[str, Any] | None = None,
) -> Event | None:
    """The customer gives what one request asks for, with a reply, be it by files alone: the others wait on.

    For a request that is over, it is a reply like any other, which reopens what was closed. Returns None when the
    form was received before with these words.
    """
    case = target_for(case, by)
    if already_recorded(token_for(token, body, attachments)) or only_resends_files(body, attachments):
        return None
    if case.status == Status.CLOSED:
        return reopen(case, by=by, body=body, token=token, attachments=attachments)
    given = [one for one in open_requests(case) if one.pk == request and role_of(by, case) != Role.AGENT]
    for one in given:
        what = {"request": one.what}
        event = record(case, Kind.GIVEN, by=by, role=Role.CUSTOMER, details=what, mail=False)
        end_requests([one], event.at, Request.Outcome.GIVEN)
    terms = ReplyTerms(fulfils_all=False)
    said: dict[str, Any] = {"body": body, "token": token, "attachments": attachments, "details": details}
    return reply(case, by=by, terms=terms, **said)


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
