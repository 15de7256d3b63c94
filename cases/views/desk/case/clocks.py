"""The agents' side: how the clocks of a case went."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, desk_only, get_case_or_404
from cases.wording.clocks import clock_histories


@desk_only
@require_GET
def clocks(request: AgentRequest, number: int) -> HttpResponse:
    """A page of its own, or the part of the case's details that is fetched once it is opened."""
    case = get_case_or_404(request.user, number)
    template = "desk/case/clocks.html#clocks" if request.htmx else "desk/case/clocks.html"
    return render(request, template, {"case": case, "case_clocks": clock_histories(case, timezone.now())})
