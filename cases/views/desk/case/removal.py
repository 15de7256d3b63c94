"""The agents' side: taking back what should never have been said."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import removal as removals
from cases.forms import RemovalForm
from cases.models import Event, Refused
from cases.models.attachment import is_key
from cases.queries.deliveries import mailed_to
from cases.text.lists import listed
from cases.views.timeline import perform

from .responses import answer


@agents_only
@require_http_methods(["GET", "POST"])
def removal(request: AgentRequest, number: int, event: int) -> HttpResponse:
    """Remove a passage of an event for good, or the `file` whose key is posted. The page shows what to choose from."""
    case = get_case_or_404(request.user, number)
    events = Event.objects.visible_to(request.user).select_related("author")
    found = get_object_or_404(events, case=case, sequence=event)
    if is_key(key := request.POST.get("file")):
        removals.remove_file(case, by=request.user, file=get_object_or_404(found.files, key=key))
        return answer(request, case)
    if request.method == "POST":
        form = RemovalForm(request.POST)
        if perform(form, removals.remove_passage, case, by=request.user, event=event):
            return answer(request, case)
        if request.htmx:
            raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        form = RemovalForm(initial={"passage": request.GET.get("passage", "")})
    found.case = case
    context = {"case": case, "event": found, "form": form, "mailed": listed(mailed_to([found]))}
    return render(request, "desk/case/removal.html", context, status=422 if form.is_bound else 200)
