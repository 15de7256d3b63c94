"""What the customer gives that we asked for."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cases.models import Attachment, Case, Event, Kind, Request, Role, Status, Viewer
from cases.queries.deadlines import open_requests

from .conversation import reply, says_nothing
from .deadlines import end_requests
from .events import already_recorded, record, role_of, target_for, token_for
from .resolution import reopen


@transaction.atomic
def give(
    case: Case,
    *,
    by: Viewer | None,
    body: str,
    request: int,
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
) -> Event | None:
    """The customer gives what one request asks for, with a reply, be it by files alone: the others wait on.

    For a request that is over, it is a reply like any other, which reopens what was closed. Returns None when the
    form was received before with these words.
    """
    case = target_for(case, by)
    if already_recorded(token_for(token, body, attachments)) or says_nothing(body, attachments):
        return None
    if case.status == Status.CLOSED:
        return reopen(case, by=by, body=body, token=token, attachments=attachments)
    given = [one for one in open_requests(case) if one.pk == request and role_of(by, case) != Role.AGENT]
    for one in given:
        event = record(case, Kind.GIVEN, by=by, role=Role.CUSTOMER, details={"request": one.what})
        end_requests([one], event.at, Request.Outcome.GIVEN)
    return reply(case, by=by, body=body, token=token, attachments=attachments, gives_all=False)
