"""Sign-in by django-allauth: its mail is sent by a job, like all mail, and nothing counts before its proof."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.models import User
from cases.queries.brand import brand

CODES_LAST = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
SIGNING_UP = "signing_up"  # the session key of what somebody chose who has yet to type the mailed code


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and this password do not go together. A password works once its"
        " address is confirmed: sign in with an emailed code, which always does.",
        "email_taken": "This address belongs to another account. Ask us to merge the two.",
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """An account is one, under whatever name and port of ours somebody tries it."""
        return f"account:{credentials.get('email', '')}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(
            template_prefix, email, {"site_address": settings.URL, "email": email, "brand": brand()} | context
        )
        until = (timezone.now() + CODES_LAST).isoformat() if "code" in context else None
        app.configure_task("cases.tasks.mail_text").defer(
            to=email,
            subject=message.subject,
            body=str(message.body).strip() + "\n",
            until=until,
        )

    def login(self, request: HttpRequest, user: User) -> None:
        user.refresh_from_db(
            fields=["password", "organisation"]
        )  # which the proof of a moment ago has changed
        super().login(request, user)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Whoever signed up has typed the code in the same browser: now what they chose there is theirs."""
        chosen = request.session.pop(SIGNING_UP, None)
        with transaction.atomic():  # an account that this proves to be theirs is merged
            confirmed = super().confirm_email(request, email_address)
        if confirmed and chosen and chosen["user"] == email_address.user_id:
            user = email_address.user
            user.name, user.password = chosen["name"], chosen["password"]
            user.save(update_fields=["name", "password"])
        return confirmed


def hold_sign_up(request: HttpRequest, user: User, *, name: str, password: str | None) -> None:
    """Keep what was chosen, but in this browser only: whose address it is, only the mailed code will tell."""
    hashed = make_password(password or None)
    request.session[SIGNING_UP] = {"user": user.pk, "name": name, "password": hashed}


def forget_sign_up(request: HttpRequest, **_: Any) -> None:
    """Whoever signed in by another way has not chosen what was held: it may be a stranger's, on a shared computer."""
    request.session.pop(SIGNING_UP, None)
