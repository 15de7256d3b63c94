"""How the installation is set up: what an administrator changes by a short form, each with its line in the audit log."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from cases.models import AuditKind, Bulk, BusinessHours, Policy, Refused, SkippedStep, Target, Team, User
from cases.queries import service_levels
from cases.queries.policy_impact import is_felt
from cases.text.lists import listed

from . import audit
from . import service_levels as levels
from .ready_levels import ReadyLevel

TAKEN = "Someone saved another of this name in this moment. Look at the list, then try again."


@transaction.atomic
def keep(thing: Model, *, by: User) -> None:
    """Save a setting, new or changed. Raises Refused when somebody took its name meanwhile."""
    before = type(thing)._default_manager.filter(pk=thing.pk).first() if thing.pk else None
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError:
        raise Refused(TAKEN) from None
    if before is None:
        _record(AuditKind.SETTING_ADDED, thing, by=by)
    elif changes := audit.differences(before, thing):
        _record(AuditKind.SETTING_CHANGED, thing, by=by, changes=changes)


@transaction.atomic
def choose_hearers(team: Team, members: Iterable[User], *, by: User) -> None:
    """Let these hear of new cases that no other team takes. A team that was there for something else keeps its people."""
    was = list(team.members.order_by("name")) if team.pk else []
    stay = [] if team.fallback else was
    now = stay + [person for person in members if person not in stay]
    team.fallback = True
    keep(team, by=by)
    team.members.set(now)
    if {*was} != {*now}:
        changes = {"members": [listed(map(str, was)), listed(map(str, now))]}
        _record(AuditKind.SETTING_CHANGED, team, by=by, changes=changes)


@transaction.atomic
def keep_hours(hours: BusinessHours, write: Callable[[], None], *, by: User) -> Bulk | None:
    """Save business hours, whose lines `write` stores. The usual service level counts in them, if it has none yet.

    Returns the change that brings open cases up to date, where it is felt.
    """
    before = service_levels.book()
    is_new = hours.pk is None
    keep(hours, by=by)
    write()
    if not is_new:
        _record(AuditKind.SETTING_CHANGED, hours, by=by, changes={"open hours": ["", _week(hours)]})
    for policy in Policy.objects.filter(usual=True, business_hours=None):
        policy.business_hours = hours
        keep(policy, by=by)
    return _apply(before, f"Service levels: business hours {hours}", by=by)


@transaction.atomic
def choose_level(level: ReadyLevel, hours: BusinessHours | None, *, by: User) -> Bulk | None:
    """Make this the service level of every case that has no other. Raises Refused when there is one already, or another
    policy of its name: nobody looked at what that one says."""
    before = service_levels.book()
    if usual := Policy.objects.filter(usual=True).first():
        raise Refused(f"“{usual}” is the usual service level already. You can change it in administration.")
    if Policy.objects.filter(name=level.name).exists():
        raise Refused(
            f"There is another service level called “{level.name}” already. Rename it in administration, or make it"
            " the usual one there."
        )
    policy = Policy(name=level.name, business_hours=hours, usual=True)
    keep(policy, by=by)
    Target.objects.bulk_create(
        Target(policy=policy, severity=severity, **minutes) for severity, minutes in level.targets()
    )
    return _apply(before, f"Service levels: policy {policy}", by=by)


@transaction.atomic
def skip(name: str, *, by: User, again: bool = False) -> None:
    """Leave a step of set-up out, or take it up `again`."""
    if again:
        changed = SkippedStep.objects.filter(name=name).delete()[0]
    else:
        changed = SkippedStep.objects.get_or_create(name=name)[1]
    if changed:
        changes = {"skipped": ["yes", "no"] if again else ["no", "yes"]}
        audit.record(AuditKind.SETTING_CHANGED, by=by, what="step of set-up", name=name, changes=changes)


def _apply(before: service_levels.Book, label: str, *, by: User) -> Bulk | None:
    return levels.apply(by=by, label=label) if is_felt(before, service_levels.book()) else None


def _week(hours: BusinessHours) -> str:
    return listed(map(str, hours.open_hours.all()))[: audit.LONGEST]


def _record(kind: AuditKind, thing: Model, *, by: User, **details: Any) -> None:
    audit.record(kind, by=by, what=str(thing._meta.verbose_name), name=str(thing), **details)
