from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions.snooze import snooze as fall_asleep
from cases.actions.snooze import wake
from cases.forms import MomentForm, moments

from .responses import answer_in_details, do_in_details


@agents_only
@require_POST
def snooze(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(
        request, number, "snooze", MomentForm("until", moments.SNOOZE, request.POST), fall_asleep
    )


@agents_only
@require_POST
def waking(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    wake(case, by=request.user)
    return answer_in_details(request, case, "snooze")
