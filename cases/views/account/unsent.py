"""What a form sent when its sender was no longer signed in: kept until they are, to be sent then."""

import time
from typing import Any
from urllib.parse import urlsplit

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from cases.access import SignInFirst, ViewerRequest, of_ones_own
from cases.views.typed import typed

KEY = "unsent"  # of the session
SEALED = "sealed"  # a field of forms whose words are kept under seal, and nowhere else
KEPT = 15 * 60  # seconds: whoever signs in a moment later is the one who typed


def form_of(request: HttpRequest) -> dict[str, Any]:
    """What was sent, where to, and the page where its form stood."""
    fields, files = typed(request)
    return {
        "address": request.get_full_path(),
        "back": _page_of_form(request),
        "fields": fields,
        "files": files,
    }


def keep(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there to what was sent. Without a form to keep, to where it stood.

    What is to be sealed, or too much, waits on the page itself.
    """
    form = form_of(request)
    if not form["fields"] and not form["files"]:
        return SignInFirst(form["back"])
    sealed = SEALED in request.POST
    if sealed or not ratelimit.consume(request, action="unsent"):
        context = {"form": form, "signed_out": True}
        return render(request, "account/unsent.html", context, status=403 if sealed else 429)
    request.session[KEY] = form | {"at": time.time()}
    return SignInFirst(reverse("account_unsent"))


def _page_of_form(request: HttpRequest) -> str:
    came_from = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    return urlsplit(came_from)._replace(scheme="", netloc="").geturl()


@of_ones_own
@require_safe
def page(request: ViewerRequest) -> HttpResponse:
    form = request.session.get(KEY)
    if form and time.time() - form["at"] > KEPT:
        del request.session[KEY]
        form = None
    return render(request, "account/unsent.html", {"form": form})
