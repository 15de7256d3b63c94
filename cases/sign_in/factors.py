"""The second factor: an app that shows codes, recovery codes, passkeys."""

from base64 import b32encode
from secrets import token_bytes
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.models.sealing import seal, unseal
from cases.queries.brand import brand


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "unverified_email": "Confirm your new address first, or take it back: until then nothing else is changed.",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second factor. Set one up first.",
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code != "incorrect_code":
            return super().validation_error(code, *args)
        return ValidationError(
            "This code is not right, or was used before. A code counts for half a minute: if yours never works,"
            f" let your phone set its clock by itself. Ours says {timezone.now():%H:%M:%S} UTC.",
            code=code,
        )

    def encrypt(self, text: str) -> str:
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed; after a change of the portal's secret key, something of which nobody has a code."""
        return unseal(encrypted_text.encode()) or b32encode(token_bytes(20)).decode()

    def _get_site_name(self) -> str:
        return brand().name

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        taken = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {taken + 1}" if taken else "Passkey"
