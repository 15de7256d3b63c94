"""Opening a case, and what is said in it."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from cases.models import (
    Attachment,
    Case,
    Event,
    Kind,
    Refused,
    Request,
    Role,
    Status,
    System,
    User,
    Viewer,
    WaitingOn,
)
from cases.models.promise import PromiseTerms
from cases.queries.deadlines import open_promises, open_requests, soonest
from cases.queries.promises import promised_in

from .deadlines import end_requests
from .events import already_recorded, happens_now, now, record, role_of, target_for, token_for
from .promises import check, keep, kept_by, said_again, start, write
from .requests import ask_with, wait_anew


def open_case(
    *,
    system: System,
    summary: str,
    description: str,
    severity: int,
    by: Viewer,
    customer: User | None = None,
    customer_name: str = "",
    claimed_email: str = "",
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
) -> Case:
    """Open a case with the customer's first message and return it.

    Without a customer it is a visitor's, who only claims to have the address `claimed_email`.
    A report received twice, be it at the same moment, returns the case that it opened the first time. Another
    report opens another case, even if it comes with the same form.
    """
    whose = customer.pk if customer else claimed_email
    token = token and uuid5(token, repr((whose, system.pk, summary, description)))
    try:
        with transaction.atomic():
            case = Case.objects.create(
                system=system,
                summary=summary,
                customer=customer,
                customer_name=customer_name or (customer.name if customer else ""),
                organisation=customer and customer.organisation,
                unproven=customer is None,
                claimed_email=claimed_email,
                opened_at=now(),
            )
            record(case, Kind.OPENED, by=by, token=token, severity=severity)
            record(
                case,
                Kind.REPLY,
                by=customer or by,
                role=Role.CUSTOMER,
                body=description,
                attachments=attachments,
            )
            return case
    except IntegrityError:
        return Case.objects.get(events__token=token)


@transaction.atomic
def reply(
    case: Case,
    *,
    by: Viewer | None,
    body: str,
    role: Role | None = None,
    token: UUID | None = None,
    mail: bool = True,
    promises: Sequence[PromiseTerms] | None = None,
    keeps: Collection[int] | None = None,
    proposes: Sequence[PromiseTerms] = (),
    attachments: Sequence[Attachment] = (),
    asks: Sequence[str] = (),
    gives_all: bool = True,
) -> Event | None:
    """Say something to the other side, be it by files alone. A customer's reply to a resolved case reopens it.

    What is said to a merged case is said in the one it goes on in. Without `mail` it is not mailed, as when its
    receiver gets the same elsewhere. `promises` are what it promises, as its author saw them, and `proposes` what of
    it they did not see; None when nobody looked: then all that is read in it is proposed. `keeps` are the promises
    that it keeps, by default the next one due. Returns None when the form was received before with these words.
    `asks` is what it asks the customer for. A customer's reply answers all that was asked for, unless it is said that
    it does not. Raises Refused when the case is closed.
    """
    case, token = target_for(case, by), token_for(token, body, attachments)
    if already_recorded(token) or says_nothing(body, attachments):
        return None
    if case.status == Status.CLOSED:
        raise Refused(f"Case {case.number} is closed. Reopen it to write in it.")
    say = partial(
        record, case, Kind.REPLY, by=by, role=role, body=body, token=token, mail=mail, attachments=attachments
    )
    if (role or role_of(by, case)) == Role.AGENT and case.is_active and _may_promise(promises):
        if promises is None:
            promises, proposes = (), promised_in(body, case, now())
        event = _promise(case, say, promises, keeps, proposes)
        wait_anew(case, event.at)
        ask_with(event, asks)
        return event
    event = say()
    ask_with(event, asks)
    if event.role == Role.CUSTOMER and gives_all and happens_now():
        end_requests(open_requests(case), event.at, Request.Outcome.GIVEN)
    if event.role == Role.CUSTOMER and case.status == Status.RESOLVED:
        record(case, Kind.REOPENED, by=by, status=Status.OPEN, resolved_at=None, resolution="")
    return event


def _may_promise(promises: Sequence[PromiseTerms] | None) -> bool:
    """What was said long ago promises nothing that nobody read in it then."""
    return happens_now() or promises is not None


def _promise(
    case: Case,
    say: Callable[..., Event],
    promises: Sequence[PromiseTerms],
    keeps: Collection[int] | None,
    proposes: Sequence[PromiseTerms],
) -> Event:
    """Say what keeps promises and makes new ones. While one is to be kept it stays our turn."""
    at, running = now(), open_promises(case)
    kept = kept_by(running, at, keeps)
    left = [one for one in running if one not in kept]
    check(promises, left)
    following = keep(kept, promises, at)
    promises = [word for word in promises if not said_again(word, following)]
    ours = WaitingOn.US if promises or following else None
    event = say(turn=ours, promised_at=soonest([*left, *following, *promises]))
    for one in following:
        start(one, one.due_at)
    write(event, promises)
    write(event, proposes, proposed=True)
    return event


@transaction.atomic
def add_note(
    case: Case,
    *,
    by: User,
    body: str,
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
) -> Event | None:
    """Write down something that only agents see. Returns None when the form was received before with these words."""
    case, token = case.locked_target(), token_for(token, body, attachments)
    if already_recorded(token) or says_nothing(body, attachments):
        return None
    return record(case, Kind.NOTE, by=by, body=body, token=token, attachments=attachments)


def says_nothing(body: str, attachments: Sequence[Attachment]) -> bool:
    """Whether all that came are files which were sent already."""
    return bool(attachments) and not body and all(one.event_id for one in attachments)
