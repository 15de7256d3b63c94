"""The files of a case, newest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, desk_only, get_case_or_404
from cases.models import Event
from cases.text.numbers import whole_number

PAGE = 30  # messages with files


@desk_only
@require_GET
def files(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    before = whole_number(request.GET.get("before", ""), digits=9)
    events = Event.objects.visible_to(request.user).filter(case=case).exclude(attachments=[])
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = list(events.select_related("author", "case").order_by("-sequence")[: PAGE + 1])
    context = {
        "case": case,
        "events": found[:PAGE],
        "earlier": found[PAGE - 1].sequence if len(found) > PAGE else None,
        "later": before,
    }
    return render(request, "desk/case/files.html", context)
