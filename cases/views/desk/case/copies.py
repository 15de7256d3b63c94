"""The agents' side: who is in copy of a case."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import copies
from cases.forms import CopyForm

from .responses import answer_in_details, do_in_details


@agents_only
@require_POST
def copy(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "copying", CopyForm(request.POST), copies.add)


@agents_only
@require_POST
def copy_removal(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    copies.remove(case, by=request.user, copy=pk)
    return answer_in_details(request, case, "copying")
