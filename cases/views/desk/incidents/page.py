"""The agents' side: incidents, and what is written down and done in them."""

from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import AgentRequest, View, agents_only, desk_only
from cases.actions import incident_updates, incidents
from cases.forms import offered
from cases.forms.incidents import (
    AREAS,
    SEVERITIES,
    AttachForm,
    IncidentDetailForm,
    IncidentNoteForm,
    IncidentReopenForm,
    IncidentResolveForm,
    UpdateForm,
    known_of,
)
from cases.models import Incident, IncidentEvent, Refused, User
from cases.queries import incident_cases
from cases.text.numbers import whole_number
from cases.views.desk.case.composer_drafts import as_typed
from cases.views.timeline import MOST_MISSED, WINDOW, cursor_of, perform

FORMS: dict[str, Any] = {
    "note": IncidentNoteForm,
    "resolve": IncidentResolveForm,
    "reopen": IncidentReopenForm,
}
DO: dict[str, Any] = {
    "note": incident_updates.add_note,
    "resolve": incident_updates.resolve,
    "reopen": incident_updates.reopen,
}
ANSWERED = {"composer": "fresh", "attached": "attached", "details": "changed"}  # by the part that was sent
TURNING_POINTS = {IncidentEvent.Kind.RESOLVED, IncidentEvent.Kind.REOPENED}


def get_incident_or_404(agent: User, number: int) -> Incident:
    visible = Incident.objects.visible_to(agent).select_related("system", "owner")
    return get_object_or_404(visible, number=number)


def sent_only(view: View) -> View:
    """What only takes forms. Whoever comes by its address, say from signing in, gets the incident's page."""

    @wraps(view)
    def wrapper(request: AgentRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return redirect("desk_incident", get_incident_or_404(request.user, number).number)
        return view(request, number, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(wrapper)


@desk_only
@require_GET
def incident_detail(request: AgentRequest, number: int) -> HttpResponse:
    incident = get_incident_or_404(request.user, number)
    return render(request, "desk/incidents/page.html", page_of(request, incident))


def page_of(request: AgentRequest, incident: Incident) -> dict[str, Any]:
    return {**timeline(request, incident), **parts_of(request, incident)}


def timeline(request: AgentRequest, incident: Incident) -> dict[str, Any]:
    """The newest events, or those before `?before=`, oldest first."""
    events = incident.events.visible_to(request.user).select_related("author")
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
    sending = incident_cases.sending_of(incident, request.user)
    rows = incident_cases.rows_of(incident, sending, request.user)
    tally = incident_cases.tally(incident, request.user)
    withheld = incident.events.withheld().count()
    whole = incident_updates.may_speak_for(incident, request.user)
    return {
        "incident": incident,
        "works": request.user.is_agent,
        "may": {
            "take_cases": request.user.is_agent and incidents.may_take_cases(incident),
            "tell": whole and incident_updates.may_tell(incident),
            "resolve": whole and incident_updates.may_resolve(incident),
            "reopen": whole and incident_updates.may_reopen(incident),
        },
        "tally": tally,
        "rows": rows,
        "unshown": max(incident.cases.visible_to(request.user).count() - len(rows), 0)
        if len(rows) >= incident_cases.MOST
        else 0,
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
        "withheld": withheld,
        "public_choices": _public_choices(incident, withheld),
        "owner_choices": lambda: [("", "Nobody"), *offered()["agent"]],
    }


def _public_choices(incident: Incident, withheld: int) -> list[tuple[str, str]]:
    """Whether the incident is on the status page, and how it may be shown when something was said without it."""
    if not withheld:
        return [("yes", "Shown"), ("no", "Not shown")]
    since = "since it was shown" if incident.public else "from now on"
    earlier = f"with {withheld:,} earlier update{'' if withheld == 1 else 's'}"
    return [("no", "Not shown"), ("yes", f"Shown, {since}"), ("earlier", f"Shown, {earlier}")]


@desk_only
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
        incident.events.visible_to(request.user)
        .filter(sequence__gt=after or 0)
        .select_related("author")
        .order_by("sequence")[: MOST_MISSED + 1]
    )
    if after is None or len(events) > MOST_MISSED:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = parts_of(request, incident) | {
        "events": events,
        "cursor": events[-1].sequence if events else after,
        "oob": True,
        "composer_changed": any(event.kind in TURNING_POINTS for event in events),
        "details_changed": any(event.changes for event in events),
    }
    return render(request, "desk/incidents/tick.html", context | shown)


def answer(request: AgentRequest, incident: Incident, **shown: Any) -> HttpResponse:
    incident = get_incident_or_404(request.user, incident.number)
    if request.htmx:
        return tick(request, incident, **shown)
    return to_event(request, incident.number)


def to_event(request: AgentRequest, number: int) -> HttpResponse:
    """To the newest event of the incident, which tells the page that what it kept has arrived."""
    incident = get_incident_or_404(request.user, number)
    return redirect(f"{reverse('desk_incident', args=[number])}#event-{incident.last_sequence}")


def refused(request: AgentRequest, incident: Incident, part: str, **shown: Any) -> HttpResponse:
    """A part of the page with what was typed and what is wrong with it: by itself, or in its page."""
    incident = get_incident_or_404(request.user, incident.number)
    context = page_of(request, incident) | shown
    if request.htmx:
        context |= {"oob": True, "answered": ANSWERED[part]}
        return render(request, f"desk/incidents/page.html#{part}", context, status=422)
    return render(request, "desk/incidents/page.html", context, status=422)


@agents_only
@sent_only
def composed(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Take what was written in one of the composers: a note, a resolution or a word on reopening."""
    incident = get_incident_or_404(request.user, number)
    form = FORMS[name](request.POST)
    if perform(form, DO[name], incident, by=request.user):
        return answer(request, incident, answered="fresh")
    return refused(request, incident, "composer", composing=name, **{name: as_typed(form)})


@agents_only
@sent_only
def detail(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Change one detail in place: the form holds one field, which bears the detail's name."""
    incident = get_incident_or_404(request.user, number)
    form = IncidentDetailForm(name, request.POST)
    if form.is_valid():
        incidents.change(incident, by=request.user, **form.cleaned_data)
        return answer(request, incident, answered="changed", saved=name)
    if name != "title":
        raise Refused(f"An incident cannot have that {name}.")
    return refused(request, incident, "details", titling=form)
