"""People in copy of a case: who reads along by mail, and may answer."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction

from cases.incoming.headers import ADDRESS, Person
from cases.live.nudge import nudge, person_topic
from cases.mail import threads
from cases.mail.copies import is_told, message_to_copy
from cases.models import (
    YES,
    Answer,
    BlockedSender,
    Case,
    Event,
    Guest,
    InCopy,
    Kind,
    Mailbox,
    Refused,
    User,
    Viewer,
)
from cases.models.addresses import one_spelling
from cases.models.rights import Right
from cases.queries.deliveries import trouble_with

from .accounts import customer_for
from .carrying import parts_of
from .deliveries import deliver
from .events import now, record

MOST = 20  # in one case
MOST_A_DAY = 50  # whom one customer puts in copy of their cases: they may never have heard of us
MACHINES = re.compile(
    r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|listserv|majordomo|bounces?|owner-.+|.+-(?:request|bounces?"
    r"|owner|subscribe|unsubscribe))(?:[+=-].*)?@|.+@(?:lists?|groups|mailman)\.|.+@googlegroups\.com$",
    re.IGNORECASE,
)


def may_change_copies(case: Case, by: Viewer) -> Answer:
    """Whether they may say who reads along: agents, and its customer once their address is known to be theirs."""
    if case.merged_into_id:
        return Answer(refusal=f"Case {case.number} goes on in case {case.merged_into_id}. Change it there.")
    if by.is_agent or (isinstance(by, User) and by.pk == case.customer_id):
        return YES
    return Answer(refusal=f"Only the customer of case {case.number} says who reads along.")


def may_leave(case: Case, by: Viewer, one: InCopy) -> Answer:
    """Whether they may take this one out: who may change it, and whoever it is."""
    if isinstance(by, User) and by.owns(one.address) and not case.merged_into_id:
        return YES
    return may_change_copies(case, by)


@transaction.atomic
def add(case: Case, *, by: User, address: str) -> Event | None:
    """Mail this address from now on what the customer reads. Returns None when it is so already. Raises Refused."""
    case = case.locked()
    may_change_copies(case, by).check()
    person = Person("", one_spelling(address))
    if not by.is_agent and _shut_out(person.address):
        raise Refused(f"{person.address} can’t be copied in.")
    _may_be_in_copy(case, by, person.address).check()
    return _record(case, by, [person] if _is_new(case, person.address) else [])


@transaction.atomic
def add_from_mail(case: Case, *, by: Viewer, people: Iterable[Person]) -> list[str]:
    """Keep whom a mail went to besides us, and return a sentence for each of them who is left out, and for which there
    is a reason to name. Whoever was taken out stays so: programs that answer all go on naming them."""
    case, new, left_out = case.locked_target(), dict[str, Person](), []
    for person in people:
        address = one_spelling(person.address)
        if _is_a_side(case, by, address) or InCopy.objects.filter(case=case, address=address).exists():
            continue
        answer = _may_be_in_copy(case, by, address, also=len(new))
        if answer:
            new[address] = Person(person.name, address)
        else:
            left_out.append(answer.refusal)
    _record(case, by, list(new.values()))
    return left_out


@transaction.atomic
def remove(case: Case, *, by: User, copy: int) -> Event | None:
    """Mail them no more. Returns None when they are not in copy."""
    case = case.locked()
    found = InCopy.objects.now().filter(case=case, pk=copy).first()
    if found is None:
        return None
    may_leave(case, by, found).check()
    return _end(case, InCopy.objects.filter(case__in=parts_of(case), address=found.address), by=by)


@transaction.atomic
def leave(one: InCopy) -> Event | None:
    """They read along no more, by the link in their mail, wherever the case goes on. Returns None when that is so."""
    case = one.case.locked_target()
    owner = User.objects.of_address(one.address)
    return _end(case, InCopy.objects.filter(case__in=parts_of(case), address=one.address), by=owner)


def end_all(case: Case, *, by: User | None, but: Sequence[str] = ()) -> Event | None:
    """Nobody reads along any more, since the case is another's now, `but` for these addresses."""
    return _end(case, InCopy.objects.filter(case__in=parts_of(case)).exclude(address__in=but), by=by)


def end_unvouched(case: Case, *, by: User, vouched: Sequence[str]) -> Event | None:
    """Whoever was put in copy by nobody known leaves, as the address is proven: its owner has not chosen them, unless
    a mail did that is known to be theirs."""
    copies = InCopy.objects.filter(case=case, added_by=None).exclude(address__in=vouched)
    return _end(case, copies, by=by)


def mail(events: Sequence[int], copy: int) -> None:
    """Tell somebody in copy of these events. They get an account without a name, to sign in with."""
    said = Event.objects.select_related("case", "author").filter(pk__in=events).order_by("sequence")
    for one in InCopy.objects.filter(pk=copy):
        if told := [event for event in said if is_told(one, event)]:
            if not one.case.unproven:
                customer_for(one.address)
            deliver(message_to_copy(one, *told), events=told)


def take_along(case: Case, into: Case) -> None:
    """Who reads along in a case reads along where it goes on. Whom a visitor named does so in a visitor's alone."""
    known = InCopy.objects.filter(case=into).values("address")
    own = InCopy.objects.now().filter(case=case).exclude(address__in=known)
    if case.unproven and not into.unproven:
        own = own.exclude(added_by=None)
    InCopy.objects.bulk_create(
        InCopy(case=into, address=one.address, name=one.name, added_by=one.added_by, came_with=case)
        for one in own.select_related("added_by")
    )


def give_back(way: Sequence[Case]) -> None:
    """Who reads along only by a merge that is taken back does so no more."""
    leaving = list(InCopy.objects.filter(case=way[0]).values_list("address", flat=True))
    for part, into in pairwise(way):
        others = InCopy.objects.now().filter(case__merged_into=into).exclude(case=part)
        gone = InCopy.objects.filter(case=into, came_with=part, address__in=leaving)
        gone = gone.exclude(address__in=others.values("address"))
        leaving = [*gone.values_list("address", flat=True)]
        InCopy.objects.filter(case=into, came_with=part, address__in=leaving).delete()


def is_of_a_machine(address: str) -> bool:
    """Whether it looks like no person's: one of a list, or of what answers nobody."""
    return not ADDRESS.fullmatch(address) or len(address) > 254 or bool(MACHINES.match(address))


def _is_new(case: Case, address: str) -> bool:
    return not InCopy.objects.now().filter(case=case, address=address).exists()


def _may_be_in_copy(case: Case, by: Viewer, address: str, also: int = 0) -> Answer:
    """Whether mail about the case may go to this address, besides its customer, when they want so."""
    refusal = ""
    if threads.is_ours(address) or Mailbox.objects.filter(user=address).exists():
        refusal = f"{address} is our own address."
    elif is_of_a_machine(address):
        refusal = f"{address} is a list or a machine, so it is not put in copy."
    elif shut_out := _shut_out(address):
        refusal = shut_out
    elif _is_a_side(case, None, address):
        refusal = f"{address} is the customer of this case and gets every email anyway."
    elif _is_new(case, address) and InCopy.objects.now().filter(case=case).count() + also >= MOST:
        refusal = f"{MOST} people at most are in copy of a case, so {address} is left out."
    elif isinstance(by, User) and not by.is_agent and _is_one_too_many_today(by, address, also):
        refusal = f"A customer may put {MOST_A_DAY} people in copy a day, so {address} is left out."
    return Answer(refusal=refusal)


def _is_one_too_many_today(by: User, address: str, also: int) -> bool:
    since = now() - timedelta(days=1)
    added = InCopy.objects.filter(added_by=by, added_at__gt=since).order_by()
    today = set(added.values_list("address", flat=True))
    return address not in today and len(today) + also >= MOST_A_DAY


def _shut_out(address: str) -> str:
    """Why nobody with this address is in copy of any case. Customers are not told: it says whose accounts there are."""
    owner = User.objects.of_address(address)
    if BlockedSender.objects.filter(address=address).exists():
        return f"{address} is blocked, so it can’t be copied in."
    if owner and not owner.is_active:
        return f"The account of {address} was deactivated, so that no email goes to it."
    if owner and owner.may(Right.READ_DESK):
        return f"{owner} works here and can see the case at the desk."
    return f"Email to {address} bounces, so it can’t be copied in." if trouble_with(address) else ""


def _is_a_side(case: Case, by: Viewer | None, address: str) -> bool:
    """Whether it is its customer's address, or that of whoever writes."""
    if address == case.claimed_email:
        return True
    owner = User.objects.of_address(address)
    return owner is not None and owner.pk in (case.customer_id, by.pk if by else None)


def _record(case: Case, by: Viewer, people: Sequence[Person]) -> Event | None:
    if not people:
        return None
    for person in people:
        added = {
            "added_by": by if isinstance(by, User) else None,
            "added_at": now(),
            "removed_by": None,
            "removed_at": None,
            "came_with": None,
        }
        InCopy.objects.update_or_create(
            case=case,
            address=person.address,
            defaults=added,
            create_defaults=added | {"name": person.name[:200]},
        )
    return _tell(case, Kind.COPIED, by, [person.address for person in people])


def _end(case: Case, copies: Any, *, by: User | None) -> Event | None:
    here = list(copies.now().filter(case=case).values_list("address", flat=True))
    copies.now().update(removed_at=now(), removed_by=by)
    return _tell(case, Kind.UNCOPIED, by, here) if here else None


def _tell(case: Case, kind: Kind, by: User | Guest | None, addresses: list[str]) -> Event:
    for owner in filter(None, map(User.objects.of_address, addresses)):
        nudge(person_topic(owner.pk))
    return record(case, kind, by=by, details={"addresses": addresses})
