"""What the radar suggests, and what agents decide about it."""

from typing import Any

from django.contrib import messages
from django.db.models.functions import Left
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import AgentRequest, agents_only, desk_only
from cases.actions import radar as actions
from cases.forms import SuggestionForm
from cases.models import Case, Event, Kind, Refused, Severity, SuggestedCase, Suggestion, User
from cases.queries import radar_reports
from cases.radar import headline
from cases.text.numbers import whole_number

MOST = 5  # that a banner shows
EXCERPT = 400  # characters of a message
State = Suggestion.State


@desk_only
@require_GET
def radar(request: AgentRequest) -> HttpResponse:
    """The banner: what waits for a decision, on a case's page what concerns the case."""
    return render(
        request,
        "desk/incidents/radar.html",
        waiting(request.user, MOST, whole_number(request.GET.get("case", ""))),
    )


def waiting(agent: User, most: int, case: int | None = None) -> dict[str, Any]:
    """The suggestions that wait for a decision, as `desk/incidents/radar.html` takes them: all, or those that hold a case."""
    first = list(radar_reports.shown(agent, case)[: most + 1])
    return {"suggestions": _counted(first[:most]), "more": len(first) > most}


def _counted(waiting: list[Suggestion]) -> list[Any]:
    found: dict[int, list[tuple[int, Any]]] = {suggestion.pk: [] for suggestion in waiting}
    members = SuggestedCase.objects.filter(radar_reports.FREE, suggestion__in=waiting, removed=False)
    whose = "case__customer", "case__claimed_email"
    for pk, number, customer, email in members.values_list("suggestion", "case", *whose):
        found[pk].append((number, customer or email.casefold() or -number))
    return [
        (suggestion, len(found[suggestion.pk]), len({customer for _, customer in found[suggestion.pk]}))
        for suggestion in waiting
    ]


def _found(agent: User, pk: int) -> Suggestion:
    visible = Suggestion.objects.visible_to(agent).select_related("system", "incident", "decided_by")
    return get_object_or_404(visible, pk=pk)


@agents_only
@require_http_methods(["GET", "POST"])
def suggestion(request: AgentRequest, pk: int) -> HttpResponse:
    """The cases and why they are alike. POST makes an incident of them, or attaches them to the one they are offered to."""
    found = _found(request.user, pk)
    cases = list(radar_reports.cases_of(found))
    if found.state != State.OPEN and request.method == "GET":
        return render(
            request, "desk/incidents/suggestion.html", {"suggestion": found, "cases": _with_words(cases)}
        )
    form = SuggestionForm(request.POST or None, initial=_known_of(cases), offered_to=found.incident)
    chosen, seen = (
        [number for text in request.POST.getlist(name) if (number := whole_number(text))]
        for name in ("case", "seen")
    )
    if request.method == "POST" and form.is_valid():
        try:
            incident = actions.confirm(found, by=request.user, cases=chosen, seen=seen, **form.cleaned_data)
        except Refused as refused:
            now = Suggestion.objects.visible_to(request.user).filter(pk=pk).first()
            if now is None or now.state != State.OPEN:
                messages.error(request, str(refused))
                return redirect("suggestion", pk) if now else redirect("queue")
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Incident {incident.number} has these cases now.")
            return redirect("desk_incident", incident.number)
    context = {
        "suggestion": found,
        "cases": _with_words(cases),
        "form": form,
        "checked": chosen if form.is_bound else [case.number for case in cases],
    }
    return render(request, "desk/incidents/suggestion.html", context, status=422 if form.errors else 200)


def _known_of(cases: list[Case]) -> dict[str, Any]:
    stated = [case.severity for case in cases if case.severity != Severity.UNSTATED]
    return {
        "title": headline(radar_reports.readings_of(cases)),
        "severity": min(stated, default=Severity.HIGH),
    }


def _with_words(cases: list[Case]) -> list[tuple[Case, str]]:
    """Each case with the beginning of what its customer wrote first."""
    said = Event.objects.filter(case__in=cases, kind=Kind.REPLY, sequence=2)
    words = dict(said.values_list("case", Left("body", EXCERPT)))
    return [(case, words.get(case.number, "")) for case in cases]


@agents_only
@require_POST
def dismissal(request: AgentRequest, pk: int) -> HttpResponse:
    actions.dismiss(_found(request.user, pk), by=request.user)
    messages.success(request, "Dismissed. These cases won’t be suggested together again.")
    return redirect("queue")


@agents_only
@require_POST
def removal(request: AgentRequest, pk: int, number: int) -> HttpResponse:
    """Take one case out of a suggestion."""
    found = _found(request.user, pk)
    actions.remove(found, by=request.user, case=number)
    messages.success(request, f"Case {number} was left out.")
    waits = Suggestion.objects.filter(pk=pk, state=State.OPEN).exists()
    return redirect("suggestion", pk) if waits else redirect("queue")
