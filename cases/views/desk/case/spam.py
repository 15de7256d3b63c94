from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import spam as spams

from .responses import answer


@agents_only
@require_POST
def spam(request: AgentRequest, number: int) -> HttpResponse:
    """Mark the case as spam, or with `spam=no` say that it is none."""
    case = get_case_or_404(request.user, number)
    if request.POST.get("spam") == "no":
        spams.unmark(case, by=request.user)
    elif spams.mark(case, by=request.user):
        messages.success(request, "It’s left the queue and all figures. Find it with the filter Spam.")
    return answer(request, case)
