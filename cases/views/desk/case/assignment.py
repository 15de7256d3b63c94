from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only
from cases.actions import triage
from cases.forms import HandoverForm

from .responses import do_in_details


@agents_only
@require_POST
def handover(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "handover", HandoverForm(request.POST), triage.hand_over)
