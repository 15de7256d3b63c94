"""Who belongs to which organisation: by a mail domain, or by leaving it."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from cases.models import MailDomain, User
from cases.models.mail_domain import domain_of


@transaction.atomic
def take_in(domain: MailDomain, *, by: User) -> list[User]:
    """A domain is new: who has confirmed an address there already joins, and is returned."""
    joining = list(domain.joining.order_by("name", "email"))
    User.objects.filter(pk__in=[user.pk for user in joining]).update(organisation=domain.organisation)
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


@transaction.atomic
def leave(user: User, *, by: User) -> bool:
    """They are none of the organisation's people any more. Its cases stay its own, and what they reported stays theirs
    too. A manager is a customer from then on."""
    held = User.objects.select_related(None).select_for_update().get(pk=user.pk)
    if held.organisation_id is None:
        return False
    held.organisation = user.organisation = None
    held.save(update_fields=["organisation"])
    return True
