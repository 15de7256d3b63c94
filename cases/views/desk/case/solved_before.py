"""The agents' side: what helped before in cases like this one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, desk_only, get_case_or_404
from cases.queries.solved_before import alike


@desk_only
@require_GET
def solved_before(request: AgentRequest, number: int) -> HttpResponse:
    """A page of its own, or the part of the case's page that is fetched once that is shown."""
    case = get_case_or_404(request.user, number)
    template = (
        "desk/case/solved_before.html#solved_before" if request.htmx else "desk/case/solved_before.html"
    )
    context = {"works": request.user.is_agent, "case": case, "solved_before": alike(request.user, case)}
    return render(request, template, context)
