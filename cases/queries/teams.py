"""Whose cases are at first, and by when somebody should have taken them."""

from datetime import datetime, timedelta

from django.conf import settings

from cases.models import Case, Kind, Role, System, Team

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
