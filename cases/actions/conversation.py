"""Opening a case, and what is said in it."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from cases.models import Case, Event, Kind, Refused, Request, Role, Status, System, User, WaitingOn
from cases.promised import promised_in

from .due import end_requests, running_promises, running_requests, soonest
from .promises import Word, check, keep, kept_by, start, write
from .recording import already_recorded, happens_now, now, record, role_of, token_for
from .requests import ask_with, wait_anew


def open_case(
    *,
    system: System,
    summary: str,
    description: str,
    severity: int,
    customer: User,
    by: User,
    customer_name: str = "",
    token: UUID | None = None,
) -> Case:
    """Open a case with the customer's first message and return it.

    A report received twice, be it at the same moment, returns the case that it opened the first time. Another
    report opens another case, even if it comes with the same form.
    """
    token = token and uuid5(token, repr((customer.pk, system.pk, summary, description)))
    try:
        with transaction.atomic():
            case = Case.objects.create(
                system=system,
                summary=summary,
                customer=customer,
                customer_name=customer_name or customer.name,
                organisation=customer.organisation,
                opened_at=now(),
            )
            record(case, Kind.OPENED, by=by, token=token, severity=severity)
            record(case, Kind.REPLY, by=customer, role=Role.CUSTOMER, body=description)
            return case
    except IntegrityError:
        return Case.objects.get(events__token=token, customer=customer)


@transaction.atomic
def reply(
    case: Case,
    *,
    by: User | None,
    body: str,
    role: Role | None = None,
    token: UUID | None = None,
    mail: bool = True,
    promises: Sequence[Word] | None = None,
    keeps: Collection[int] | None = None,
    asks: Sequence[str] = (),
    gives_all: bool = True,
) -> Event | None:
    """Say something to the other side. A customer's reply to a resolved case reopens it.

    What is said to a merged case is said in the one it goes on in. Without `mail` it is not mailed, as when its
    receiver gets the same elsewhere. `promises` are what it promises, as its author saw them; None when nobody
    looked: then what is read in it is proposed. `keeps` are the promises that it keeps, by default the next one due.
    `asks` is what it asks the customer for. A customer's reply answers all that was asked for, unless it is said
    that it does not.
    Returns None when the form was
    received before with these words. Raises Refused when the case is closed.
    """
    case, token = case.locked_end(), token_for(token, body)
    if already_recorded(token):
        return None
    if case.status == Status.CLOSED:
        raise Refused(f"Case {case.number} is closed. Reopen it to write in it.")
    say = partial(record, case, Kind.REPLY, by=by, role=role, body=body, token=token, mail=mail)
    if (role or role_of(by, case)) == Role.AGENT and case.is_active and happens_now():
        event = _promise(case, say, body, promises, keeps)
        wait_anew(case, event.at)
        ask_with(event, asks)
        return event
    event = say()
    ask_with(event, asks)
    if event.role == Role.CUSTOMER and gives_all and happens_now():
        end_requests(running_requests(case), event.at, Request.Outcome.GIVEN)
    if event.role == Role.CUSTOMER and case.status == Status.RESOLVED:
        record(case, Kind.REOPENED, by=by, status=Status.OPEN, resolved_at=None, resolution="")
    return event


def _promise(
    case: Case,
    say: Callable[..., Event],
    body: str,
    promises: Sequence[Word] | None,
    keeps: Collection[int] | None,
) -> Event:
    """Say what keeps promises and makes new ones. While one is to be kept it stays our turn."""
    at, running = now(), running_promises(case)
    kept = kept_by(running, at, keeps)
    left = [one for one in running if one not in kept]
    check(promises or (), left)
    following = keep(kept, promises or (), at)
    ours = WaitingOn.US if promises or following else None
    event = say(turn=ours, promised_at=soonest([*left, *following, *(promises or ())]))
    for one in following:
        start(one, one.due_at)
    proposed = promises is None
    write(event, promised_in(body, case, at) if promises is None else promises, proposed=proposed)
    return event


@transaction.atomic
def add_note(case: Case, *, by: User, body: str, token: UUID | None = None) -> Event | None:
    """Write down something that only agents see. Returns None when the form was received before with these words."""
    case, token = case.locked_end(), token_for(token, body)
    if already_recorded(token):
        return None
    return record(case, Kind.NOTE, by=by, body=body, token=token)
