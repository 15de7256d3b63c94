"""Deciding how bad a case is, how soon to act, and who acts."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.models import YES, Answer, Area, Case, Event, Kind, Priority, Refused, Severity, Status, Team, User
from cases.models.choices import ACTIVE

from .conversation import add_note
from .events import record
from .tokens import already_recorded, token_for, token_to

LONGEST_TAG = 40
MOST_TAGS = 20


def may_set_status(case: Case, status: Status | None = None) -> Answer:
    """Whether this status may be chosen: between open and investigating. Without one, whether any may."""
    if case.is_active and status in (None, *ACTIVE):
        return YES
    is_now = case.get_status_display().lower()
    return Answer(refusal=f"Case {case.number} is {is_now}. Use Resolve, Close or Reopen to change that.")


@transaction.atomic
def set_status(case: Case, *, by: User | None, status: Status) -> Event | None:
    """Move between open and investigating. Resolving, closing and reopening are actions of their own.

    Raises Refused from resolved and closed, and for any other status.
    """
    case = case.locked()
    if case.status == status:
        return None
    may_set_status(case, status).check()
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
    """Give the case to an agent, or to nobody. Raises Refused for somebody who is no agent, or does not see it."""
    if assignee and not assignee.is_agent:
        raise Refused(f"{assignee} isn’t an agent, so you can’t assign the case to them.")
    details = {"assignee": str(assignee)} if assignee else {}
    return _set(case, Kind.ASSIGNEE, by, details, assignee_id=assignee and assignee.pk)


def assign_team(case: Case, *, by: User | None, team: Team | None) -> Event | None:
    """Put the case in a team's queue, or in nobody's. Raises Refused where its assignee would see it no more."""
    return _set(case, Kind.TEAM, by, {"team": team.name} if team else {}, team_id=team and team.pk)


def set_tags(case: Case, *, by: User | None, tags: list[str]) -> Event | None:
    """Give the case these tags and no others. Raises Refused for too long and too many ones."""
    return _tag(case, by, lambda _: tags)


def change_tags(
    case: Case, *, by: User | None, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Event | None:
    """Add and remove tags, whatever others the case has by then. Raises Refused as `set_tags` does."""
    return _tag(case, by, lambda tags: (set(tags) | set(tidy(add))) - set(tidy(remove)))


@transaction.atomic
def hand_over(case: Case, *, by: User, to: User | Team, note: str, token: UUID | None = None) -> Event | None:
    """Give the case to another agent, or to a team and nobody in it yet, with a note that only agents see.

    Returns None when the form was received before.
    """
    case, token = case.locked_target(), token_for(token_to(token, to), note)
    if already_recorded(token):
        return None
    if isinstance(to, Team):  # and then whoever hands it over may see it no more
        event = add_note(case, by=by, body=note, token=token)
        assign(case, by=by, assignee=None)
        assign_team(case.locked(), by=by, team=to)
        return event
    assign(case, by=by, assignee=to)
    return add_note(case, by=by, body=note, token=token)


def tidy(tags: Iterable[str]) -> list[str]:
    """Each tag in its one spelling, of what was typed with commas. Raises Refused for one that is too long."""
    tidy = {" ".join(tag.lower().split()) for typed in tags for tag in typed.split(",")} - {""}
    if long := [tag for tag in tidy if len(tag) > LONGEST_TAG]:
        raise Refused(f"A tag has {LONGEST_TAG} characters at most, and “{long[0]}” has {len(long[0])}.")
    return sorted(tidy)


@transaction.atomic
def _tag(case: Case, by: User | None, tags_of: Callable[[list[str]], Iterable[str]]) -> Event | None:
    case = case.locked()
    tags = tidy(tags_of(case.tags))
    if tags == case.tags:
        return None
    if len(tags) > MOST_TAGS:
        raise Refused(f"A case has {MOST_TAGS} tags at most. Remove one first.")
    return record(case, Kind.TAGS, by=by, tags=tags)


@transaction.atomic
def _set(
    case: Case, kind: Kind, by: User | None, details: dict[str, str] | None = None, **change: Any
) -> Event | None:
    case = case.locked()
    if all(getattr(case, field) == value for field, value in change.items()):
        return None
    if "assignee_id" in change or "team_id" in change:
        check_is_seen(case, change)
    return record(case, kind, by=by, details=details, **change)


def check_is_seen(case: Case, change: dict[str, Any]) -> None:
    """Raise Refused where the case would be somebody's who does not see it."""
    after = copy(case)
    for field, value in change.items():
        setattr(after, field, value)
    if after.assignee and not after.assignee.sees(after):
        raise Refused(f"{after.assignee} wouldn’t see this case because of their limits.")
