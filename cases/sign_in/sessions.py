"""Where somebody is signed in: one row for each of their sessions, made when they sign in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, NamedTuple

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction

from cases.access import SEEN, ViewerRequest, seconds_left
from cases.actions import accounts, audit, push
from cases.live.nudge import ends_topic, nudge
from cases.models import AuditKind, User
from cases.text.browsers import named


class Device(NamedTuple):
    pk: int
    browser: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


def devices_of(user: User, key: str | None) -> Iterator[Device]:
    """Those that are signed in, the one with this key among them."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    for found in UserSession.objects.purge_and_list(user):
        session = store(found.session_key)
        if seconds_left(session, user) <= 0:
            continue
        seen = datetime.fromtimestamp(session.get(SEEN, found.last_seen_at.timestamp()), UTC)
        browser = named(found.user_agent) or "A browser without a name"
        yield Device(found.pk, browser, found.ip, found.created_at, seen, found.session_key == key)


@transaction.atomic
def end(user: User, pk: int) -> bool:
    """Sign out one device of theirs. Returns whether it was signed in."""
    found = UserSession.objects.filter(user=user, pk=pk).first()
    if not found:
        return False
    push.forget(session_key=found.session_key)
    found.end()
    nudge(ends_topic(user.pk))  # the streams of the others come again
    audit.record(AuditKind.SESSIONS_ENDED, by=user, what=named(found.user_agent) or "a browser")
    return True


@transaction.atomic
def end_others(request: ViewerRequest) -> None:
    """Sign out all but the device that asks for it."""
    user: Any = request.user
    accounts.sign_out_everywhere(user)
    update_session_auth_hash(request, user)
    UserSession.objects.filter(user=user).delete()
    UserSession.objects.create_from_request(request)
    audit.record(AuditKind.SESSIONS_ENDED, by=user, what="all other devices")
