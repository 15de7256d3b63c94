"""Signing in by a provider that speaks OpenID Connect. What it sends is checked: it may be down, slow, or lie."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import Timeout
from requests.exceptions import ConnectionError as Unreachable

from cases.actions import accounts, audit
from cases.models import Refused
from cases.models.addresses import one_spelling

NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "issuer", "jwks_uri")


class Contradiction(ProviderException):
    """It says one thing here and another there."""


def sentence(error: object) -> str:
    """What went wrong with the provider, for whoever wanted to sign in."""
    if error == "cancelled":
        return f"You did not go through with it at {settings.OIDC_NAME}."
    if isinstance(error, Timeout):
        return f"{settings.OIDC_NAME} takes too long to answer."
    if isinstance(error, Unreachable):
        return f"{settings.OIDC_NAME} cannot be reached just now."
    if isinstance(error, Contradiction):
        return f"{settings.OIDC_NAME} contradicts itself about who you are, so that we do not believe it."
    return f"{settings.OIDC_NAME} answered something that we cannot use."


def refused(request: HttpRequest, why: str, status: int = 502) -> HttpResponse:
    return render(request, "account/provider_refused.html", {"why": why}, status=status)


class Adapter(DefaultSocialAccountAdapter):
    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        raise ImmediateHttpResponse(refused(request, sentence(exception or error)))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whose the address is that the provider vouches for signs in. One that it does not vouch for proves nothing."""
        sociallogin.state["process"] = "login"
        if sociallogin.is_existing:
            return
        address = next(iter(sociallogin.email_addresses), None)
        if not address or not address.verified:
            audit.record_failed_sign_in(address.email if address else "", how=settings.OIDC_NAME)
            said = f"{settings.OIDC_NAME} does not say that {address.email if address else 'your address'} is yours."
            raise ImmediateHttpResponse(refused(request, said, 403))
        domain = address.email.rpartition("@")[2]
        if settings.OIDC_DOMAINS and domain not in settings.OIDC_DOMAINS:
            audit.record_failed_sign_in(address.email, how=settings.OIDC_NAME)
            said = f"{settings.OIDC_NAME} does not speak for addresses of {domain}. Sign in with an emailed code instead."
            raise ImmediateHttpResponse(refused(request, said, 403))
        try:
            user = accounts.prove(address.email, str(sociallogin.account.extra_data.get("name", "")))
        except Refused as error:
            audit.record_failed_sign_in(address.email, how=settings.OIDC_NAME)
            raise ImmediateHttpResponse(refused(request, str(error), 409)) from error
        sociallogin.connect(request, user)


class Provider(OpenIDConnectOAuth2Adapter):
    @property
    def openid_config(self) -> dict[str, Any]:
        config = super().openid_config
        if not isinstance(config, dict) or not all(isinstance(config.get(name), str) for name in NEEDED):
            raise ProviderException("It does not describe itself.")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        info, signed = told.get("userinfo") or {}, told.get("id_token") or {}
        if signed and signed.get("sub") != info.get("sub"):
            raise Contradiction
        address = _address(info, signed)
        login.email_addresses[:] = [address] if address else []
        told.clear()
        told["name"] = str(info.get("name") or "")[:120]  # nothing else is kept
        return login


def _address(info: dict[str, Any], signed: dict[str, Any]) -> EmailAddress | None:
    """What it says of the address: verified is what is `true` wherever it says so, and no word for it."""
    email = one_spelling(str(info.get("email") or ""))
    try:
        validate_email(email)
    except ValidationError:
        return None
    if signed.get("email") and one_spelling(str(signed["email"])) != email:
        raise Contradiction
    claims = [info.get("email_verified"), signed.get("email_verified", info.get("email_verified"))]
    return EmailAddress(email=email, verified=all(claim is True for claim in claims), primary=True)
