"""What happens when somebody signs in, cannot, or signs out."""

import time
from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.dispatch import Signal
from django.utils import timezone

from cases.access import GUEST_CASES, SEEN, SIGNED_IN, UPLOADS, ViewerRequest
from cases.actions import attachments, audit, claims, preferences, push
from cases.models import AuditKind, User
from cases.text.lists import listed

HOW = {
    "password": "a password",
    "code": "an emailed code",
    "invitation": "an emailed invitation",
    "totp": "a code from an app",
    "webauthn": "a passkey",
    "recovery_codes": "a recovery code",
}


def claim_uploads(request: ViewerRequest, user: User, **_: Any) -> None:
    """Who signs in while writing keeps the files they chose before."""
    attachments.claim(request.session.pop(UPLOADS, ""), by=user)


def claim_cases(request: ViewerRequest, user: User, **_: Any) -> None:
    """Who proves the address that they typed while reporting finds what they reported in this browser among their own."""
    claims.prove_all(request.session.get(GUEST_CASES, ()), by=user)


def begin_session(request: ViewerRequest, **_: Any) -> None:
    request.session[SIGNED_IN] = request.session[SEEN] = time.time()


def note_zone(request: ViewerRequest, user: User, **_: Any) -> None:
    """Mail says times in it."""
    if "tz" in request.COOKIES:
        preferences.remember_zone(timezone.get_current_timezone_name(), of=user)


def note_sign_in(request: ViewerRequest, user: User, **_: Any) -> None:
    records = get_authentication_records(request, user)
    ways = [one.get("provider") or one.get("type") or one["method"] for one in records]
    audit.record(AuditKind.SIGNED_IN, by=user, how=listed(HOW.get(way, way) for way in dict.fromkeys(ways)))


def note_sign_out(request: ViewerRequest, user: User | None, **_: Any) -> None:
    if user:
        push.forget(session_key=request.session.session_key)
        audit.record(AuditKind.SIGNED_OUT, by=user)


FACTORS = {
    "totp": "an authenticator app",
    "webauthn": "a passkey",
    "recovery_codes": "recovery codes",
}


def note_factor(user: User, authenticator: Authenticator, signal: Signal, **_: Any) -> None:
    added = signal in (mfa.authenticator_added, mfa.authenticator_reset)
    kind = AuditKind.FACTOR_ADDED if added else AuditKind.FACTOR_REMOVED
    audit.record(kind, by=user, what=FACTORS[authenticator.type])


def note_password(user: User, **_: Any) -> None:
    audit.record(AuditKind.PASSWORD, by=user)


CHANGES = {
    account.email_confirmed: "confirmed an address",
    account.email_changed: "made another address the primary one",
    account.email_removed: "removed an address",
}


def note_addresses(request: ViewerRequest, signal: Signal, **_: Any) -> None:
    if isinstance(request.user, User):  # and not whoever confirms their first one, to sign in
        audit.record(AuditKind.ADDRESSES, by=request.user, what=CHANGES[signal])


def note_failed_factor(user: User, **_: Any) -> None:
    audit.record_failed_sign_in(user.email, how="a second factor")


def note_failed_password(credentials: dict[str, Any], **_: Any) -> None:
    audit.record_failed_sign_in(credentials.get("email") or "", how=HOW["password"])


def note_failed_code(user: User, **_: Any) -> None:
    audit.record_failed_sign_in(user.email, how=HOW["code"])
