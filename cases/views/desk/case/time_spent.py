from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only
from cases.actions import time_spent
from cases.forms.time_spent import SpentForm

from .responses import do_in_details


@agents_only
@require_POST
def time(request: AgentRequest, number: int) -> HttpResponse:
    """An entry by itself, or a correction."""
    return do_in_details(request, number, "spending", SpentForm(request.POST), time_spent.spend)
