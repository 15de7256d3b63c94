"""What went wrong, in a sentence, with what was typed kept."""

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from psycopg import errors

from cases.access import SignInFirst
from cases.models import Refused
from cases.queries.brand import known

from .account import unsent
from .typed import typed


def redirect_back(request: HttpRequest, address: str) -> HttpResponseRedirect:
    """To an address of this site, or to its start when it is somebody else's."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()})
    return HttpResponseRedirect(address if ours else "/")


class SentBack(HttpResponseRedirect):
    """To where a form stood, which says why it was refused."""


class refusal_middleware:  # noqa: N801 - named as it stands in MIDDLEWARE, beside functions
    """A refused change is a sentence: in place with HTMX, on the page one came from without.

    Who was signed out meanwhile gets a plain 401 with HTMX, lest it swaps the sign-in page into theirs. Without, what
    they sent is kept until they have signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and response.get("Location", "").startswith(resolve_url(settings.LOGIN_URL)):  # type: ignore[attr-defined]
            return HttpResponse("You are signed out.\n", status=401, content_type="text/plain")
        if isinstance(response, SignInFirst) and request.method == "POST":
            return unsent.keep(request)
        is_refused = isinstance(response, SignInFirst | SentBack) or response.status_code >= 400
        unsent.forget(request, taken=not is_refused)
        if response.status_code == 405 and not response.content:
            page = _page(request, 405, "Nothing to see here", ONLY_FORMS)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        messages.error(request, str(error))
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "messages.html#messages", {"oob": True}, status=409)
        return SentBack(redirect_back(request, request.META.get("HTTP_REFERER", "/")).url)


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return render(request, "errors/error.html", {"title": title, "sentence": sentence}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TooManyFilesSent):
        many = f"More than {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files came at once, and none was taken."
        return _page(request, 400, "Too many files", f"{many} Go back and choose fewer.")
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        back = "Nothing was saved. Go back, where your text still is, and send less at once."
        return _page(request, 400, "Too much for one form", back)
    return _page(
        request, 400, "We can’t read that", "The address or the form contains something we can’t read."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, "Not allowed", str(exception) or "You don’t have permission to do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "Not found", "This page doesn’t exist, or you don’t have access to it.")


def too_many(request: HttpRequest) -> HttpResponse:
    """What django-allauth shows whoever asks for codes or guesses passwords too often."""
    return _page(
        request,
        429,
        "Too often",
        "Too many attempts. Wait a minute, then try again.",
    )


# What Django says of a token that was ours once or is none: it has looked before whether the form is from this site.
OLD = "CSRF token"
ONLY_FORMS = "This address only accepts forms. Go back to the form, or to the home page."
AWAY = (
    "The database isn’t responding. We can’t tell whether your message was saved; it’s safe to send it again."
)
BUSY = "We’re too busy right now. Nothing was changed."
LOCKED = "Someone else is changing this right now. Nothing was changed."
LONG = "This took too long, so we stopped it. Nothing was changed."


def broken(request: HttpRequest) -> HttpResponse:
    """A page that needs neither database nor viewer. Without a database it is 503, to be tried again."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        cause = error.__cause__
        locked, long = isinstance(cause, errors.LockNotAvailable), isinstance(cause, errors.QueryCanceled)
        return away(request, LOCKED if locked else LONG if long else AWAY)
    return HttpResponse(loader.get_template("errors/500.html").render({"brand": known()}), status=500)


def away(request: HttpRequest, why: str) -> HttpResponse:
    """To be tried again in a moment: in place with HTMX, which leaves the form as it is; else with what was typed."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(f"{why} Try again in a moment.", status=503, content_type="text/plain")
    else:
        fields, files = typed(request)
        context: dict[str, Any] = {"why": why, "address": request.get_full_path(), "brand": known()}
        context |= {"fields": fields, "files": files, "long": any(field["long"] for field in fields)}
        context["token"] = request.POST.get("csrfmiddlewaretoken") if fields else None
        response = HttpResponse(loader.get_template("errors/503.html").render(context), status=503)
    response["Retry-After"] = "10"
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shows what was typed, to be sent with one press: unless another site may have sent it."""
    title = "This page was open too long"
    form = unsent.form_of(request)
    if form["fields"] and "Origin" in request.headers and reason.startswith(OLD):
        return render(
            request, "account/unsent.html", {"title": title, "too_old": True, "form": form}, status=403
        )
    back = "Nothing was changed. Go back, copy what you wrote, reload the page and send it again."
    return _page(request, 403, title, back)
