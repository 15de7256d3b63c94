"""Accounts that cases bring with them, and what becomes of them once it is known whose they are."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.live.nudge import ends_topic, nudge
from cases.models import AuditKind, Refused, User
from cases.queries.brand import brand, is_like_ours

from . import audit
from .account_merging import merge, proof_brings

REMOVED = """Hello,

{by} removed the second factor of your account, since it was lost. You are signed out everywhere: sign in with a mailed code, and set up a new one. If you did not ask for it, tell us at once.

{name}
{url}
"""


def customer_for(email: str, name: str = "") -> User:
    """The person with this address; a new customer without a password when there is none.

    An existing person's name is never overwritten: anybody can type anybody's address. Whoever only says that it is
    theirs is not this customer: see `claims`.
    """
    if user := User.objects.of_address(email):
        return user
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name)
    except IntegrityError:  # somebody else was quicker
        return User.objects.get_by_natural_key(email)


def take_name(person: User, name: str) -> None:
    """Whoever has no name yet takes that of a mail or report that is known to be theirs, unless it is like ours."""
    if name and not person.name and not is_like_ours(name):
        person.name = name[:120]
        person.save(update_fields=["name"])


@transaction.atomic
def prove(email: str, name: str = "") -> User:
    """The person with this address, which a provider has just said to be theirs: from now on it is. Raises Refused."""
    user = customer_for(email, name)
    if not user.is_active:
        raise Refused("This account was deactivated. Ask an administrator to activate it first.")
    if not User.objects.answers_to(email):  # beside another address, which proved the account
        raise Refused(f"{email} stands unconfirmed in an account. Sign in to that, or write to us from it.")
    EmailAddress.objects.update_or_create(
        user=user,
        email=email,
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": email == user.email},
    )
    user.refresh_from_db(fields=["password"])  # which the proof may have taken
    return user


def notice_proof(instance: EmailAddress, raw: bool = False, **_: Any) -> None:
    """Called before an address is saved, in whatever way it was proved: by a code, a provider, an administrator.
    What is loaded `raw`, from a backup, was proved long ago. An account that nobody had proven and that has this
    address is theirs. Raises Refused where it is another person's."""
    if raw or not instance.verified:
        return
    others = EmailAddress.objects.filter(email=instance.email).exclude(user=instance.user_id)
    for other in others.select_related("user"):
        proof_brings(other.user, instance.user).check()
        merge(other.user, by=instance.user, into=instance.user)
        EmailAddress.objects.filter(email=instance.email).exclude(
            pk=instance.pk
        ).delete()  # this one takes its place
    if not EmailAddress.objects.filter(user=instance.user_id, verified=True).exists():
        end_what_was_before(instance.user)


def end_what_was_before(user: User) -> None:
    """The address turned out to be theirs. Anybody could type it till now, so that the password and the sessions may
    be a stranger's: neither counts any more, nor does a second factor."""
    if Authenticator.objects.filter(user=user).delete()[0]:
        audit.record(AuditKind.FACTOR_REMOVED, by=None, about=user, what="every second factor")
    SocialAccount.objects.filter(user=user).delete()
    user.set_unusable_password()  # another one each time, and with the password the sessions end
    user.save(update_fields=["password"])


def notice_factor(instance: Authenticator, **_: Any) -> None:
    """Called after a second factor is saved or deleted. Recovery codes alone are none."""
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    has = factors.filter(user=instance.user_id).exists()
    User.objects.filter(pk=instance.user_id).update(has_second_factor=has)


@transaction.atomic
def remove_second_factor(person: User, *, by: User) -> bool:
    """Take every second factor from somebody who has lost it, sign them out everywhere, and tell them by mail.

    Returns whether there was one.
    """
    deleted, _ = Authenticator.objects.filter(user=person).delete()
    if not deleted:
        return False
    sign_out_everywhere(person)
    audit.record(AuditKind.FACTOR_REMOVED, by=by, about=person, what="every second factor")
    app.configure_task("cases.tasks.mail_text").defer(
        to=person.email,
        subject="Your second factor was removed",
        body=REMOVED.format(by=by, name=brand().name, url=settings.URL),
    )
    return True


def sign_out_everywhere(person: User) -> None:
    """End their sessions and streams."""
    User.objects.filter(pk=person.pk).update(sign_outs=F("sign_outs") + 1)
    person.refresh_from_db(fields=["sign_outs"])
    nudge(ends_topic(person.pk))


@transaction.atomic
def restore_address(person: User, email: str, *, changed_at: datetime) -> None:
    """Give somebody the address back that was changed then, and take away whatever may have been set up since.

    Their owner follows a link that we mailed to it. With it end the links that were mailed after it, to addresses that
    a thief may have set. Raises Refused.
    """
    person = User.objects.select_related(None).select_for_update(no_key=True).get(pk=person.pk)
    since, until = person.restored_from, person.restored_at
    if since and until and since < changed_at < until:
        raise Refused("This change was taken back already. Write to us from your address.")
    if User.objects.filter(email=email).exclude(pk=person.pk).exists():
        raise Refused(f"{email} belongs to another account by now. Write to us from it.")
    taken, person.email = person.email, email
    person.restored_from, person.restored_at = changed_at, timezone.now()
    person.set_unusable_password()
    person.save(update_fields=["email", "password", "restored_from", "restored_at"])
    EmailAddress.objects.filter(user=person).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=email, defaults={"primary": True, "verified": True}
    )
    factors = Authenticator.objects.filter(user=person)
    factors.filter(created_at__gte=changed_at).delete()
    if not factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        factors.delete()
    SocialAccount.objects.filter(user=person, date_joined__gte=changed_at).delete()
    sign_out_everywhere(person)
    audit.record(AuditKind.PERSON, by=None, about=person, changes={"email address": [taken, email]})
