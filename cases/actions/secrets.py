"""Secrets that customers are asked for: given under seal, shown on a click, deleted some time after the case is over."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from cases.models import (
    AuditKind,
    Case,
    Event,
    Kind,
    Refused,
    Request,
    Role,
    SecretAnswer,
    Status,
    User,
    Viewer,
)
from cases.queries.deadlines import open_requests

from . import audit
from .deadlines import end_requests
from .events import record, role_of, target_for
from .tokens import already_recorded


@transaction.atomic
def give(case: Case, *, by: Viewer, body: str, request: int, token: UUID | None = None) -> Event | None:
    """The customer gives what one request asks for as a secret. The event says that they did, and nothing says what:
    it is sealed.

    Returns None when the form was received before. Raises Refused for agents, and when nobody waits for it any more.
    """
    case = target_for(case, by)
    if already_recorded(token):
        return None
    asked = next((one for one in open_requests(case) if one.pk == request and one.secret), None)
    if asked is None:
        raise Refused("We no longer need this, so it wasn’t sent. If you think we do, let us know.")
    if role_of(by, case) == Role.AGENT:
        raise Refused("Only the customer gives what they are asked for.")
    details = {"request": asked.what, "secret": True}
    event = record(case, Kind.GIVEN, by=by, role=Role.CUSTOMER, details=details, token=token)
    end_requests([asked], event.at, Request.Outcome.GIVEN)
    answer = SecretAnswer(request=asked, by=event.author, given_at=event.at)
    answer.seal(body)
    answer.save()
    return event


@transaction.atomic
def show(answer: SecretAnswer, *, by: User) -> str:
    """What was given. Each look is a line of the audit log. Raises Refused when it cannot be read any more."""
    text = answer.opened()
    audit.record(AuditKind.SECRET_SHOWN, by=by, case=answer.request.case, request=answer.request_id)
    SecretAnswer.objects.filter(pk=answer.pk).update(times_shown=F("times_shown") + 1)
    return text


@transaction.atomic
def delete(answer: SecretAnswer, *, by: User | None) -> None:
    """Delete what was given, for good. That it was given stays."""
    if SecretAnswer.objects.filter(pk=answer.pk).delete()[0]:
        audit.record(AuditKind.SECRET_DELETED, by=by, case=answer.request.case, request=answer.request_id)


def sweep(at: datetime) -> int:
    """Delete what was given in cases that have been over for SECRET_DAYS. Returns how many it was.

    A case that goes on in another one is over when that one is.
    """
    swept, since = 0, at - timedelta(days=settings.SECRET_DAYS)
    over = SecretAnswer.objects.filter(request__case__status=Status.CLOSED)
    for answer in over.select_related("request__case"):
        closed_at = _closed_at(answer.request.case.merged_target())
        if closed_at and closed_at <= since:
            delete(answer, by=None)
            swept += 1
    return swept


def _closed_at(case: Case) -> datetime | None:
    """Since when the case is closed."""
    if case.status != Status.CLOSED:
        return None
    closings = case.events.filter(changes__status__1=Status.CLOSED).order_by("-sequence")
    return closings.values_list("at", flat=True).first() or case.changed_at
