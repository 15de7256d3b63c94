"""The agents' side: how the queue looks."""

from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, desk_only
from cases.models import Column
from cases.views.errors import redirect_back

DENSITIES = ("comfortable", "compact")
LONGEST_QUERY = 4_000


@desk_only
@require_POST
def columns(request: AgentRequest) -> HttpResponse:
    """To the queue of this `query` with the chosen columns, of which one may `move` up or down."""
    names = [name for name in request.POST.getlist("column") if name in Column]
    step, _, moved = request.POST.get("move", "").partition(" ")
    if moved in names:
        here = names.index(moved)
        names.insert(max(here + (-1 if step == "up" else 1), 0), names.pop(here))
    state = dict(parse_qsl(request.POST.get("query", "")[:LONGEST_QUERY]))
    address = urlencode(state | {"columns": ",".join(names)})
    return redirect(f"{reverse('queue')}?{address}{'#columns' if moved else ''}")


@desk_only
@require_POST
def density(request: AgentRequest) -> HttpResponse:
    """Keep in a cookie how close the rows stand."""
    response = redirect_back(request, request.POST.get("next", "/"))
    chosen = request.POST.get("density", "")
    if chosen in DENSITIES:
        response.set_cookie(
            "density", chosen, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure()
        )
    return response
