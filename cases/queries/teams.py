"""Whose cases are at first, by when somebody should have taken them, and to whom a team deals them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import reduce
from math import inf
from operator import or_

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.models import Case, Kind, Role, System, Team, User
from cases.models.case import NEEDS_US
from cases.models.people import agents
from cases.models.profile import who_are_away

ANSWERS = {Kind.REPLY, Kind.REQUESTED}
IS_NOBODYS = {
    Kind.OPENED,
    Kind.REOPENED,
    Kind.ASSIGNEE,
    Kind.TEAM,
    Kind.SYSTEM,
    Kind.UNSPAM,
}  # from then on, where it has no assignee


def team_of(system: System) -> Team | None:
    """The team that new cases of a system go to: its own, or the one that takes what is nobody's."""
    own = {"pk": system.team_id} if system.team_id else {"fallback": True}
    return Team.objects.filter(**own).first()


def patience() -> timedelta | None:
    """How long a case may be nobody's before whoever leads is told; None for ever."""
    return timedelta(minutes=settings.UNTAKEN_MINUTES) if settings.UNTAKEN_MINUTES else None


def take_by(case: Case, kind: Kind, role: Role, at: datetime) -> datetime | None:
    """By when somebody should take the case, after an event of this kind: nobody needs to, once it is answered."""
    is_answered = role == Role.AGENT and kind in ANSWERS
    if case.assignee_id or not case.is_active or is_answered or kind == Kind.UNTAKEN:
        return None
    wait = patience()
    return at + wait if wait and kind in IS_NOBODYS else case.take_by


def with_something_to_deal(at: datetime) -> QuerySet[Team]:
    """The teams that deal their cases and have some, or somebody away; those that dealt the longest ago first."""
    cases = Case.objects.filter(NEEDS_US, assignee__isnull=True, team=OuterRef("pk"))
    absent = Team.members.through.objects.filter(
        team=OuterRef("pk"), user__in=User.objects.filter(who_are_away(at))
    )
    found = Team.objects.filter(Exists(cases) | Exists(absent), deals=True)
    return found.order_by(F("dealt_at").asc(nulls_first=True), "pk")


def to_deal(team: Team) -> QuerySet[Case]:
    """The cases of a team that need us and are nobody's."""
    return Case.objects.filter(NEEDS_US, assignee__isnull=True, team=team)


def cannot_wait(team: Team, absent: User) -> QuerySet[Case]:
    """The cases of somebody away in which the customer wrote since they left, or something is due before they return."""
    theirs = Case.objects.filter(NEEDS_US, assignee__isnull=False, assignee=absent, team=team)
    return theirs.filter(Q(due_at__lt=absent.away_until) | Q(last_public_at__gt=absent.away_from))


def rooms_of(team: Team) -> dict[User, float]:
    """The members of a team, each with how many more cases they have room for."""
    held = Case.objects.filter(NEEDS_US, assignee__isnull=False, assignee=OuterRef("pk")).order_by()
    count = Subquery(held.values("assignee").annotate(count=Count("pk")).values("count"))
    members = agents().filter(teams=team).annotate(held=Coalesce(count, 0))
    capacity = inf if team.capacity is None else team.capacity
    return {one: (capacity if one.capacity is None else one.capacity) - one.held for one in members}


def seen_by(people: Collection[User]) -> Q:
    """The cases that one of them sees; of nobody, all."""
    limits = [person.limit for person in people]
    return Q() if None in limits or not limits else reduce(or_, (limit.within() for limit in limits if limit))
