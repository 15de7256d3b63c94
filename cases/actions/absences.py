"""When people are not here, and how many cases they have at once: see docs/decisions/teams.md."""

from datetime import datetime

from django.db import transaction

from cases.models import YES, Answer, AuditKind, Refused, User
from cases.models.rights import Right
from cases.wording.times import exact

from . import audit
from .events import FURTHEST, check_is_to_come, now


def may_plan(person: User, by: User) -> Answer:
    """Whether `by` may say when they are away: all for themselves, and whoever leads for others."""
    if by == person or by.may(Right.PLAN_WORK):
        return YES
    return Answer(refusal=f"{person} or a team lead says when {person} is away.")


@transaction.atomic
def say_away(person: User, *, by: User, start: datetime, end: datetime) -> bool:
    """Say that they are away from `start` until `end`, in place of what was said before. Returns whether that is new.

    Raises Refused unless it ends later than now and than it begins, within a year either way.
    """
    if end <= start:
        raise Refused("That ends before it begins. Choose a later day to be back.")
    check_is_to_come(end)
    if start < now() - FURTHEST:
        raise Refused("That begins more than a year ago. Choose a later first day.")
    return _set(person, by, start, end)


@transaction.atomic
def say_back(person: User, *, by: User) -> bool:
    """Say that they are here, now and in the time that was said. Returns whether that is new."""
    return _set(person, by, None, None)


@transaction.atomic
def set_capacity(person: User, *, by: User, capacity: int | None) -> bool:
    """Say how many cases they have before none is dealt to them; None is as their team says. Returns whether it is new."""
    held = User.objects.select_related(None).select_for_update(no_key=True).get(pk=person.pk)
    if held.capacity == capacity:
        return False
    person.capacity = capacity
    audit.record(AuditKind.PERSON, by=by, about=person, changes=audit.differences(held, person))
    person.save(update_fields=["capacity"])
    return True


def _span(start: datetime | None, end: datetime | None) -> str:
    return f"{exact(start)} to {exact(end)}" if start and end else ""


def _set(person: User, by: User, start: datetime | None, end: datetime | None) -> bool:
    may_plan(person, by).check()
    held = User.objects.select_related(None).select_for_update(no_key=True).get(pk=person.pk)
    if (held.away_from, held.away_until) == (start, end):
        return False
    if by != person:
        said = [_span(held.away_from, held.away_until), _span(start, end)]
        audit.record(AuditKind.PERSON, by=by, about=person, changes={"away": said})
    person.away_from, person.away_until = start, end
    person.save(update_fields=["away_from", "away_until"])
    return True
