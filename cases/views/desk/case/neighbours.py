from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, desk_only, get_case_or_404
from cases.views.desk.queue import neighbour_of


@desk_only
@require_GET
def neighbour(request: AgentRequest, number: int, way: str) -> HttpResponse:
    """The next or previous case of the queue that one came from, from the `place` where this one stood in it."""
    get_case_or_404(request.user, number)
    state = QueryDict(request.COOKIES.get("queue", ""))
    if found := neighbour_of(request.user, state, request.GET.get("place", ""), way):
        return redirect("desk_case", found)
    messages.info(request, f"No case comes {way} case {number} in this queue.")
    return redirect(f"{reverse('queue')}?{state.urlencode()}")
