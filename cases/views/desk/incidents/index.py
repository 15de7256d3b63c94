"""The agents' side: all incidents, and a new one."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import AgentRequest, agents_only, desk_only
from cases.actions import incidents
from cases.forms.incidents import (
    IncidentForm,
)
from cases.models import Case, Incident, Refused, Severity
from cases.text.numbers import whole_number
from cases.views.desk.incidents.radar import waiting

PAGE = 30
MOST_OPEN = 200
MOST_ASKED = 200  # cases that a new incident may be opened with


@desk_only
@require_GET
def incident_list(request: AgentRequest) -> HttpResponse:
    """The open ones, and of the resolved a page, the newest first."""
    per_incident = (
        Case.objects.visible_to(request.user)
        .filter(incident=OuterRef("pk"), merged_into=None)
        .order_by()
        .values("incident")
    )
    count = Subquery(per_incident.annotate(count=Count("pk")).values("count"))
    visible = (
        Incident.objects.visible_to(request.user).select_related("system", "owner").annotate(count=count)
    )
    over = visible.exclude(pk__in=Incident.objects.open().values("pk"))
    before = whole_number(request.GET.get("before", ""))
    if before is not None:
        over = over.filter(number__lt=before)
    resolved = list(over.order_by("-number")[: PAGE + 1])
    context = {
        "current": [] if before is not None else list(visible.open().order_by("-number")[: MOST_OPEN + 1]),
        "resolved": resolved[:PAGE],
        "further": resolved[PAGE - 1].number if len(resolved) > PAGE else None,
        "before": before,
    }
    return render(request, "desk/incidents/index.html", context | waiting(request.user, MOST_OPEN))


@agents_only
@require_http_methods(["GET", "POST"])
def incident_new(request: AgentRequest) -> HttpResponse:
    """A new incident with the cases that the address names, and of these with those that stay checked."""
    offered = _offered(request)
    known = _known_of([one.case for one in offered])
    form = IncidentForm(request.POST) if request.method == "POST" else IncidentForm(known=known)
    if request.method == "POST" and form.is_valid():
        try:
            incident = incidents.open_incident(
                by=request.user,
                cases=[one.case.number for one in offered if one.checked],
                **form.cleaned_data,
            )
            return redirect("desk_incident", incident.number)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        "desk/incidents/new.html",
        {"form": form, "offered": offered},
        status=422 if form.errors else 200,
    )


class Offered(NamedTuple):
    """A case to attach: whether it can be attached, and whether it is checked."""

    case: Case
    free: bool
    checked: bool


def _offered(request: AgentRequest) -> list[Offered]:
    """The cases that the address or the form names. One that cannot be attached is shown as such."""
    posted = request.method == "POST"
    asked = request.POST.getlist("offered") if posted else request.GET.getlist("case")
    numbers = [number for text in asked[:MOST_ASKED] if (number := whole_number(text))]
    chosen = {whole_number(text) for text in request.POST.getlist("case")}
    found = Case.objects.visible_to(request.user).filter(pk__in=numbers)
    if len(asked) > MOST_ASKED:
        messages.warning(
            request,
            f"{len(asked):,} cases were chosen, and {MOST_ASKED} can be attached here. "
            "Attach the others from their own pages, once the incident is open.",
        )
    offered = []
    for case in found.select_related("system", "organisation").order_by("pk"):
        free = bool(incidents.may_be_attached(case))
        offered.append(Offered(case, free, case.pk in chosen if posted else free))
    return offered


def _known_of(cases: list[Case]) -> dict[str, Any]:
    if not cases:
        return {}
    stated = [case.severity for case in cases if case.severity != Severity.UNSTATED]
    area = next((case.area for case in cases if case.area), "")
    return {"system": cases[0].system_id, "severity": min(stated, default=Severity.HIGH), "area": area}
