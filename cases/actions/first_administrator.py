"""The first administrator of an installation, made by whoever has the link that its start prints.

The link is signed and kept nowhere. It is good once, for a day, and while nobody is at the desk.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.urls import reverse

from cases.models import YES, Answer, AuditEntry, AuditKind, User
from cases.models.rights import Right, roles_with

from . import audit
from .accounts import customer_for

HOLDS = timedelta(days=1)
TURN = 0xF1257  # the advisory lock of whoever makes the first administrator: two tabs take turns
SIGNER = signing.TimestampSigner(salt="cases.first_administrator")

MADE = Answer("This portal already has an administrator. Sign in, or ask them for an invitation.")
NOT_GOOD = Answer("This link has expired. Print a new one with manage.py setup_link.")


def is_missing() -> bool:
    """Whether nobody is at the desk, nor ever was but for who left it."""
    return not User.objects.filter(role__in=roles_with(Right.READ_DESK)).exists()


def link() -> str:
    """The address that makes whoever opens it the administrator. It has no path of its own, since logs have paths."""
    return f"{settings.URL}{reverse('setup_first')}?link={SIGNER.sign(_made_so_far())}"


def may_make(signed: str) -> Answer:
    """Whether the link, of which this is what is signed, still opens something."""
    try:
        made_then = SIGNER.unsign(signed, max_age=HOLDS)
    except signing.BadSignature:
        return NOT_GOOD if is_missing() else MADE
    return YES if is_missing() and made_then == _made_so_far() else MADE


@transaction.atomic
def make(signed: str, *, name: str, email: str, password: str = "") -> User:
    """Make the first administrator, whose address is taken on trust: there may be no mail yet. What somebody set up with
    it before ends. Raises Refused when the link is good for nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    may_make(signed).check()
    user = customer_for(email)
    EmailAddress.objects.update_or_create(
        user=user,
        email=email,
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": True},
    )
    user.refresh_from_db()
    user.name, user.role, user.is_active = name, User.Role.ADMINISTRATOR, True
    user.organisation = user.limit = None
    if password:
        user.set_password(password)
    user.save()
    audit.record(AuditKind.FIRST_ADMINISTRATOR, by=user)
    return user


def _made_so_far() -> str:
    return str(AuditEntry.objects.filter(kind=AuditKind.FIRST_ADMINISTRATOR).count())
