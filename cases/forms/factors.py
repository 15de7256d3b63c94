"""django-allauth's forms of the second factor, in Caseline's words."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from cases.actions import audit

LONGEST_NAME, LONGEST_CODE = 60, 20
NO_PASSKEY = "That passkey didn’t work. Try again, or use another way."


def code_field(label: str, help_text: str = "") -> forms.CharField:
    typed = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_CODE, widget=forms.TextInput(typed)
    )


EITHER = "From your authenticator app, or one of your recovery codes."


class ActivateApp(totp.ActivateTOTPForm):
    code = code_field("The code that the app shows now")


class Authenticate(base.AuthenticateForm):
    code = code_field("Code", EITHER)


class Reauthenticate(base.ReauthenticateForm):
    code = code_field("Code", EITHER)


class OfPasskey:
    """A form that a device has filled in, or somebody in its place."""

    _errors: Any

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except Exception:  # the libraries read what anybody may send, and fail in many ways
            self._errors["credential"] = [NO_PASSKEY]
        if self._errors and {"credential", NON_FIELD_ERRORS} & self._errors.keys():
            self._errors = {"credential": [NO_PASSKEY]}
            self.note_failure()

    def note_failure(self) -> None:
        """Write down that somebody could not sign in."""
        user = getattr(self, "user", None)
        audit.record_failed_sign_in(user.email if user else "", how="a passkey")


class AddPasskey(OfPasskey, webauthn.AddWebAuthnForm):
    passwordless = None  # each is tried as one that needs nothing else
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=LONGEST_NAME,
        help_text="To know it by, such as “Work phone”.",
    )

    def note_failure(self) -> None:
        """Nobody signs in by it yet."""


class SignInByPasskey(OfPasskey, webauthn.LoginWebAuthnForm):
    pass


class AuthenticateByPasskey(OfPasskey, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateByPasskey(OfPasskey, webauthn.ReauthenticateWebAuthnForm):
    pass


class RenamePasskey(webauthn.EditWebAuthnForm):
    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
