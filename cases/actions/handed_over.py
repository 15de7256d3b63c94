"""An account with a password that an administrator hands over, for a colleague where no mail is sent."""

import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from cases.models import AuditKind, Refused, Team, User
from cases.models.rights import RIGHTS, Right

from . import audit, limits
from .accounts import customer_for

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out
PARTS, PART = 4, 4


@transaction.atomic
def hand_over(email: str, *, name: str, role: str, by: User, team: Team | None = None) -> tuple[User, str]:
    """Make them an account of the desk, and return it with its password, which is known to nobody else.

    The address is taken on the administrator's word, since no mail can prove it. Raises Refused where mail could, and
    where the account is somebody's already.
    """
    if settings.MAIL_GOES:
        raise Refused(
            "Email works here, so send an invitation: the emailed link proves the address is theirs."
        )
    if not by.may(Right.MANAGE_PEOPLE) or role not in RIGHTS[Right.READ_DESK]:
        raise Refused("Only administrators can add people to the desk.")
    user = customer_for(email, name)
    is_somebodys = EmailAddress.objects.filter(user=user, verified=True).exists() or user.may(Right.READ_DESK)
    if is_somebodys or not user.is_active:
        raise Refused(f"{email} already has an account. Change its role in administration.")
    user.keep_address(verified=True)
    password = _password()
    user.name, user.role, user.organisation = user.name or name, role, None
    user.set_password(password)
    user.save()
    if team and role in RIGHTS[Right.WORK_ON_CASES]:
        team.members.add(user)
    limits.come_anew([user.pk])
    audit.record(AuditKind.HANDED_OVER, by=by, about=user, role=User.Role(role).label)
    return user, password


def _password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(PART)) for _ in range(PARTS))
