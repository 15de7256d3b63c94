"""Accounts that cases bring with them."""

from django.db import IntegrityError, transaction

from cases.models import User


def customer_for(email: str, name: str = "") -> User:
    """The user with this address; a new customer without a password when there is none.

    An existing person's name is never overwritten: anybody can type anybody's address. Whoever only says that it is
    theirs is not this customer: see `claims`.
    """
    if user := User.objects.filter(email__iexact=email).first():
        return user
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name)
    except IntegrityError:  # somebody else was quicker
        return User.objects.get(email__iexact=email)
