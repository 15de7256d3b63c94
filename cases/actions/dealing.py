"""Dealing the cases of a team to its members in turn: see docs/decisions/teams.md."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cases.models import Case, Event, Kind, Team, User
from cases.queries.teams import cannot_wait, rooms_of, seen_by, to_deal

from .events import record

MOST = 20  # cases in one transaction: whoever wants to write in one of them waits for it


@transaction.atomic
def deal(team: Team, *, at: datetime) -> list[Event]:
    """Give what waits to whoever is next in turn, is here and has room: MOST cases at most, the oldest first, and ahead
    of them what cannot wait until its assignee is back.

    What nobody has room for stays as it is, and the lead is told of it once until all is dealt. The team is locked, so
    that two at once deal no case twice and nobody more than they have room for. What somebody writes in waits.
    """
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    rooms = rooms_of(team)
    here = [person for person, room in rooms.items() if room > 0 and not person.is_away]
    waiting = _waiting(team, [person for person in rooms if person.is_away], seen_by(here))
    if not here:
        return _tell(team, waiting, at)
    dealt = []
    for case in waiting:
        if person := _next(team, case, (person for person in here if rooms[person] > 0)):
            dealt.append(_assign(case, person))
            rooms[person] -= 1
            team.dealt_to, team.dealt_at = person, at
    if len(dealt) == len(waiting) < MOST:
        team.stuck_since = None
    team.save(update_fields=["dealt_to", "dealt_at", "stuck_since"])
    return dealt


def _waiting(team: Team, absent: Iterable[User], seen: Q) -> list[Case]:
    """Both kinds, locked unless somebody else has done so."""
    found: list[Case] = []
    for cases in (*(cannot_wait(team, person) for person in absent), to_deal(team)):
        held = cases.filter(seen).select_for_update(no_key=True, skip_locked=True, of=("self",))
        found += held.select_related("assignee").order_by("number")[:MOST]
    return found[:MOST]


def _next(team: Team, case: Case, people: Iterable[User]) -> User | None:
    """Of those who see the case the one after whoever had the last, in the order of their numbers."""
    last = team.dealt_to_id or 0
    seeing = [person for person in people if person.sees(case)]
    return min(seeing, key=lambda person: (person.pk <= last, person.pk), default=None)


def _assign(case: Case, person: User) -> Event:
    details = {"assignee": str(person), "in_turn": True}
    if case.assignee:
        details["instead_of"] = str(case.assignee)
    return record(case, Kind.ASSIGNEE, by=None, details=details, assignee_id=person.pk)


def _tell(team: Team, waiting: list[Case], at: datetime) -> list[Event]:
    """Say in the first case that everybody is away or has no room, unless that was said."""
    if team.stuck_since or not waiting:
        return []
    team.stuck_since = at
    team.save(update_fields=["stuck_since"])
    return [record(waiting[0], Kind.UNDEALT, by=None, details={"team": team.name})]
