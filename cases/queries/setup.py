"""How far an installation is set up, read from what there is."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from cases.models import (
    BusinessHours,
    Case,
    Delivery,
    Event,
    Invitation,
    Kind,
    Policy,
    Role,
    SkippedStep,
    System,
    Team,
    User,
)
from cases.models.people import WORKS_ON_CASES
from cases.models.rights import Right, roles_with

from .notices import deaf

FIRST = 50  # cases, and as many of the newest, among which an answered one is looked for
OURS = "our mail server"  # begins the reason of what never left us: see cases/mail/sending.py


@dataclass(frozen=True)
class Needed:
    """What customers cannot do without."""

    has_system: bool  # that they may report problems of
    is_heard: bool  # somebody is told of a new case
    skipped: frozenset[str]


def needed(by: User) -> Needed:
    """All of it in one query, since the queue asks for administrators."""
    has_system, is_heard, skipped = (
        User.objects.filter(pk=by.pk)
        .values_list(
            Exists(public_systems()), Exists(hearers()), ArraySubquery(SkippedStep.objects.values("name"))
        )
        .get()
    )
    return Needed(has_system, is_heard, frozenset(skipped))


def public_systems() -> QuerySet[System]:
    return System.objects.filter(public=True, retired=False)


def hearers() -> QuerySet[User]:
    """Who is told of a new case that is no other team's."""
    at_desk = User.objects.filter(WORKS_ON_CASES, is_active=True, teams__fallback=True)
    return at_desk.exclude(pk__in=deaf())


def colleagues(but: User) -> QuerySet[User]:
    at_desk = User.objects.filter(role__in=roles_with(Right.READ_DESK), is_active=True)
    return at_desk.exclude(pk=but.pk).order_by("name", "pk")


def invited() -> QuerySet[Invitation]:
    return Invitation.objects.open().filter(role__in=roles_with(Right.READ_DESK))


def fallback_team() -> Team | None:
    return Team.objects.filter(fallback=True).first()


def usual_policy() -> Policy | None:
    return Policy.objects.filter(usual=True).select_related("business_hours").first()


def business_hours() -> BusinessHours | None:
    """Those that the usual service level counts in, or the first there are."""
    usual = usual_policy()
    return (usual.business_hours if usual else None) or BusinessHours.objects.order_by("pk").first()


def last_mail() -> Delivery | None:
    """The newest mail that was tried, be it that it went or not."""
    return Delivery.objects.exclude(state=Delivery.State.QUEUED).order_by("-pk").first()


def went(mail: Delivery) -> bool:
    """Whether our mail server took it: what the recipient's then refused is no matter of set-up."""
    return not mail.reason.startswith(OURS)


def first_case(by: User) -> tuple[Case | None, bool]:
    """A case that was reported here, and whether one of the first or the newest was answered."""
    ours = Event.objects.filter(
        case=OuterRef("pk"), kind__in=(Kind.REPLY, Kind.RESOLVED), role=Role.AGENT
    ).order_by("sequence")
    cases = Case.objects.visible_to(by).only("number", "summary", "imported")
    cases = cases.annotate(answers=ArraySubquery(ours.values("pk")[:1]))
    near = [*cases.order_by("pk")[:FIRST], *cases.order_by("-pk")[:FIRST]]
    reported = [case for case in near if not case.imported]
    answered = [case for case in reported if case.answers]
    return next(iter(answered or reported), None), bool(answered)
