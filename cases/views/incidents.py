"""The agents' side: incidents, and what is written down and done in them."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import attached
from cases.access import AgentRequest, View, agents_only, get_case_or_404
from cases.actions import incidents
from cases.forms import offered
from cases.incident_forms import (
    AREAS,
    SEVERITIES,
    AttachForm,
    IncidentDetailForm,
    IncidentForm,
    IncidentNoteForm,
    IncidentReopenForm,
    IncidentResolveForm,
    JoinForm,
    UpdateForm,
    known_of,
)
from cases.models import Case, Incident, IncidentEvent, Refused, Severity, Status, User
from cases.numbers import whole_number

from .answers import MOST_MISSED, WINDOW, acted, cursor_of
from .desk import answer_in_details
from .keeping import as_typed
from .suggestions import waiting

PAGE = 30
MOST_OPEN = 200
MOST_ASKED = 200  # cases that a new incident may be opened with


def reopen(incident: Incident, *, by: User, body: str = "", token: UUID | None = None) -> None:
    """Reopen it. Raises Refused when it is open already and these words would be lost."""
    done = incidents.reopen(incident, by=by, body=body, token=token)
    if done or not body or incident.events.filter(kind=IncidentEvent.Kind.REOPENED, body=body).exists():
        return
    raise Refused(f"Incident {incident.number} is open already. Send this as an update or a note.")


FORMS: dict[str, Any] = {
    "note": IncidentNoteForm,
    "resolve": IncidentResolveForm,
    "reopen": IncidentReopenForm,
}
DO: dict[str, Any] = {
    "note": incidents.add_note,
    "resolve": incidents.resolve,
    "reopen": reopen,
}
ANSWERED = {"composer": "fresh", "attached": "attached", "details": "changed"}  # by the part that was sent
TURNING_POINTS = {IncidentEvent.Kind.RESOLVED, IncidentEvent.Kind.REOPENED}


def get_incident_or_404(agent: User, number: int) -> Incident:
    found = Incident.objects.visible_to(agent).select_related("system", "owner")
    return get_object_or_404(found, number=number)


def sent_only(view: View) -> View:
    """What only takes forms. Whoever comes by its address, say from signing in, gets the incident's page."""

    @wraps(view)
    def wrapper(request: AgentRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return redirect("desk_incident", get_incident_or_404(request.user, number).number)
        return view(request, number, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(wrapper)


OFFERED = 20  # open incidents, to attach a case to


@agents_only
@require_GET
def incident_list(request: AgentRequest) -> HttpResponse:
    """The open ones, and of the resolved a page, the newest first."""
    per_incident = (
        Case.objects.filter(incident=OuterRef("pk"), merged_into=None).order_by().values("incident")
    )
    count = Subquery(per_incident.annotate(count=Count("pk")).values("count"))
    found = Incident.objects.visible_to(request.user).select_related("system", "owner").annotate(count=count)
    over = found.exclude(pk__in=Incident.objects.open().values("pk"))
    before = whole_number(request.GET.get("before", ""))
    if before is not None:
        over = over.filter(number__lt=before)
    resolved = list(over.order_by("-number")[: PAGE + 1])
    context = {
        "current": [] if before is not None else list(found.open().order_by("-number")[: MOST_OPEN + 1]),
        "resolved": resolved[:PAGE],
        "further": resolved[PAGE - 1].number if len(resolved) > PAGE else None,
        "before": before,
    }
    return render(request, "desk/incidents.html", context | waiting(MOST_OPEN))


@agents_only
@require_http_methods(["GET", "POST"])
def incident_new(request: AgentRequest) -> HttpResponse:
    """A new incident with the cases that the address names, and of these with those that stay checked."""
    cases = _asked_for(request)
    form = IncidentForm(request.POST) if request.method == "POST" else IncidentForm(known=_known_of(cases))
    if request.method == "POST" and form.is_valid():
        try:
            incident = incidents.open_incident(
                by=request.user, cases=[case.number for case in cases if case.checked], **form.cleaned_data
            )
            return redirect("desk_incident", incident.number)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request, "desk/incident_new.html", {"form": form, "cases": cases}, status=422 if form.errors else 200
    )


def _asked_for(request: AgentRequest) -> Any:
    """The cases to attach, each `checked` or not. One that cannot be attached is not offered as such."""
    posted = request.method == "POST"
    asked = request.POST.getlist("offered") if posted else request.GET.getlist("case")
    numbers = [number for text in asked[:MOST_ASKED] if (number := whole_number(text))]
    chosen = {whole_number(text) for text in request.POST.getlist("case")}
    found = Case.objects.visible_to(request.user).filter(pk__in=numbers)
    cases: Any = list(found.select_related("system", "organisation").order_by("pk"))
    if len(asked) > MOST_ASKED:
        messages.warning(
            request,
            f"{len(asked):,} cases were chosen, and {MOST_ASKED} can be attached here. "
            "Attach the others from their own pages, once the incident is open.",
        )
    for case in cases:
        case.free = case.incident_id is None and case.status != Status.CLOSED
        case.checked = case.pk in chosen if posted else case.free
    return cases


def _known_of(cases: list[Case]) -> dict[str, Any]:
    if not cases:
        return {}
    stated = [case.severity for case in cases if case.severity != Severity.UNSTATED]
    area = next((case.area for case in cases if case.area), "")
    return {"system": cases[0].system_id, "severity": min(stated, default=Severity.HIGH), "area": area}


@agents_only
@require_GET
def incident_detail(request: AgentRequest, number: int) -> HttpResponse:
    incident = get_incident_or_404(request.user, number)
    return render(request, "desk/incident.html", page_of(request, incident))


def page_of(request: AgentRequest, incident: Incident) -> dict[str, Any]:
    return {**timeline(request, incident), **parts_of(request, incident)}


def timeline(request: AgentRequest, incident: Incident) -> dict[str, Any]:
    """The newest events, or those before `?before=`, oldest first."""
    events = incident.events.select_related("author")
    before = whole_number(request.GET.get("before", ""), digits=9)
    if before is not None:
        events = events.filter(sequence__lt=before)
    newest = list(events.order_by("-sequence")[: WINDOW + 1])
    shown = newest[:WINDOW][::-1]
    return {
        "events": shown,
        "earlier": shown[0].sequence if len(newest) > WINDOW else None,
        "archive": before is not None,
        "cursor": newest[0].sequence if newest else 0,
    }


def parts_of(request: AgentRequest, incident: Incident) -> dict[str, Any]:
    """What the page shows besides its timeline. What a tick does not show it does not fetch: hence the lambda."""
    sending = attached.sending_of(incident)
    rows = attached.rows_of(incident, sending)
    tally = attached.tally(incident)
    return {
        "incident": incident,
        "tally": tally,
        "rows": rows,
        "unshown": max(incident.cases.count() - len(rows), 0) if len(rows) >= attached.MOST else 0,
        "lowest": min((row.case.pk for row in rows if not row.first), default=None),
        "not_yet": sum(row.not_yet for row in rows),
        "sending": sending,
        "update": UpdateForm(status=incident.status),
        "note": IncidentNoteForm(),
        "resolve": IncidentResolveForm(known=known_of(incident)),
        "reopen": IncidentReopenForm(),
        "attaching": AttachForm(request.user, None),
        "severity_choices": SEVERITIES,
        "area_choices": AREAS,
        "public_choices": [("yes", "Shown"), ("no", "Not shown")],
        "owner_choices": lambda: [("", "Nobody"), *offered()["agent"]],
    }


@agents_only
@require_GET
def incident_live(request: AgentRequest, number: int) -> HttpResponse:
    """What the page does not show yet. Its cases change without a line in its timeline, so it is never nothing."""
    incident = get_incident_or_404(request.user, number)
    if cursor_of(request) is None:
        return HttpResponse("The cursor is missing or is no number.\n", status=400, content_type="text/plain")
    return tick(request, incident)


def tick(request: AgentRequest, incident: Incident, **shown: Any) -> HttpResponse:
    """What is new since the page's cursor, and the parts of the page that change."""
    after = cursor_of(request)
    events = list(
        incident.events.filter(sequence__gt=after or 0)
        .select_related("author")
        .order_by("sequence")[: MOST_MISSED + 1]
    )
    if after is None or len(events) > MOST_MISSED:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = parts_of(request, incident) | {
        "events": events,
        "cursor": events[-1].sequence if events else after,
        "oob": True,
        "turned": any(event.kind in TURNING_POINTS for event in events),
        "changed": any(event.changes for event in events),
    }
    return render(request, "desk/incident_tick.html", context | shown)


def _answer(request: AgentRequest, incident: Incident, **shown: Any) -> HttpResponse:
    incident = get_incident_or_404(request.user, incident.number)
    if request.htmx:
        return tick(request, incident, **shown)
    return redirect(f"{reverse('desk_incident', args=[incident.number])}#event-{incident.last_sequence}")


def refused(request: AgentRequest, incident: Incident, part: str, **shown: Any) -> HttpResponse:
    """A part of the page with what was typed and what is wrong with it: by itself, or in its page."""
    incident = get_incident_or_404(request.user, incident.number)
    context = page_of(request, incident) | shown
    if request.htmx:
        context |= {"oob": True, "answered": ANSWERED[part]}
        return render(request, f"desk/incident.html#{part}", context, status=422)
    return render(request, "desk/incident.html", context, status=422)


@agents_only
@sent_only
def composed(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Take what was written in one of the composers: a note, a resolution or a word on reopening."""
    incident = get_incident_or_404(request.user, number)
    form = FORMS[name](request.POST)
    if acted(form, DO[name], incident, by=request.user):
        return _answer(request, incident, answered="fresh")
    return refused(request, incident, "composer", composing=name, **{name: as_typed(form)})


@agents_only
@sent_only
def detail(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Change one detail in place: the form holds one field, which bears the detail's name."""
    incident = get_incident_or_404(request.user, number)
    form = IncidentDetailForm(name, request.POST)
    if form.is_valid():
        incidents.change(incident, by=request.user, **form.cleaned_data)
        return _answer(request, incident, answered="changed", saved=name)
    if name != "title":
        raise Refused(f"An incident cannot have that {name}.")
    return refused(request, incident, "details", titling=form)


@agents_only
@require_GET
def case_list(request: AgentRequest, number: int) -> HttpResponse:
    """All cases of an incident, page by page."""
    incident = get_incident_or_404(request.user, number)
    rows = attached.page_of(incident, whole_number(request.GET.get("below", "")))
    shown = rows[: attached.MOST]
    context = {
        "incident": incident,
        "rows": shown,
        "sending": attached.sending_of(incident),
        "further": shown[-1].case.pk if len(rows) > len(shown) else None,
    }
    return render(request, "desk/incident_cases.html", context)


@agents_only
@sent_only
def attachment(request: AgentRequest, number: int) -> HttpResponse:
    """Attach a case by its number."""
    incident = get_incident_or_404(request.user, number)
    form = AttachForm(request.user, request.POST)
    if acted(form, incidents.attach_number, incident, by=request.user):
        return _answer(request, incident, answered="attached")
    return refused(request, incident, "attached", attaching=form)


@agents_only
@sent_only
def detachment(request: AgentRequest, number: int, other: int) -> HttpResponse:
    """Take a case out of this incident, unless it has left it meanwhile."""
    incident = get_incident_or_404(request.user, number)
    case = get_case_or_404(request.user, other)
    if case.incident_id == incident.pk and incidents.detach(case, by=request.user):
        messages.success(
            request, f"Case {case.number} is out of the incident. Attach it by its number to put it back."
        )
    return _answer(request, incident, answered="attached")


@agents_only
@require_http_methods(["GET", "POST"])
def joining(request: AgentRequest, number: int) -> HttpResponse:
    """Attach a case to an incident, from the case: the menu of its open ones, or the choice."""
    case = get_case_or_404(request.user, number)
    if request.method == "GET":
        found = list(Incident.objects.open().filter(system=case.system_id).order_by("-number")[: OFFERED + 1])
        part = "#joining" if request.htmx else ""
        return render(request, f"desk/joining.html{part}", {"case": case, "open_incidents": found})
    form = JoinForm(request.POST)
    incident = (
        Incident.objects.visible_to(request.user).filter(pk=form.cleaned_data["incident"]).first()
        if form.is_valid()
        else None
    )
    if incident is None:
        raise Refused("There is no such incident. Choose one from the menu.")
    incidents.attach(case, by=request.user, incident=incident)
    return answer_in_details(request, case, "incident")


@agents_only
@require_POST
def leaving(request: AgentRequest, number: int) -> HttpResponse:
    """Take a case out of its incident, from the case."""
    case = get_case_or_404(request.user, number)
    incidents.detach(case, by=request.user)
    return answer_in_details(request, case, "incident")
