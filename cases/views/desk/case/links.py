from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import merging
from cases.forms import LinkForm

from .responses import answer_in_details, do_in_details


@agents_only
@require_POST
def links(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "linking", LinkForm(request.user, request.POST), merging.link)


@agents_only
@require_POST
def link_removal(request: AgentRequest, number: int, other: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    merging.unlink(case, by=request.user, other=get_case_or_404(request.user, other))
    return answer_in_details(request, case, "linking")
