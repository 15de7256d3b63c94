"""Opening a case, and what is said in it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from cases.models import (
    YES,
    Answer,
    Attachment,
    Case,
    Event,
    Kind,
    Request,
    Role,
    Status,
    System,
    Team,
    User,
    Viewer,
    WaitingOn,
)
from cases.models.promise import PromiseTerms
from cases.queries.deadlines import open_promises, open_requests, promised_by, soonest
from cases.queries.promises import promised_in
from cases.queries.teams import team_of

from .deadlines import end_requests
from .events import happens_now, now, record, role_of, target_for
from .open_requests import add_request, wait_anew
from .promises import check, keep, kept_by, said_again, start, write
from .taking import taken_by
from .tokens import already_recorded, token_for


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
    mail: bool = True,
    details: Mapping[str, Any] | None = None,
    team: Team | None = None,
) -> Case:
    """Open a case with the customer's first message and return it.

    Without a customer it is a visitor's, who only claims to have the address `claimed_email`.
    A report received twice, be it at the same moment, returns the case that it opened the first time. Another
    report opens another case, even if it comes with the same form. Without `mail` nobody is told by mail.
    Without `team` it goes to the one of its system.
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
            team = team or team_of(system)
            named = {"team": team.name} if team else {}
            record(
                case,
                Kind.OPENED,
                by=by,
                token=token,
                details=named,
                mail=mail,
                severity=severity,
                team_id=team and team.pk,
            )
            record(
                case,
                Kind.REPLY,
                by=customer or by,
                role=Role.CUSTOMER,
                body=description,
                attachments=attachments,
                mail=mail,
                details=details,
            )
            return case
    except IntegrityError:
        if token and (case := Case.objects.filter(events__token=token).first()):
            return case
        raise


@dataclass(frozen=True)
class ReplyTerms:
    """What a reply promises, keeps and asks for, and whether a customer's reply fulfils all requests.

    `promises` are those that its author saw, and None when nobody looked: then all that is read in it is proposed.
    `proposes` are those that its author did not see. `keeps` names running promises, by default what is due next.
    `checked` promises were checked when they were written, as those of an update that goes to many cases: none of
    these refuses it.
    """

    promises: Sequence[PromiseTerms] | None = None
    proposes: Sequence[PromiseTerms] = ()
    keeps: Collection[int] | None = None
    asks: Sequence[str] = ()
    fulfils_all: bool = True
    checked: bool = False


def may_reply(case: Case) -> Answer:
    """Whether somebody may write to the other side: until the case is closed. Then they reopen it with what they write."""
    if case.status != Status.CLOSED:
        return YES
    return Answer(refusal=f"Case {case.number} is closed. Reopen it to write in it.")


@transaction.atomic
def reply(
    case: Case,
    *,
    by: Viewer | None,
    body: str,
    role: Role | None = None,
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
    mail: bool = True,
    terms: ReplyTerms = ReplyTerms(),
    details: Mapping[str, Any] | None = None,
    takes: bool = False,
) -> Event | None:
    """Say something to the other side, be it by files alone. A customer's reply to a resolved case reopens it.

    What is said to a merged case is said in the one it goes on in. Without `mail` it is not mailed, as when its
    receiver gets the same elsewhere. Where it `takes` the case, that is its author's, if it was nobody's. Returns None when the form was received before with these words, or brings
    nothing but files that were sent before. Raises Refused when the case is closed.
    """
    case, token = target_for(case, by), token_for(token, body, attachments)
    if already_recorded(token) or only_resends_files(body, attachments):
        return None
    may_reply(case).check()
    role = role or role_of(by, case)
    details = dict(details or {})
    if role == Role.CUSTOMER and not terms.fulfils_all:
        details["leaves_requests"] = True
    say = partial(
        record,
        case,
        Kind.REPLY,
        by=by,
        role=role,
        body=body,
        token=token,
        mail=mail,
        attachments=attachments,
        **(taken_by(case, by) if takes else {}),
    )
    # An imported reply is not read for promises; only those that are passed in count.
    if role == Role.AGENT and case.is_active and (happens_now() or terms.promises is not None):
        event = _reply_with_promises(case, body, terms, details, say)
        wait_anew(case, event.at)
    else:
        event = say(details=details)
    for what in terms.asks:
        add_request(case, what, by=event.author, mail=False)
    if role == Role.CUSTOMER and terms.fulfils_all and happens_now():
        end_requests(open_requests(case), event.at, Request.Outcome.GIVEN)
    if role == Role.CUSTOMER and case.status == Status.RESOLVED:
        record(case, Kind.REOPENED, by=by, status=Status.OPEN, resolved_at=None, resolution="", mail=False)
    return event


def _reply_with_promises(
    case: Case, body: str, terms: ReplyTerms, details: Mapping[str, Any], say: Callable[..., Event]
) -> Event:
    """Record the reply by `say`, end the promises that it keeps, and write the new ones."""
    at, running = now(), open_promises(case)
    promises = terms.promises or ()
    proposes = promised_in(body, case, at) if terms.promises is None else terms.proposes
    kept = kept_by(running, at, terms.keeps)
    left = [promise for promise in running if promise not in kept]
    if not terms.checked:
        check(promises, left)
    following = keep(kept, promises, at)
    promises = [promise for promise in promises if not said_again(promise, following)]
    owing = [*left, *following]
    ours = WaitingOn.US if owing or promises else None
    made = promised_by(case, owing) if owing and not promises else {}
    event = say(turn=ours, details={**details, **made}, promised_at=soonest([*owing, *promises]))
    for promise in following:
        start(promise, promise.due_at)
    write(event, promises)
    write(event, proposes, proposed=True)
    return event


@transaction.atomic
def add_note(
    case: Case,
    *,
    by: User | None,
    body: str,
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
    mail: bool = True,
    details: Mapping[str, Any] | None = None,
) -> Event | None:
    """Write down something that only agents see. Without `mail` none of them is mailed of it.

    Returns None when the form was received before with these words.
    """
    case, token = case.locked_target(), token_for(token, body, attachments)
    if already_recorded(token) or only_resends_files(body, attachments):
        return None
    return record(
        case, Kind.NOTE, by=by, body=body, details=details, token=token, mail=mail, attachments=attachments
    )


def only_resends_files(body: str, attachments: Sequence[Attachment]) -> bool:
    """Whether there is no text, and every file was sent before."""
    return bool(attachments) and not body and all(one.event_id for one in attachments)
