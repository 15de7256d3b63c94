"""What cases have to do with each other: links, and one that goes on in another."""

from typing import Any

from django.db import transaction

from cases.models import YES, Answer, Case, Event, Kind, Link, Refused, Status, User, WaitingOn
from cases.models.choices import DONE
from cases.queries.deadlines import open_escalation, open_promises, open_requests, soonest
from cases.queries.standing import Standing, standing_of

from . import carrying, copies, incidents, outgoing
from .events import now, record
from .open_requests import wait_anew
from .resolution import unanswered

NOT_ONE_CUSTOMERS = "Only cases from the same customer can be merged. Link them instead."
SPAM = "Case {} is marked as spam. Mark it as not spam before you merge it."


@transaction.atomic
def link(case: Case, *, by: User | None, other: Case) -> Event | None:
    """Say that two cases have to do with each other. Returns None when that is said already."""
    if case.pk == other.pk:
        raise Refused("You can’t link a case to itself.")
    case, other = _held(case, other)
    if not Link.objects.get_or_create(**_ends(case, other))[1]:
        return None
    return _on_both(case, other, Kind.LINKED, by)


@transaction.atomic
def unlink(case: Case, *, by: User | None, other: Case) -> Event | None:
    """Take the link between two cases back. Returns None when there is none."""
    if case.pk == other.pk:
        return None
    case, other = _held(case, other)
    if not Link.objects.filter(**_ends(case, other)).delete()[0]:
        return None
    return _on_both(case, other, Kind.UNLINKED, by)


@transaction.atomic
def merge(case: Case, *, by: User | None, into: Case, anyway: bool = False) -> Event | None:
    """Close this case, which goes on in `into`, or where that one goes on. Both keep their history.

    Returns None when it is so. Raises Refused unless both are the same customer's. That a visitor's case is, who has
    not proven their address, whoever merges it must say `anyway`.
    """
    end = Case.objects.get(pk=into.pk).merged_target()
    if by and not by.sees(end):
        raise Refused(f"Case {into.number} goes on in one that you do not see.")
    incident = Case.objects.select_related("incident").get(pk=case.pk).incident
    incident = incident and incident.locked()  # before the cases, as whatever attaches does
    if end.pk != case.pk:
        case, end = _held(case, end)
    if case.merged_into_id == end.pk:
        return None
    if case.incident_id != (incident and incident.pk):
        raise Refused(f"Someone else just changed case {case.number}. Please check it again.")
    may_merge(case, into, end).check()
    if case.unproven and not anyway:
        raise Refused("Confirm that you want to merge it although the address isn’t confirmed.")
    asks = bool(open_requests(case) or open_escalation(case))
    owed, brought = owed_by(case, end), carrying.take_along(case, end)
    if asks:
        owed["closes_at"] = None  # whoever is asked has all their time
    if incident and incident.is_open and end.is_active and end.incident_id is None:
        incidents.attach(end, by=by, incident=incident)
        end.refresh_from_db()
    event = record(
        case,
        Kind.MERGED,
        by=by,
        details={"case": end.number},
        merged_into_id=end.pk,
        status=Status.CLOSED,
        resolved_at=case.resolved_at or now(),
    )
    details = {"case": case.number, "brought": [part.as_json() for part in brought]}
    received = record(end, Kind.MERGED, by=by, details=details, **owed)
    if asks:
        wait_anew(end, received.at)
    carrying.carry_followers(case, end, received.at)
    carrying.carry_drafts(case, end)
    outgoing.carry(case, end)
    copies.take_along(case, end)
    return event


def may_be_merged(case: Case) -> Answer:
    """Whether there may be a case in which this one can go on: its customer is known, and it goes on in none yet."""
    if case.merged_into_id:
        return Answer(refusal=f"Case {case.number} goes on in case {case.merged_into_id} already.")
    if case.spam:
        return Answer(SPAM.format(case.number))
    return YES if case.customer_id or case.claimed_email else Answer(refusal=NOT_ONE_CUSTOMERS)


def may_merge(case: Case, into: Case, end: Case) -> Answer:
    """Whether the case may go on in `end`, which is where `into` goes on."""
    refusal = ""
    if case.pk == into.pk:
        refusal = "You can’t merge a case into itself."
    elif case.pk == end.pk:
        refusal = f"Case {into.number} goes on in case {case.number} already."
    elif case.merged_into_id not in (None, end.pk) or case.spam:
        refusal = may_be_merged(case).refusal
    elif end.spam:
        refusal = SPAM.format(end.number)
    elif end.merged_into_id:
        refusal = f"Case {end.number} was merged into case {end.merged_into_id} a moment ago."
    elif not _are_one_customers(case, end):
        refusal = NOT_ONE_CUSTOMERS
    elif end.unproven and not case.unproven:
        refusal = (
            f"The address of case {end.number} is not confirmed, so whoever reported it may not read what is said in"
            f" case {case.number}. Merge case {end.number} into this one instead."
        )
    elif case.is_active and not end.is_active:
        status = end.get_status_display().lower()
        refusal = f"Case {end.number} is {status}. Reopen it before another case goes on in it."
    return Answer(refusal)


def _are_one_customers(case: Case, other: Case) -> bool:
    """Whether both are of one customer, or say so: a visitor's by the address that they typed."""
    if case.unproven and other.unproven and case.claimed_email == other.claimed_email:
        return bool(case.claimed_email)
    whose = _whose(case)
    return whose is not None and whose == _whose(other)


def _whose(case: Case) -> int | None:
    """Whose the case is, or by the address that the visitor typed would be."""
    if case.customer_id or not case.claimed_email:
        return case.customer_id
    owner = User.objects.of_address(case.claimed_email)
    return owner.pk if owner else None


@transaction.atomic
def unmerge(case: Case, *, by: User | None) -> Event | None:
    """Take a merge back: the case is again what its own events say. Returns None when it is not merged.

    All cases on the way to the one it went on in are what they are without it. What was said there stays there.
    """
    way = _way(case)
    if len(way) == 1:
        return None
    incidents.hold(one.incident_id for one in way[1:])
    held = Case.objects.held(one.pk for one in way)
    if [(one.pk, one.incident_id) for one in _way(case)] != [(one.pk, one.incident_id) for one in way]:
        raise Refused(f"Someone else just changed case {case.number}. Please check it again.")
    case, *others = way = [held[one.pk] for one in way]
    parts, standing = carrying.parts_of(case), standing_of(case, gone=[others[0].pk])
    merged_at = carrying.merged_at(way)
    carrying.give_back(parts, way, merged_at)
    alone = _alone(case, standing) | _running(case)
    event = record(case, Kind.UNMERGED, by=by, details={"case": others[0].number}, **alone)
    carrying.settle_requests(case, standing, parts, by=by)
    for one in others:
        without = {} if one.merged_into_id else _without(one, case)
        record(one, Kind.UNMERGED, by=by, details={"case": case.number}, **without)
        carrying.leave_incident(one, parts, by=by)
    carrying.give_followers_back(way)
    carrying.give_drafts_back(case, parts, others[-1])
    copies.give_back(way)
    return event


def _way(case: Case) -> list[Case]:
    """The case as it is now, and those in which it goes on, one in the other."""
    way = [Case.objects.get(pk=case.pk)]
    while way[-1].merged_into:
        way.append(way[-1].merged_into)
    return way


def _alone(case: Case, standing: Standing) -> dict[str, Any]:
    """What a case is again that is separated. Whoever is to confirm a fix is asked anew."""
    return _turn(standing) | {
        "merged_into_id": None,
        "status": standing.status,
        "resolved_at": case.resolved_at if standing.status in DONE else None,
        "closes_at": unanswered(now()) if standing.status == Status.RESOLVED else None,
    }


def _without(case: Case, part: Case) -> dict[str, Any]:
    """What a case is without the part that is separated from it. What it asks for itself is reminded of anew."""
    turn = _turn(standing_of(case, gone=[part.pk]))
    if turn["waiting_on"] != case.waiting_on or case.closes_at is None:
        wait_anew(case, now())
    closes = case.status == Status.RESOLVED or open_requests(case)
    return turn | _running(case) | ({} if closes else {"closes_at": None})


def _turn(standing: Standing) -> dict[str, Any]:
    """Whom it waits on, and how long it sleeps. A sleep that would have ended by now has ended."""
    until = standing.snoozed_until
    return {
        "waiting_on": standing.waiting_on,
        "waiting_since": standing.waiting_since,
        "snoozed_until": until if until and until > now() else None,
    }


def owed_by(case: Case, into: Case) -> dict[str, Any]:
    """What `into` owes the customer once `case` goes on in it: an answer they wait for, and by when."""
    owed: dict[str, Any] = {}
    if case.waiting_on == WaitingOn.US:
        owed["snoozed_until"] = None
        if into.waiting_on != WaitingOn.US or case.waiting_since < into.waiting_since:
            owed |= {"waiting_on": WaitingOn.US, "waiting_since": case.waiting_since}
    if case.promised_at and (into.promised_at is None or case.promised_at < into.promised_at):
        owed["promised_at"] = case.promised_at
    if case.escalated_to_id and into.escalated_to_id is None:
        owed["escalated_to_id"] = case.escalated_to_id
    return owed


def _running(case: Case) -> dict[str, Any]:
    """What the case says of the promises that it has to keep, and of the team that is asked in it."""
    asked = open_escalation(case)
    return {"promised_at": soonest(open_promises(case)), "escalated_to_id": asked and asked.team_id}


def _held(case: Case, other: Case) -> tuple[Case, Case]:
    held = Case.objects.held([case.pk, other.pk])
    return held[case.pk], held[other.pk]


def _ends(case: Case, other: Case) -> dict[str, Any]:
    return {"first_id": min(case.pk, other.pk), "second_id": max(case.pk, other.pk)}


def _on_both(case: Case, other: Case, kind: Kind, by: User | None) -> Event:
    event = record(case, kind, by=by, details={"case": other.number})
    record(other, kind, by=by, details={"case": case.number})
    return event
