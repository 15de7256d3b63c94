"""The link in the mail to somebody's old address: it restores it, for a week."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from cases.models import User

SALT = "way back"
WEEK = timedelta(days=7)


class WayBack(NamedTuple):
    user: User
    email: str
    changed_at: datetime


def way_back_of(user: User, email: str) -> str:
    told = {"user": user.pk, "email": email, "at": timezone.now().timestamp()}
    return settings.URL + reverse("account_way_back", args=[signing.dumps(told, salt=SALT)])


def read(token: str) -> WayBack | None:
    """What a link says. None for one that is too old, or none of ours."""
    try:
        told = signing.loads(token, salt=SALT, max_age=WEEK)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    return WayBack(user, told["email"], datetime.fromtimestamp(told["at"], UTC)) if user else None
