"""django-allauth's forms, with every address in its one spelling, and a sign-up that proves before it believes."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from cases.actions import accounts
from cases.actions.account_merging import proof_brings
from cases.mail.accounts import hold_sign_up
from cases.models import User
from cases.models.addresses import AddressInput


class OneSpelling:
    """A form of allauth's whose addresses are taken in any spelling."""

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"email", "login"} & self.fields.keys():
            field = self.fields[name]
            self.fields[name] = AddressInput(label=field.label, required=field.required, widget=field.widget)


class Login(OneSpelling, allauth.LoginForm):
    pass


class MailsCode(OneSpelling):
    """A form that has a code mailed to an address, some of them for each network: no stranger uses up its owner's."""

    users: list[User]

    def clean_email(self) -> str:
        request = context.request
        key = f"{self.cleaned_data['email']} from {get_ip(request)}"
        if not ratelimit.consume(request, action="code_from_network", key=key):
            raise get_adapter().validation_error("too_many_login_attempts")
        email: str = super().clean_email()  # type: ignore[misc]
        if not User.objects.answers_to(email):
            self._user, self.users = None, []
        return email


class RequestCode(MailsCode, allauth.RequestLoginCodeForm):
    pass


class ResetPassword(MailsCode, allauth.ResetPasswordForm):
    pass


class AddEmail(OneSpelling, allauth.AddEmailForm):
    pass


class ConfirmAddress(allauth.ConfirmEmailVerificationCodeForm):
    """A further address of one's own may have an account that nobody has proven: it becomes theirs."""

    def clean_code(self) -> str:
        other = User.objects.of_address(self.email)
        if other is None or other == self.user or not isinstance(self.user, User):
            return super().clean_code()
        code = allauth.BaseConfirmCodeForm.clean_code(self)
        if code and not (answer := proof_brings(other, self.user)):
            raise forms.ValidationError(answer.refusal)
        return code


class SignUp(OneSpelling, allauth.SignupForm):
    """Anybody may sign up with an address that nobody has proved to be theirs, be it known from a report or from
    another sign-up. What they choose counts once they type the code that is mailed to it, in the same browser."""

    def validate_unique_email(self, value: str) -> str:
        email = super().validate_unique_email(value)
        waits = User.objects.of_address(email)
        if waits and waits.is_active and waits.email == email and not waits.is_proven:
            self.account_already_exists = False
        return email

    def try_save(self, request: HttpRequest) -> Any:
        """An address that has an account takes as long as one that has none: most of that is the password's hash."""
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        chosen = self.cleaned_data
        user = accounts.customer_for(chosen["email"], chosen["name"])
        hold_sign_up(request, user, name=chosen["name"], password=chosen.get("password1"))
        return user
