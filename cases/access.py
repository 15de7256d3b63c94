"""Who is looking, and what they may do."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from ipaddress import ip_address
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from cases.models import Case, Guest, User, Viewer
from cases.models.rights import RIGHTS as RIGHTS  # the table, which models ask as well: `viewer.may(Right.…)`
from cases.models.rights import Right as Right
from cases.text import times_of_day

View = Callable[..., HttpResponse]


class ViewerRequest(HttpRequest):
    """A request as the middlewares leave it to the views."""

    user: Viewer
    htmx: HtmxDetails


class AgentRequest(ViewerRequest):
    """A request to the desk."""

    user: User


GUEST_CASES = "guest_cases"  # the session key of the cases that a visitor reported
UPLOADS = "uploads"  # and of what is known by it: files that a visitor has not sent yet
MOST_GUEST_CASES = 50


def viewer_of(request: HttpRequest) -> Viewer:
    """The signed-in user, or the guest that this browser's session knows."""
    user = get_user(request)
    if isinstance(user, User):
        left = seconds_left(request.session, user)
        if left > 0:
            _note_deed(request)
            return user
        request.session.flush()
    return Guest(tuple(request.session.get(GUEST_CASES, ())), request.session.get(UPLOADS, ""))


SIGNED_IN, SEEN = "signed_in_at", "seen_at"  # the session keys of when they signed in, and last did something
NOTED = 300  # seconds within which a further deed is not noted


def seconds_left(session: Any, user: User) -> float:
    """How long they stay signed in if they do nothing. Customers do until their cookie ends."""
    if not user.may(Right.READ_DESK):
        return float("inf")
    ends = (
        session.get(SIGNED_IN, 0) + settings.STAFF_HOURS * 3600,
        session.get(SEEN, 0) + settings.STAFF_IDLE_HOURS * 3600,
    )
    return min(ends) - time.time()


def _note_deed(request: HttpRequest) -> None:
    """What a page asks for by itself, live or for its pictures, is nobody's deed; nor is a stream, without a method."""
    by_itself = (
        "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    )
    if request.method is None or (request.method == "GET" and by_itself):
        return
    if time.time() - request.session.get(SEEN, 0) > NOTED:
        request.session[SEEN] = time.time()


class AssumedZone(ZoneInfo):
    """The portal's own zone, for whoever's browser has not told theirs yet: times say which it is."""


def viewer_middleware(get_response: View) -> View:
    """Make `request.user` a Viewer, times the viewer's (the browser tells its zone in a cookie), and
    pages private: no cache between us and the viewer keeps one. Nor does the browser, where no script of ours would
    look who has come back (static/js/viewer.js)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _read_by(viewer_of(request), request))  # type: ignore[assignment]
        zone = _zone(request.COOKIES.get("tz")) or AssumedZone(settings.TIME_ZONE)
        with timezone.override(zone), times_of_day.reading():
            response = get_response(request)
        if not response.has_header("Cache-Control"):
            kept = {"no_cache": True} if "tz" in request.COOKIES else {"no_store": True}
            patch_cache_control(response, private=True, **kept)
        return response

    return middleware


def _read_by(viewer: Viewer, request: HttpRequest) -> Viewer:
    """Let times be as this person chose, until the answer is made."""
    if isinstance(viewer, User):
        times_of_day.write_as(viewer.clock, request.headers.get("Accept-Language", ""))
        if zone := _zone(viewer.chosen_zone):
            timezone.activate(zone)
    return viewer


class Origin(NamedTuple):
    """From where something is asked for: the network address and the browser, as it names itself."""

    address: str | None = None
    browser: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def origin() -> Origin:
    """From where the request came that is being answered. A job and a command come from nowhere."""
    return _origin.get()


def origin_middleware(get_response: View) -> View:
    """Let what is done for this request know its `origin`, without seeing the request.

    The address is that of the connection, or what a proxy says of it that CASELINE_PROXIES names.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _origin.set(Origin(_address(request), _plain(request.headers.get("User-Agent", ""))))
        try:
            return get_response(request)
        finally:
            _origin.reset(token)

    return middleware


def _address(request: HttpRequest) -> str | None:
    try:
        found = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def _plain(words: str) -> str:
    """The beginning of it, as PostgreSQL takes it and a page shows it."""
    return "".join(character for character in words[:200] if character.isprintable())


def shared_middleware(get_response: View) -> View:
    """What a cache between us may hand to everybody carries nobody's cookie, not even the end of a broken one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "public" in response.get("Cache-Control", ""):
            response.cookies.clear()
            del response["Vary"]
        return response

    return middleware


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def let_in(request: ViewerRequest, case: Case) -> list[int]:
    """Let a visitor who reported this case go on to it from the same browser. Returns the numbers of those that it opens
    no more."""
    if request.user.is_authenticated:
        return []
    reported = [*request.session.get(GUEST_CASES, []), case.number]
    request.session[GUEST_CASES] = reported[-MOST_GUEST_CASES:]
    return reported[:-MOST_GUEST_CASES]


def get_case_or_404(viewer: Viewer, number: int) -> Case:
    cases = Case.objects.visible_to(viewer).select_related(
        "system", "customer", "organisation", "assignee", "team"
    )
    return get_object_or_404(cases, number=number)


def is_own(viewer: Viewer, case: Case) -> bool:
    """Whether they are the customer of the case: themselves, or the guest who reported it. A colleague is not.

    Who may see it is decided before.
    """
    return isinstance(viewer, Guest) or viewer == case.customer


def for_those_who_may(right: Right, otherwise: str) -> Callable[[View], View]:
    """Views for whoever has this right: 403 for everybody else, with this sentence."""

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapper(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.may(right):
                raise PermissionDenied(otherwise)
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


# The views of the desk: what only shows, and what changes something or is there to change it.
desk_only = for_those_who_may(Right.READ_DESK, "This page is for agents.")
agents_only = for_those_who_may(Right.WORK_ON_CASES, "This is for agents.")


ONLY_READS = "You can read this but not change it."


def only_reads(viewer: Viewer) -> bool:
    """Whether they read the desk and do not work on it."""
    return viewer.may(Right.READ_DESK) and not viewer.may(Right.WORK_ON_CASES)


class ReadersMiddleware:
    """Whoever only reads changes nothing: 403 for every form of ours, on either side.

    What is marked with `of_ones_own` is no case's.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: ViewerRequest, view: View, args: Any, kwargs: Any) -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "is_of_ones_own", False):
            return
        if not view.__module__.startswith("cases."):
            return
        if only_reads(request.user):
            raise PermissionDenied(ONLY_READS)


class SignInFirst(HttpResponseRedirect):
    """To the sign-in page, and from there on to an address."""

    def __init__(self, onward: str) -> None:
        super().__init__(redirect_to_login(onward).url)


class SignInMiddleware(LoginRequiredMiddleware):
    """Pages are for people who have signed in, unless a view says otherwise."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> SignInFirst:
        return SignInFirst(request.get_full_path())


def of_ones_own(view: View) -> View:
    """Views that keep something for their viewer alone, who may be a reader."""
    view.is_of_ones_own = True  # type: ignore[attr-defined]  # functions declare no attributes
    return view


def guests_too(view: View) -> View:
    """Views of one case that the visitor who reported it may use without signing in.

    Any other number sends a visitor to sign-in, whether the case exists or not, or has become an account's.
    """

    @wraps(view)
    def wrapper(request: ViewerRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponse:
        viewer = request.user
        if isinstance(viewer, Guest) and number not in viewer.case_numbers:
            return SignInFirst(request.get_full_path() if request.method == "GET" else f"/cases/{number}/")
        try:
            return view(request, number, *args, **kwargs)
        except Http404:
            if isinstance(viewer, Guest) and not Case.objects.visible_to(viewer).filter(pk=number).exists():
                return SignInFirst(f"/cases/{number}/")
            raise

    return login_not_required(wrapper)
