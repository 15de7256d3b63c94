"""Who else has a case open on the desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, desk_only, get_case_or_404
from cases.queries.presence import readers_of

from .waiting import waiting_in

MOST = 4  # named


@desk_only
@require_GET
def people(request: AgentRequest, number: int) -> HttpResponse:
    """The other agents in the case, first those who write, and what was sent and has not left."""
    case = get_case_or_404(request.user, number)
    others = list(readers_of(case).exclude(pk=request.user.pk))
    context = {"people": others[:MOST], "more": len(others[MOST:]), "case": case}
    context["outgoing"] = waiting_in(request.user, case)
    return render(request, "desk/case/presence.html", context)
