"""Inviting people by a mailed link. Whoever opens it reads the mail of the address, so that it is theirs."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.mail.invitations import ask_for_mail
from cases.models import YES, Answer, AuditKind, Invitation, Limit, Organisation, Refused, Team, User, Viewer
from cases.models.rights import RIGHTS, Right
from cases.wording.invitations import purpose

from . import audit, leaving, limits
from .accounts import customer_for

MOST_A_DAY = 50  # that one manager sends, to people who may never have heard of us
PAUSE = timedelta(hours=1)  # before the same is mailed again
KEPT = timedelta(days=90)  # after they were mailed

ASK_AGAIN = "Ask the person who invited you for a new one."


def can_offer(
    by: User, role: str, organisation: Organisation | None = None, limit: Limit | None = None
) -> Answer:
    """Whether they may offer this: people's administrators everything, a manager a place among their colleagues."""
    if by.may(Right.MANAGE_PEOPLE):
        if not (fits := limits.fits(limit, role)):
            return fits
        if role == User.Role.MANAGER and organisation is None:
            return Answer("Choose the organisation that they manage.")
        if organisation and role in RIGHTS[Right.READ_DESK]:
            return Answer("Whoever is at the desk belongs to no customer's organisation. Leave it out.")
        return YES
    if not by.may(Right.INVITE_COLLEAGUES) or by.organisation is None:
        return Answer("Only managers of an organisation can invite colleagues.")
    if role != User.Role.CUSTOMER or organisation != by.organisation:
        return Answer("You can only invite people to your own organisation.")
    return YES


def can_be_invited(email: str, *, by: User, role: str, organisation: Organisation | None) -> Answer:
    """Whether there is anything to invite them to. A manager hears nothing of people elsewhere."""
    waiting = Invitation.objects.open().filter(email=email, organisation=organisation).first()
    if waiting and not waiting.is_expired:
        return Answer(f"{email} has already been invited. You can resend or withdraw that invitation.")
    known = User.objects.filter(email=email, organisation=organisation).first()
    if known and known.is_proven:
        if not known.is_active:
            return Answer(f"{known} is deactivated.")
        if known.role == role or not by.may(Right.MANAGE_PEOPLE):
            return Answer(f"{known} is already here.")
    today = Invitation.objects.filter(invited_by=by, sent_at__gt=timezone.now() - timedelta(days=1))
    if not by.may(Right.MANAGE_PEOPLE) and today.count() >= MOST_A_DAY:
        return Answer(f"You have sent {MOST_A_DAY} invitations today. Try again tomorrow.")
    return YES


@transaction.atomic
def invite(
    email: str,
    *,
    by: User,
    role: str = User.Role.CUSTOMER,
    organisation: Organisation | None = None,
    limit: Limit | None = None,
    teams: Iterable[Team] = (),
) -> Invitation:
    """Mail somebody a link. Nothing of theirs changes before they accept."""
    can_offer(by, role, organisation, limit).check()
    can_be_invited(email, by=by, role=role, organisation=organisation).check()
    Invitation.objects.open().filter(email=email, organisation=organisation).update(
        withdrawn_at=timezone.now()
    )
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email, role=role, organisation=organisation, limit=limit, invited_by=by
            )
    except IntegrityError:
        raise Refused(f"Someone else has invited {email} in this moment.") from None
    if role in RIGHTS[Right.WORK_ON_CASES]:
        invitation.teams.set(teams)
    ask_for_mail(invitation)
    _log(AuditKind.INVITED, invitation, by=by)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> None:
    """Mail the link again: it holds for another week. The one that was mailed before is the same."""
    held = _open(invitation)
    can_offer(by, held.role, held.organisation).check()
    if timezone.now() - held.sent_at < PAUSE:
        raise Refused(
            f"We emailed it to {held.email} within the last hour. Please wait before you resend it."
        )
    held.sent_at, held.invited_by = timezone.now(), by
    held.save(update_fields=["sent_at", "invited_by"])
    ask_for_mail(held)
    _log(AuditKind.INVITED, held, by=by)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Its link opens nothing any more."""
    held = _open(invitation)
    can_offer(by, held.role, held.organisation).check()
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    _log(AuditKind.INVITATION_WITHDRAWN, held, by=by)


def may_accept(invitation: Invitation, viewer: Viewer) -> Answer:
    """Whether the link still opens something, and for whoever looks at it."""
    if invitation.accepted_at:
        return Answer("This invitation was accepted. Sign in with your address, by an emailed code.")
    if invitation.withdrawn_at:
        return Answer(f"This invitation was withdrawn. {ASK_AGAIN}")
    if invitation.is_expired:
        return Answer(f"This invitation has expired. {ASK_AGAIN}")
    if not can_offer(invitation.invited_by, invitation.role, invitation.organisation):
        return Answer("The person who invited you can no longer do so. Ask someone else for an invitation.")
    invited = person_invited(invitation)
    if isinstance(viewer, User) and viewer != invited:
        return Answer(
            f"This invitation is for {invitation.email}, and you are signed in as {viewer.email}. Sign out, then open"
            " the link in the email again."
        )
    if invited is None:
        return YES
    if _is_somebody_elses(invitation, invited):
        return Answer(f"{invitation.email} stands in an account that others use. Write to us from it first.")
    if not invited.is_active:
        return Answer("Your account was deactivated. Ask an administrator to activate it first.")
    if invited.may(Right.READ_DESK) and invitation.role not in RIGHTS[Right.READ_DESK]:
        return Answer("You are at the desk, so you cannot be a customer as well. Ask an administrator.")
    if invitation.limit and (owned := limits.left_behind(invited, invitation.limit)):
        return Answer(f"You own {owned} that you would not see then. Give them to someone else first.")
    return YES


def person_invited(invitation: Invitation) -> User | None:
    """Whose address it is, as far as there is an account with it."""
    return User.objects.of_address(invitation.email)


def _is_somebody_elses(invitation: Invitation, invited: User) -> bool:
    """Whether the account is known to be somebody's by another address, and nobody has confirmed this one there, as
    after a merge of accounts: whoever reads its mail need not be them."""
    proven = EmailAddress.objects.filter(user=invited, verified=True).values_list("email", flat=True)
    return bool(proven) and invitation.email not in proven


@transaction.atomic
def accept(invitation: Invitation, *, by: Viewer, name: str = "") -> User:
    """They have opened the link that was mailed to the address, so it is theirs: what somebody set up with it before
    ends, and they become what they are invited to be. `by` is whoever is signed in, a guest where nobody is."""
    held = _open(invitation)
    may_accept(held, by).check()
    user = person_invited(held) or customer_for(held.email, name)
    _become(user, held, name)
    # Last, so that the domain of the address takes nobody into another organisation.
    known = {"verified": True}
    EmailAddress.objects.update_or_create(
        user=user, email=held.email, defaults=known, create_defaults=known | {"primary": True}
    )
    held.accepted_at, held.accepted_by = timezone.now(), user
    held.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(AuditKind.INVITATION_ACCEPTED, by=user, about=held.invited_by, purpose=purpose(held))
    return user


def organisation_then(invitation: Invitation, invited: User | None) -> Organisation | None:
    """To which whoever accepts belongs: at the desk to none."""
    if invitation.role in RIGHTS[Right.READ_DESK]:
        return None
    return invitation.organisation or (invited.organisation if invited else None)


def _become(user: User, invitation: Invitation, name: str) -> None:
    """Give them what they are invited to, in the name of whoever invited them. A manager stays one among their own."""
    by, was, was_limited, was_agent = invitation.invited_by, user.role, user.limit, user.is_agent
    stays = was == User.Role.MANAGER and user.organisation == invitation.organisation
    if not (stays and invitation.role == User.Role.CUSTOMER):
        user.role = invitation.role
    user.organisation, user.limit = organisation_then(invitation, user), invitation.limit
    user.name = user.name or name
    user.save(update_fields=["role", "organisation", "limit", "name"])
    if was_agent and not user.is_agent:
        leaving.hand_over(user, by=by)
    user.teams.add(*invitation.teams.all())
    limits.come_anew([user.pk])
    if was != user.role:
        old, new = (User.Role(role).label for role in (was, user.role))
        audit.record(AuditKind.ROLE, by=by, about=user, old=old, new=new)
    if was_limited != user.limit:
        before, after = ([str(limit)] if limit else [] for limit in (was_limited, user.limit))
        audit.record(AuditKind.LIMITS, by=by, about=user, old=before, new=after)


def _log(kind: AuditKind, invitation: Invitation, *, by: User) -> None:
    audit.record(kind, by=by, invitation=invitation.pk, purpose=purpose(invitation))


def _open(invitation: Invitation) -> Invitation:
    """Read anew and held, unless it was accepted or withdrawn meanwhile."""
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.accepted_at:
        raise Refused(f"{held.email} has accepted it already.")
    if held.withdrawn_at:
        raise Refused(f"The invitation of {held.email} was withdrawn already.")
    return held


def sweep(at: datetime) -> None:
    """Forget invitations that were accepted, withdrawn or left alone so long ago that nobody asks for them."""
    Invitation.objects.filter(sent_at__lt=at - KEPT).delete()
