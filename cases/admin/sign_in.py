"""Administration is entered through the sign-in of all: Django's own form knows no second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cases.access import ViewerRequest

for model in (
    Authenticator,
    SocialAccount,
    SocialApp,
    SocialToken,
    UserSession,
):  # secrets are nobody's to read
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@login_not_required
def login(request: ViewerRequest, extra_context: Any = None) -> HttpResponse:
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        wanted = reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not request.user.is_staff:
        raise PermissionDenied("Administration is for administrators.")
    return redirect(wanted)


admin.site.login = login  # type: ignore[assignment, method-assign]
