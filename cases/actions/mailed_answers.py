"""What somebody who only uses mail answers to our questions: that it is fixed or not, how our help was, what was asked
for."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.incoming.answers import says_fixed, says_good
from cases.incoming.message import Message
from cases.mail import threads
from cases.models import Attachment, Case, Event, Kind, Rating, Request, Role, Status, User, Viewer
from cases.queries.deadlines import open_requests

from . import rating, requests, resolution
from .events import role_of

ONE_MAIL = timedelta(
    minutes=1
)  # what happens within it may be in one mail, which bears the number of the first


def understood(case: Case, message: Message, *, by: Viewer, details: Mapping[str, Any]) -> Event | None:
    """Do what a mail of few words says to the question that it answers. Returns None where it is a reply like any other.

    Belongs to a transaction. `by` is known to be the sender.
    """
    if message.attachments or case.merged_into_id or role_of(by, case) != Role.CUSTOMER:
        return None
    if not _answers_the_end(case, message):
        return None
    name = _names(case, message, by)
    if case.status == Status.RESOLVED and (fixed := says_fixed(message.text, name)) is not None:
        act = resolution.confirm if fixed else resolution.decline
        return act(case, by=by, details=details)
    good = says_good(message.text, name)
    if good is None or not rating.may_rate(case, by) or Rating.objects.filter(case=case).exists():
        return None
    return rating.rate(case, by=by, good=good, details=details)


def says_nothing_new(case: Case, message: Message, by: Viewer) -> bool:
    """Whether a mail answers a question of a closed case again, which is no reason to open it."""
    is_closed = case.status == Status.CLOSED and not case.merged_into_id and not message.attachments
    if not (is_closed and role_of(by, case) == Role.CUSTOMER and _answers_the_end(case, message)):
        return False
    name = _names(case, message, by)
    return bool(says_fixed(message.text, name)) or says_good(message.text, name) is not None


def give(
    case: Case,
    *,
    by: Viewer,
    body: str,
    token: UUID,
    attachments: Sequence[Attachment],
    details: Mapping[str, Any],
) -> Event | None:
    """Files fulfil the one request that waits for something, as on the page. Returns None where it is otherwise."""
    waiting: list[Request] = open_requests(case)
    if not attachments or len(waiting) != 1 or waiting[0].secret or role_of(by, case) != Role.CUSTOMER:
        return None
    return requests.fulfil(
        case, by=by, body=body, request=waiting[0].pk, token=token, attachments=attachments, details=details
    )


def _names(case: Case, message: Message, by: Viewer) -> str:
    """By which they may sign: many programs send an address alone."""
    return f"{message.sender.name} {by.name if isinstance(by, User) else case.customer_name}"


def _answers_the_end(case: Case, message: Message) -> bool:
    """Whether it answers our mail about the resolution of the case, or one after it: not an earlier question."""
    ends = case.events.filter(kind__in=(Kind.RESOLVED, Kind.CLOSED)).order_by("-sequence")
    end = ends.filter(kind=Kind.RESOLVED).first() or ends.first()
    number = threads.sequence_in(message.answers, case.pk)
    answered = end and case.events.filter(public_sequence=number).first()
    return bool(end and answered and answered.at >= end.at - ONE_MAIL)
