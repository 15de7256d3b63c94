"""What is on neither side: the way in, the theme, the health of the site."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET, require_POST

from cases.access import Right, ViewerRequest, of_ones_own
from cases.actions import first_administrator, profiles
from cases.models import Case, System, User

from .errors import redirect_back

THEMES = ("light", "dark", "auto")


@login_not_required
@require_GET
def home(request: ViewerRequest) -> HttpResponse:
    if request.user.may(Right.READ_DESK):
        return redirect("queue")
    if request.user.is_authenticated:
        return redirect("cases")
    reported = Case.objects.visible_to(request.user).order_by("-last_public_at")
    systems = list(System.objects.offered_to(request.user))
    context = {
        "systems": systems,
        "cases": reported,
        "is_new": not systems and first_administrator.is_missing(),
    }
    return render(request, "site/home.html", context)


@of_ones_own
@login_not_required
@require_POST
def theme(request: ViewerRequest) -> HttpResponse:
    """Keep the choice of light, dark or the system's theme in a cookie."""
    response = redirect_back(request, request.POST.get("next", "/"))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure()
        )
    return response


@of_ones_own
@login_not_required
@require_POST
def keys(request: ViewerRequest) -> HttpResponse:
    """Turn the keys of one letter on or off for somebody, or in this browser, where they get into the way."""
    response = redirect_back(request, request.POST.get("next", "/"))
    wanted = request.POST.get("keys")
    if wanted in ("on", "off") and isinstance(request.user, User):
        profiles.set_keys(wanted == "on", by=request.user)
    elif wanted in ("on", "off"):
        response.set_cookie(
            "keys", wanted, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure()
        )
    return response


@login_not_required
@require_GET
def favicon(request: ViewerRequest) -> HttpResponse:
    """For pages that name none, as administration does."""
    return redirect(static("mark.svg"))


@login_not_required
@require_GET
def healthz(request: ViewerRequest) -> HttpResponse:
    """Whether the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_GET
def readyz(request: ViewerRequest) -> HttpResponse:
    """Whether the database answers too."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
