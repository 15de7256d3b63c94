"""django-allauth's account adapter: who signs in, and what they prove again before they change how."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest
from django.urls import reverse

from cases.mail import accounts
from cases.models import User, Viewer

from .proof import is_recent


class Adapter(accounts.Adapter):
    def login(self, request: HttpRequest, user: User) -> None:
        """Signing in is a proof too, whatever was asked for."""
        super().login(request, user)
        record_authentication(request, user, "sign-in")

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
            "description": "Get a code by mail",
            "url": reverse("account_reauthenticate_by_code"),
        }
        return [*methods, by_code]
