"""Whoever needs a second factor and has none gets to the pages that set it up, and to no other."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.access import ViewerRequest
from cases.models import User

View = Callable[..., HttpResponse]

FIRST = "Your role needs a second factor. Set one up, then go on."
OPEN = {"account_logout", "theme", "keys", "favicon", "kept_mail", "healthz", "readyz"}
PUBLIC = {"incidents", "incident", "incident_feed"}  # everybody's, from a cache
PUBLIC |= {"brand_colour", "brand_mark", "brand_picture", "brand_icon"}
SETS_UP = ("mfa_", "account_reauthenticate")


def is_open(name: str) -> bool:
    return name in OPEN | PUBLIC or name.startswith(SETS_UP)


class SecondFactorMiddleware:
    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: ViewerRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if (not match or not match.namespace) and is_open(match.url_name or "" if match else ""):
            return None
        viewer = request.user
        if not (isinstance(viewer, User) and viewer.must_set_up):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(f"{FIRST}\n", status=403, content_type="text/plain")
        return redirect("mfa_index")
