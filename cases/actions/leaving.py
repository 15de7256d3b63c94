"""Somebody leaves: they are out at once, and what they had goes to others."""

from django.db import transaction
from django.db.models import F

from cases.live.nudge import ends_topic, nudge
from cases.models import (
    YES,
    Answer,
    AuditKind,
    Bulk,
    Case,
    Draft,
    Follow,
    Macro,
    Outgoing,
    Refused,
    SavedView,
    Team,
    User,
)
from cases.models.people import WORKS_ON_CASES
from cases.models.rights import Right
from cases.queries.leaving import cases_of, open_incidents, running_bulks

from . import audit, bulk, incidents, push, triage
from .accounts import end_what_was_before
from .taking_over import Receiver, key_of

LEAVES = WORKS_ON_CASES  # who is let go by this step: whoever else is deactivated has nothing to hand over
SWEPT_AT_ONCE = 500


def may_leave(person: User, by: User) -> Answer:
    """Whether `by` may let them go: administrators anybody, a lead agents; nobody themselves."""
    if person.pk == by.pk:
        return Answer(refusal="You can’t deactivate yourself. Ask someone else.")
    if not by.may(Right.MANAGE_PEOPLE) and person.role != User.Role.AGENT:
        return Answer(refusal=f"{person} isn’t an agent. Ask an administrator to deactivate them.")
    if cases_of(person).exclude(pk__in=Case.objects.visible_to(by).values("pk")).exists():
        return Answer(refusal=f"{person} has cases you can’t see. Ask someone who can see them all.")
    return YES


@transaction.atomic
def leave(person: User, *, by: User, to: Receiver = None) -> Bulk | None:
    """Deactivate them and hand over what they have: to an agent, to a team, or to nobody yet.

    Returns the change that hands over their cases, where there are any. Raises Refused.
    """
    person = User.objects.select_related(None).select_for_update(no_key=True).get(pk=person.pk)
    may_leave(person, by).check()
    if isinstance(to, User) and (to.pk == person.pk or not to.is_agent):
        raise Refused(f"{to} can’t take over. Choose another agent.")
    if person.is_active:
        person.is_active = False
        person.save(update_fields=["is_active"])
        audit.record(AuditKind.DEACTIVATED, by=by, about=person, to=str(to) if to else "nobody yet")
    return hand_over(person, by=by, to=to)


@transaction.atomic
def hand_over(person: User, *, by: User, to: Receiver = None) -> Bulk | None:
    """End their sessions, streams and presence, and hand over what they have, in whatever way they were deactivated or
    ceased to be an agent. See `leave`."""
    if not person.is_active:
        end_what_was_before(person)
    push.forget(person=person)
    nudge(ends_topic(person.pk))
    agent = to if isinstance(to, User) else None
    for of_their_own in (SavedView, Macro):
        _give(of_their_own, person, to)
    Team.objects.filter(lead=person).update(lead=agent)
    person.teams.clear()
    if agent:
        followed = Follow.objects.filter(agent=person).values_list("case", flat=True)
        Follow.objects.bulk_create(
            (Follow(case_id=pk, agent=agent) for pk in followed), ignore_conflicts=True
        )
    Follow.objects.filter(agent=person).delete()
    for incident in open_incidents(person).order_by("pk"):
        incidents.change(incident, by=by, owner=agent)
    running_bulks(person).update(by=agent or by)
    drafted = Draft.objects.filter(agent=person).values_list("case", flat=True)
    sent = Outgoing.objects.filter(author=person).values_list("case", flat=True)
    cases = {*cases_of(person).values_list("pk", flat=True), *drafted, *sent}
    if not cases:
        return None
    whom = to or "nobody yet"
    value = {"from": person.pk, "to": key_of(to)}
    return bulk.begin(
        by=by, name=bulk.TAKE_OVER, value=value, label=f"Cases of {person} to {whom}", cases=cases
    )


def _give(model: type[SavedView] | type[Macro], person: User, to: Receiver) -> None:
    """Views or macros of their own go behind those of whoever takes over. While that is nobody, they wait."""
    if to is None:
        return
    circle = (
        {"owner": None, "shared_with": to} if isinstance(to, Team) else {"owner": to, "shared_with": None}
    )
    behind = model.objects.filter(**circle).count()
    model.objects.filter(owner=person).update(**circle, position=F("position") + behind)


def unassign_the_gone() -> None:
    """What is still assigned to somebody who was deactivated in another way is nobody's, so that it is seen."""
    for person in User.objects.filter(WORKS_ON_CASES, is_active=False).order_by("pk"):
        for case in cases_of(person).order_by("pk")[:SWEPT_AT_ONCE]:
            triage.assign(case, by=None, assignee=None)
