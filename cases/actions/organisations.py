"""Who belongs to which organisation: by a mail domain, or by leaving it."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from cases.models import YES, Answer, AuditKind, MailDomain, Organisation, User
from cases.models.mail_domain import domain_of
from cases.models.rights import Right

from . import audit, limits


@transaction.atomic
def take_in(domain: MailDomain, *, by: User) -> list[User]:
    """A domain is new: who has confirmed an address there already joins, and is returned."""
    joining = list(domain.joining.order_by("name", "email"))
    User.objects.filter(pk__in=[user.pk for user in joining]).update(organisation=domain.organisation)
    for user in joining:
        _log(domain, by=by, about=user)
    limits.come_anew(user.pk for user in joining)
    return joining


def notice_confirmed(instance: EmailAddress, raw: bool = False, **_: Any) -> None:
    """Called before an address is saved, in whatever way it was proved. One that was known to be theirs before takes
    nobody back into an organisation that they have left since."""
    if raw or not instance.verified or not instance.user_id:
        return
    known = EmailAddress.objects.filter(user=instance.user_id, email=instance.email, verified=True)
    domain = MailDomain.objects.select_related("organisation").filter(name=domain_of(instance.email)).first()
    if domain and not known.exists():
        free = User.objects.filter(pk=instance.user_id, **MailDomain.FREE)
        if free.update(organisation=domain.organisation):
            instance.user.organisation = domain.organisation
            _log(domain, by=instance.user)


def people_of(organisation: Organisation) -> QuerySet[User]:
    """Who belongs to it and may sign in."""
    return User.objects.filter(organisation=organisation, is_active=True)


def may_remove(colleague: User, *, by: User) -> Answer:
    """Whether a manager may end that a colleague belongs to their organisation."""
    if by.may(Right.MANAGE_PEOPLE):
        return YES
    if not by.may(Right.INVITE_COLLEAGUES) or colleague.organisation != by.organisation:
        return Answer("Only managers of an organisation can remove colleagues.")
    if colleague == by:
        return Answer("You can’t remove yourself. Ask us to do it.")
    if colleague.role != User.Role.CUSTOMER:
        return Answer(f"You remove colleagues, and {colleague} is more than that here. Ask us to do it.")
    return YES


@transaction.atomic
def leave(user: User, *, by: User) -> bool:
    """They are none of the organisation's people any more. Its cases stay its own, and what they reported stays theirs
    too. A manager is a customer from then on."""
    may_remove(user, by=by).check()
    held = User.objects.select_related(None).select_for_update().get(pk=user.pk)
    if held.organisation_id is None:
        return False
    former, held.organisation = held.organisation, None
    if held.role == User.Role.MANAGER:
        held.role = User.Role.CUSTOMER
    held.save(update_fields=["organisation", "role"])
    user.organisation, user.role = None, held.role
    limits.come_anew([user.pk])
    audit.record(AuditKind.LEFT, by=by, about=None if by == user else user, organisation=str(former))
    return True


def _log(domain: MailDomain, *, by: User, about: User | None = None) -> None:
    organisation = str(domain.organisation)
    audit.record(AuditKind.JOINED, by=by, about=about, organisation=organisation, domain=domain.name)
