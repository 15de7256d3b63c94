"""Deciding how bad a case is, how soon to act, and who acts."""

from typing import Any

from django.db import transaction

from cases.models import Area, Case, Event, Kind, Priority, Refused, Severity, Status, Team, User
from cases.models.case import ACTIVE

from .recording import record


@transaction.atomic
def set_status(case: Case, *, by: User | None, status: Status) -> Event | None:
    """Move between open and investigating. Resolving, closing and reopening are actions of their own.

    Raises Refused from resolved and closed, and for any other status.
    """
    case = case.locked()
    if case.status == status:
        return None
    if status not in ACTIVE or case.status not in ACTIVE:
        raise Refused(
            f"Case {case.number} is {case.get_status_display().lower()}. "
            "Use Resolve, Close or Reopen to change that."
        )
    return record(case, Kind.STATUS, by=by, status=status)


def set_severity(case: Case, *, by: User | None, severity: Severity) -> Event | None:
    """Say how bad it is for the customer."""
    return _set(case, Kind.SEVERITY, by, severity=severity)


def set_priority(case: Case, *, by: User | None, priority: Priority | None) -> Event | None:
    """Decide how soon we act."""
    return _set(case, Kind.PRIORITY, by, priority=priority)


def set_area(case: Case, *, by: User | None, area: Area | str) -> Event | None:
    """Say in which part of the system the cause lies; empty when that is not known."""
    return _set(case, Kind.AREA, by, area=area)


def assign(case: Case, *, by: User | None, assignee: User | None) -> Event | None:
    """Give the case to an agent, or to nobody. Raises Refused for somebody who is no agent."""
    if assignee and not assignee.is_agent:
        raise Refused(f"{assignee} is not an agent, so the case cannot be assigned to them.")
    return _set(case, Kind.ASSIGNEE, by, body=str(assignee or ""), assignee_id=assignee and assignee.pk)


def assign_team(case: Case, *, by: User | None, team: Team | None) -> Event | None:
    """Put the case in a team's queue, or in nobody's."""
    return _set(case, Kind.TEAM, by, body=str(team or ""), team_id=team and team.pk)


@transaction.atomic
def _set(case: Case, kind: Kind, by: User | None, body: str = "", **change: Any) -> Event | None:
    case = case.locked()
    if all(getattr(case, field) == value for field, value in change.items()):
        return None
    return record(case, kind, by=by, body=body, **change)
