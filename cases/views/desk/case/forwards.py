"""The agents' side: what somebody outside is to read of a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import forwards
from cases.forms import ForwardForm
from cases.models import Attachment, Event, Kind
from cases.views.timeline import perform

OFFERED = 50  # messages and files, the newest


@agents_only
@require_http_methods(["GET", "POST"])
def forward(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    events = Event.objects.visible_to(request.user).select_related("author")
    found = events.filter(case=case, kind__in=(Kind.REPLY, Kind.NOTE, Kind.RESOLVED)).exclude(body="")
    newest = list(found.order_by("-sequence")[: OFFERED + 1])
    said = newest[:OFFERED][::-1]
    for event in said:
        event.case = case
    files = Attachment.objects.visible_to(request.user).filter(case=case).order_by("-pk")[: OFFERED + 1]
    form = ForwardForm(said, files[:OFFERED], request.POST if request.method == "POST" else None)
    if form.is_bound and perform(form, forwards.forward, case, by=request.user):
        messages.success(request, f"Forwarded to {form.cleaned_data['address']}. You’ll see the answer here.")
        return redirect("desk_case", number)
    picked = [*request.POST.getlist("messages"), *request.POST.getlist("attached")]
    context = {"case": case, "form": form, "picked": picked, "most": OFFERED}
    context |= {"more_messages": len(newest) > OFFERED, "more_files": len(files) > OFFERED}
    return render(request, "desk/case/forward.html", context, status=422 if form.is_bound else 200)
