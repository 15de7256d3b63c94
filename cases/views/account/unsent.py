"""What a form sent when its sender was no longer signed in: kept until they are, to be sent then."""

import time
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from cases.access import SignInFirst, ViewerRequest, of_ones_own
from cases.views.typed import typed

KEY = "unsent"  # of the session; a field of this name says which form it was that is sent now
SEALED = "sealed"  # a field of forms whose words are kept under seal, and nowhere else
KEPT = 15 * 60  # seconds: whoever signs in a moment later is the one who typed
MOST_KEPT = 200_000  # characters of a form: more would weigh on every page of the session


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

    What is to be sealed, too long or too often waits on the page itself.
    """
    form = form_of(request)
    if not form["fields"] and not form["files"]:
        return SignInFirst(form["back"])
    if status := _kept_nowhere(request, form):
        return render(request, "account/unsent.html", {"form": form, "signed_out": True}, status=status)
    request.session[KEY] = form | {"at": time.time(), "key": str(uuid4())}
    return SignInFirst(reverse("account_unsent"))


def _kept_nowhere(request: HttpRequest, form: dict[str, Any]) -> int:
    """With which status the form is shown at once, instead of being kept; 0 where it may be."""
    if SEALED in request.POST:
        return 403
    if sum(len(field["name"]) + len(field["value"]) for field in form["fields"]) > MOST_KEPT:
        return 413
    return 0 if ratelimit.consume(request, action="unsent") else 429


def forget(request: HttpRequest, *, taken: bool) -> None:
    """Keep the form no longer once it came from its page and was taken, or waited too long."""
    form = request.session.get(KEY) if request.session.accessed else None
    if form and (_is_over(form) or (taken and request.POST.get(KEY) == form["key"])):
        del request.session[KEY]


def _is_over(form: dict[str, Any]) -> bool:
    return bool(time.time() - form["at"] > KEPT)


def _page_of_form(request: HttpRequest) -> str:
    came_from = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    return urlsplit(came_from)._replace(scheme="", netloc="").geturl()


@of_ones_own
@require_safe
def page(request: ViewerRequest) -> HttpResponse:
    form = request.session.get(KEY)
    return render(request, "account/unsent.html", {"form": None if form and _is_over(form) else form})
