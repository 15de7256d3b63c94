"""django-allauth's account adapter: who signs in, and what they prove again before they change how."""

import json
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cases.mail import accounts
from cases.models import AuditEntry, AuditKind, User, Viewer
from cases.text.browsers import named

from .proof import is_recent
from .way_back import way_back_of

DEVICE = "device"  # the cookie of whoever has signed in with this browser
MOST_KNOWN = 10


class Adapter(accounts.Adapter):
    def login(self, request: HttpRequest, user: User) -> None:
        """Signing in is a proof too, whatever was asked for."""
        self.is_first = user.last_login is None
        super().login(request, user)
        record_authentication(request, user, "sign-in")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Tell them by mail when they signed in with a browser that their account has not been seen with. Whose password
        was handed over is asked for another at first."""
        response = super().post_login(request, user, **kwargs)
        handed_over = AuditEntry.objects.filter(kind=AuditKind.HANDED_OVER, about=user).select_related("by")
        if self.is_first and (entry := handed_over.first()):
            messages.warning(request, f"{entry.by} knows this password. Choose one that nobody else knows.")
            response = redirect("account_change_password")
        try:
            known = json.loads(request.get_signed_cookie(DEVICE, "[]", salt=DEVICE) or "[]")
        except (BadSignature, ValueError):
            known = []
        if user.pk not in known:
            if not self.is_first:
                browser = named(self.get_http_user_agent(request)) or "a browser without a name"
                self.send_notification_mail("account/email/new_device", user, {"browser": browser})
            response.set_signed_cookie(
                DEVICE,
                json.dumps([*known, user.pk][-MOST_KNOWN:]),
                salt=DEVICE,
                max_age=365 * 24 * 3600,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A changed address is told to the old one, with a way back."""
        if template_prefix == "account/email/email_changed" and email:
            context = (context or {}) | {"way_back": way_back_of(user, email)}
        super().send_notification_mail(template_prefix, user, context, email)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """allauth's own answer lets in whoever has neither a password nor a second factor."""
        if not is_recent(self.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: Viewer) -> list[dict[str, Any]]:
        """Whoever has a second factor proves it with that. The others by password or a mailed code."""
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"].startswith("mfa_")]
        if factors or not user.is_authenticated:
            return factors
        by_code = {
            "id": "code",
            "description": "Get a code by email",
            "url": reverse("account_reauthenticate_by_code"),
        }
        return [*methods, by_code]
