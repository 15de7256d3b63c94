"""What goes along when a case goes on in another one, and what comes back when the two are separated.

What belongs to a case is found by where it was made, in the case or in one that goes on in it, wherever it runs now.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Max

from cases.models import Case, Draft, Escalation, Event, Follow, Kind, Promise, Request, Role, User, WaitingOn
from cases.queries.deadlines import open_requests
from cases.queries.standing import Brought, Standing, standing_of
from cases.text.numbers import whole_number

from . import incidents
from .events import now, record
from .open_requests import wait_anew

TEXTS = ("body", "resolution", "root_cause")  # the fields of drafts that hold what was written
ROW = re.compile(r"(?P<rows>\w+)-(?P<number>\d+)-(?P<field>\w+)")  # of a formset, as drafts keep it
TOTAL = re.compile(r"\w+-TOTAL_FORMS")


def parts_of(case: Case) -> list[int]:
    """The case and those that go on in it, be it by others between."""
    found = newest = [case.pk]
    while newest:
        newest = [*Case.objects.filter(merged_into__in=newest).values_list("pk", flat=True)]
        found = found + newest
    return found


def take_along(case: Case, into: Case) -> list[Brought]:
    """Move what runs in the case to the one in which it goes on, and return what that one then owes, by case.

    A team that is asked there already stays the one that is asked, and nothing is asked for twice.
    """
    standing, moved = standing_of(case), _new_requests(case, into)
    case.promises.filter(ended_at=None).update(case=into)
    if into.escalated_to_id is None:
        case.escalations.filter(ended_at=None).update(case=into)
    Request.objects.filter(pk__in=[one.pk for one in moved]).update(case=into)
    own_incident = case.incident_id if case.incident_id not in _incidents(standing) else None
    own_since = standing.own_since if standing.own_turn == WaitingOn.US else None
    parts = [Brought(case.pk, own_since, incident=own_incident), *standing.brought]
    for part in parts:
        part.requests = [one.what for one in moved if one.asked_in.case_id == part.case]
        part.incident = part.incident if into.is_active and into.incident_id is None else None
    return [part for part in parts if part.since or part.requests or part.incident]


def _incidents(standing: Standing) -> set[int | None]:
    return {part.incident for part in standing.brought}


def _new_requests(case: Case, into: Case) -> list[Request]:
    asked = {one.what.casefold() for one in open_requests(into)}
    running = case.requests.filter(ended_at=None).select_related("asked_in").order_by("pk")
    return [one for one in running if one.what.casefold() not in asked]


def give_back(parts: Sequence[int], way: Sequence[Case], merged_at: Sequence[datetime]) -> None:
    """Let the first case on the way have again what was made in its parts and still runs.

    What a merge itself ended, because the same was asked there, runs again too.
    """
    case = way[0]
    Promise.objects.filter(ended_at=None, made_in__case__in=parts).update(case=case)
    Escalation.objects.filter(ended_at=None, asked_in__case__in=parts).update(case=case)
    stopped = Escalation.objects.filter(ended_at__in=merged_at, answered=False, asked_in__case__in=parts)
    for question in stopped.filter(case__in=way):
        question.case, question.ended_at = case, None
        question.set_due(question.due_at, now())
        question.save()
    asked_here = Request.objects.filter(asked_in__case__in=parts)
    asked_here.filter(ended_at=None).update(case=case)
    elsewhere = Request.objects.filter(case__in=way).exclude(asked_in__case__in=parts)
    doubles = asked_here.filter(ended_at__in=merged_at, outcome=Request.Outcome.WITHDRAWN, case__in=way)
    for request in doubles:
        same = elsewhere.filter(what__iexact=request.what)
        if same.filter(ended_at=None).exists():
            request.case, request.ended_at, request.outcome = case, None, Request.Outcome.WAITING
            request.save()
        elif settled := same.exclude(ended_at__in=merged_at).order_by("-ended_at").first():
            request.outcome = settled.outcome
            request.save()


def merged_at(way: Sequence[Case]) -> list[datetime]:
    """When each on the way came to go on in the next."""
    merges = Event.objects.filter(case__in=way, kind=Kind.MERGED, changes__has_key="merged_into_id")
    return [merges.filter(case=one).latest("sequence").at for one in way[:-1]]


def settle_requests(case: Case, standing: Standing, parts: Sequence[int], *, by: User | None) -> None:
    """Say in the case what became of its requests while it went on elsewhere, and remind anew of the others."""
    running = {one.what for one in open_requests(case)}
    over = [what for what in standing.requests if what not in running]
    for number, what in enumerate(over, 1):
        asked = Request.objects.filter(asked_in__case__in=parts, what=what).latest("pk")
        if asked.outcome == Request.Outcome.GIVEN:
            record(case, Kind.GIVEN, by=case.customer, role=Role.CUSTOMER, details={"request": what})
        else:
            is_last = not running and number == len(over) and case.waiting_on == WaitingOn.CUSTOMER
            turn = WaitingOn.US if is_last else None
            record(case, Kind.WITHDRAWN, by=by, details={"request": what}, turn=turn)
    wait_anew(case, now())


def carry_followers(case: Case, into: Case, at: datetime) -> None:
    """Whoever follows the case follows the one in which it goes on, since the merge."""
    known = into.follows.values("agent")
    new = [*case.follows.exclude(agent__in=known).order_by("agent").values_list("agent", flat=True)]
    Follow.objects.bulk_create(Follow(case=into, agent_id=agent) for agent in new)
    into.follows.filter(agent__in=new).update(since=at)


def give_followers_back(way: Sequence[Case]) -> None:
    """Whoever follows what it went on in by a merge alone, and no other case that does, follows it no more."""
    leaving = [*way[0].follows.values_list("agent", flat=True)]
    for part, into in pairwise(way):
        by_merge = into.follows.filter(since__in=into.events.filter(kind=Kind.MERGED).values("at"))
        others = Follow.objects.filter(case__merged_into=into).exclude(case=part)
        gone = by_merge.filter(agent__in=leaving).exclude(agent__in=others.values("agent"))
        leaving = [*gone.values_list("agent", flat=True)]
        into.follows.filter(agent__in=leaving).delete()


def leave_incident(case: Case, parts: Sequence[int], *, by: User | None) -> None:
    """Take the case out of the incident to which it belongs only by what is separated from it."""
    if not (case.incident and case.incident.is_open):
        return
    attached = case.events.filter(kind=Kind.ATTACHED).aggregate(last=Max("sequence"))["last"] or 0
    merged = case.events.filter(kind=Kind.MERGED, sequence=attached + 1).first()
    brought = [*map(Brought.read, merged.details.get("brought", []))] if merged else []
    is_theirs = any(part.incident == case.incident_id and part.case in parts for part in brought)
    if is_theirs and not Case.objects.filter(merged_into=case, incident=case.incident_id).exists():
        incidents.detach(case, by=by)


def carry_drafts(case: Case, into: Case) -> None:
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
            draft.case, draft.fields = into, {"begun_in": case.pk} | draft.fields
            draft.save(update_fields=["case", "fields"])
            continue
        there.fields = _both(there.fields, draft.fields)
        there.version += 1
        there.save(update_fields=["fields", "version", "at"])
        draft.delete()


def _both(there: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    """What both drafts hold: their texts one below the other, all files and rows, and what is chosen in one alone."""
    both = {}
    for name, value in here.items():
        if row := ROW.fullmatch(name):
            before = whole_number(there.get(f"{row['rows']}-TOTAL_FORMS", "")) or 0
            both[f"{row['rows']}-{before + int(row['number'])}-{row['field']}"] = value
        elif total := TOTAL.fullmatch(name):
            both[name] = str(sum(whole_number(held.get(total[0], "")) or 0 for held in (there, here)))
        else:
            both[name] = value
    both |= {
        name: value for name, value in there.items() if value and not (name in both and TOTAL.fullmatch(name))
    }
    for name in {*TEXTS} & {*both}:
        both[name] = "\n\n".join(fields[name] for fields in (there, here) if fields.get(name))
    if "attachments" in both:
        both["attachments"] = [*dict.fromkeys([*there.get("attachments", []), *here.get("attachments", [])])]
    both.pop("begun_in", None)
    return both


def give_drafts_back(case: Case, parts: Sequence[int], end: Case) -> None:
    """What was carried along and nobody has touched since goes back. The rest stays where it was written on."""
    kept = {(draft.agent_id, draft.kind) for draft in case.drafts.all()}
    carried = Draft.objects.select_for_update(no_key=True).filter(case=end, fields__begun_in__in=parts)
    for draft in carried.order_by("pk"):
        if (draft.agent_id, draft.kind) not in kept:
            draft.case = case
            draft.save(update_fields=["case"])
