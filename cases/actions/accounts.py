"""Accounts that cases bring with them, and what becomes of them once it is known whose they are."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from cases.models import Refused, User


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


def notice_proof(instance: EmailAddress, raw: bool = False, **_: Any) -> None:
    """Called before an address is saved, in whatever way it was proved: by a code, a provider, an administrator.
    What is loaded `raw`, from a backup, was proved long ago. Raises Refused where it is another person's."""
    if raw or not instance.verified:
        return
    if EmailAddress.objects.filter(email=instance.email).exclude(user=instance.user_id).exists():
        raise Refused(f"{instance.email} belongs to another account. Ask us to merge the two.")
    if not EmailAddress.objects.filter(user=instance.user_id, verified=True).exists():
        end_what_was_before(instance.user)


def end_what_was_before(user: User) -> None:
    """The address turned out to be theirs. Anybody could type it till now, so that the password and the sessions may
    be a stranger's: neither counts any more."""
    user.set_unusable_password()  # another one each time, and with the password the sessions end
    user.save(update_fields=["password"])
