"""The agents' side: the cases of an incident."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import AgentRequest, agents_only, desk_only, get_case_or_404
from cases.actions import incidents
from cases.forms.incidents import (
    AttachForm,
    JoinForm,
)
from cases.models import Incident, Refused
from cases.queries import incident_cases
from cases.text.numbers import whole_number
from cases.views.desk.case.responses import answer_in_details
from cases.views.desk.incidents.page import answer, get_incident_or_404, refused, sent_only
from cases.views.timeline import perform

OFFERED = 20  # open incidents, to attach a case to


@desk_only
@require_GET
def case_list(request: AgentRequest, number: int) -> HttpResponse:
    """All cases of an incident, page by page."""
    incident = get_incident_or_404(request.user, number)
    rows = incident_cases.page_of(incident, whole_number(request.GET.get("below", "")), request.user)
    shown = rows[: incident_cases.MOST]
    context = {
        "works": request.user.is_agent,
        "incident": incident,
        "rows": shown,
        "sending": incident_cases.sending_of(incident, request.user),
        "further": shown[-1].case.pk if len(rows) > len(shown) else None,
    }
    return render(request, "desk/incidents/cases.html", context)


@agents_only
@sent_only
def attachment(request: AgentRequest, number: int) -> HttpResponse:
    """Attach a case by its number."""
    incident = get_incident_or_404(request.user, number)
    form = AttachForm(request.user, request.POST)
    if perform(form, incidents.attach_number, incident, by=request.user):
        return answer(request, incident, answered="attached")
    return refused(request, incident, "attached", attaching=form)


@agents_only
@sent_only
def detachment(request: AgentRequest, number: int, other: int) -> HttpResponse:
    """Take a case out of this incident, unless it has left it meanwhile."""
    incident = get_incident_or_404(request.user, number)
    case = get_case_or_404(request.user, other)
    if case.incident_id == incident.pk and incidents.detach(case, by=request.user):
        messages.success(
            request, f"Case {case.number} was taken out of the incident. Attach it by number to undo."
        )
    return answer(request, incident, answered="attached")


@agents_only
@require_http_methods(["GET", "POST"])
def joining(request: AgentRequest, number: int) -> HttpResponse:
    """Attach a case to an incident, from the case: the menu of its open ones, or the choice."""
    case = get_case_or_404(request.user, number)
    if request.method == "GET":
        visible = Incident.objects.visible_to(request.user)
        found = list(visible.open().filter(system=case.system_id).order_by("-number")[: OFFERED + 1])
        part = "#joining" if request.htmx else ""
        return render(request, f"desk/incidents/joining.html{part}", {"case": case, "open_incidents": found})
    form = JoinForm(request.POST)
    incident = (
        Incident.objects.visible_to(request.user).filter(pk=form.cleaned_data["incident"]).first()
        if form.is_valid()
        else None
    )
    if incident is None:
        raise Refused("There’s no such incident. Choose one from the menu.")
    incidents.attach(case, by=request.user, incident=incident)
    return answer_in_details(request, case, "incident")


@agents_only
@require_POST
def leaving(request: AgentRequest, number: int) -> HttpResponse:
    """Take a case out of its incident, from the case."""
    case = get_case_or_404(request.user, number)
    incidents.detach(case, by=request.user)
    return answer_in_details(request, case, "incident")
