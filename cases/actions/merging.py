"""What cases have to do with each other: links, and one that goes on in another."""

from typing import Any

from django.db import transaction

from cases.models import YES, Answer, Case, Draft, Event, Kind, Link, Refused, Status, User, WaitingOn
from cases.queries.deadlines import open_escalation, open_promises, soonest

from . import incidents
from .events import now, record
from .resolution import unanswered

NOT_ONE_CUSTOMERS = "Only cases of the same customer can be merged. Link them instead."
TEXTS = ("body", "resolution", "root_cause")  # the fields of drafts that hold what was written


@transaction.atomic
def link(case: Case, *, by: User | None, other: Case) -> Event | None:
    """Say that two cases have to do with each other. Returns None when that is said already."""
    if case.pk == other.pk:
        raise Refused("A case cannot be linked to itself.")
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
    incident = Case.objects.select_related("incident").get(pk=case.pk).incident
    incident = incident and incident.locked()  # before the cases, as whatever attaches does
    if end.pk != case.pk:
        case, end = _held(case, end)
    if case.merged_into_id == end.pk:
        return None
    if case.incident_id != (incident and incident.pk):
        raise Refused(f"Somebody else changed case {case.number} at the same moment. Look at it again.")
    may_merge(case, into, end).check()
    if case.unproven and not anyway:
        raise Refused("Say that you merge it although its address is not confirmed.")
    owed = owed_by(case, end)
    case.promises.filter(ended_at=None).update(case=end)
    if "escalated_to_id" in owed:
        case.escalations.filter(ended_at=None).update(case=end)
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
        waiting_on=WaitingOn.NOBODY,
        waiting_since=now(),
    )
    record(end, Kind.MERGED, by=by, details={"case": case.number}, **owed)
    _carry_drafts(case, end)
    return event


def may_be_merged(case: Case) -> Answer:
    """Whether there may be a case in which this one can go on: its customer is known, and it goes on in none yet."""
    if case.merged_into_id:
        return Answer(refusal=f"Case {case.number} goes on in case {case.merged_into_id} already.")
    return YES if case.customer_id or case.claimed_email else Answer(refusal=NOT_ONE_CUSTOMERS)


def may_merge(case: Case, into: Case, end: Case) -> Answer:
    """Whether the case may go on in `end`, which is where `into` goes on."""
    refusal = ""
    if case.pk == into.pk:
        refusal = "A case cannot be merged into itself."
    elif case.pk == end.pk:
        refusal = f"Case {into.number} goes on in case {case.number} already."
    elif case.merged_into_id not in (None, end.pk):
        refusal = may_be_merged(case).refusal
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
    if not (case.unproven or other.unproven):
        return case.customer_id is not None and case.customer_id == other.customer_id
    address = _address(case).casefold()
    return bool(address) and address == _address(other).casefold()


def _address(case: Case) -> str:
    return case.customer.email if case.customer else case.claimed_email


@transaction.atomic
def unmerge(case: Case, *, by: User | None) -> Event | None:
    """Take a merge back: the case is again what it was before. Returns None when it is not merged.

    The case it went on in keeps what it took over once something has been said there.
    """
    into = Case.objects.get(pk=case.pk).merged_into
    if into is None:
        return None
    case, into = _held(case, into)
    if case.merged_into_id != into.pk:
        raise Refused(f"Somebody else changed case {case.number} at the same moment. Look at it again.")
    merges = case.events.filter(kind=Kind.MERGED, details__case=into.number)
    merged = merges.filter(changes__has_key="merged_into_id").latest("sequence")
    received = into.events.filter(kind=Kind.MERGED, details__case=case.number).latest("sequence")
    into.promises.filter(ended_at=None, made_in__case=case).update(case=case)
    into.escalations.filter(ended_at=None, asked_in__case=case).update(case=case)
    before = _before(case, merged)
    if before.get("status") == Status.RESOLVED:
        before["closes_at"] = unanswered(now())
    event = record(
        case,
        Kind.UNMERGED,
        by=by,
        details={"case": into.number},
        **before | _running(case),
    )
    newest = into.events.filter(public=True).latest("sequence")
    given_back = _before(into, received) if newest == received else {}
    record(into, Kind.UNMERGED, by=by, details={"case": case.number}, **given_back | _running(into))
    return event


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
    """Both, locked in the order of their numbers, so that two who do this at once cannot block each other."""
    numbers = [case.pk, other.pk]
    held = {
        locked.pk: locked
        for locked in Case.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    }
    return held[case.pk], held[other.pk]


def _ends(case: Case, other: Case) -> dict[str, Any]:
    return {"first_id": min(case.pk, other.pk), "second_id": max(case.pk, other.pk)}


def _on_both(case: Case, other: Case, kind: Kind, by: User | None) -> Event:
    event = record(case, kind, by=by, details={"case": other.number})
    record(other, kind, by=by, details={"case": case.number})
    return event


def _before(case: Case, event: Event) -> dict[str, Any]:
    """The values that fields had before the event, of those that nothing has changed since.

    A sleep that would have ended by now has ended.
    """
    fields: dict[str, Any] = {name: case._meta.get_field(name) for name in event.changes}
    changes = {
        name: [field.to_python(value) for value in event.changes[name]] for name, field in fields.items()
    }
    before = {name: old for name, (old, new) in changes.items() if getattr(case, name) == new}
    if (until := before.get("snoozed_until")) and until <= now():
        del before["snoozed_until"]
    before.pop("closes_at", None)  # what was said meanwhile was said elsewhere
    return before


def _carry_drafts(case: Case, into: Case) -> None:
    """What agents had begun to write goes on in the other case, below what they have begun there."""
    drafts = {
        (draft.case_id, draft.agent_id, draft.kind): draft
        for draft in Draft.objects.select_for_update(no_key=True).filter(case__in=[case, into]).order_by("pk")
    }
    for (number, agent, kind), draft in drafts.items():
        if number == into.pk:
            continue
        there = drafts.get((into.pk, agent, kind))
        if there is None:
            draft.case = into
            draft.save(update_fields=["case"])
            continue
        for name in TEXTS:
            texts = [fields[name] for fields in (there.fields, draft.fields) if fields.get(name)]
            if texts:
                there.fields[name] = "\n\n".join(texts)
        there.version += 1
        there.save(update_fields=["fields", "version", "at"])
        draft.delete()
