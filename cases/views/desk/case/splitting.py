"""The agents' side: a message that goes on in a case of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import attachments, splitting
from cases.files.store import StoreUnavailable
from cases.forms.splitting import SplitForm
from cases.models import Event, Refused
from cases.text.first_message import likely_summary


@agents_only
@require_http_methods(["GET", "POST"])
def split(request: AgentRequest, number: int, event: int) -> HttpResponse:
    """What would become of the message, and then opening a case for it."""
    case = get_case_or_404(request.user, number)
    events = Event.objects.visible_to(request.user).select_related("author")
    said = get_object_or_404(events, case=case, sequence=event)
    said.case = case
    form = SplitForm(request.POST or None, summary=likely_summary(said.body), system=case.system_id)
    answer = splitting.may_split(case, said)
    if answer and form.is_valid():
        try:
            files = [attachments.copy(file, by=request.user) for file in said.files.all()]
            new = splitting.split(case, by=request.user, event=event, attachments=files, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        except StoreUnavailable:
            form.add_error(
                None, "We could not reach the files of this message just now. Try again in a moment."
            )
        else:
            messages.success(request, f"Case {new.number} was split off from case {number}.")
            return redirect("desk_case", new.number)
    context = {"case": case, "event": said, "form": form, "answer": answer}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/case/splitting.html", context, status=status)
