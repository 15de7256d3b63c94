from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import checklists
from cases.forms.checklist import ChecklistForm

from .responses import answer_in_details, do_in_details


@agents_only
@require_POST
def checklist(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "listing", ChecklistForm(request.POST), checklists.add)


@agents_only
@require_POST
def checklist_item(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Tick it off; with `undone`, say that it is not done after all."""
    case = get_case_or_404(request.user, number)
    checklists.tick(case, by=request.user, item=pk, done="undone" not in request.POST)
    return answer_in_details(request, case, "listing")


@agents_only
@require_POST
def checklist_removal(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    checklists.remove(case, by=request.user, item=pk)
    return answer_in_details(request, case, "listing")
