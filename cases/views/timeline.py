"""How views answer: one tick of the live page, after a change and on a nudge alike."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from cases.access import ViewerRequest, get_case_or_404
from cases.actions.drafts import NeedsConfirmation
from cases.forms import EndForm
from cases.models import Case, Event, Incident, Refused, Viewer
from cases.models.event import sequence_for
from cases.models.kinds import KINDS, REMOVES, Kind, Page, Role
from cases.queries.deliveries import trouble_in, with_undelivered
from cases.status_page.pages import Update
from cases.text.numbers import whole_number

WINDOW = 50  # events that a case page shows at once
MOST_MERGED_IN = 50  # that a case names
MOST_MISSED = 200  # events that a page catches up on without being loaded anew


def timeline(request: ViewerRequest, case: Case, viewer: Viewer | None = None) -> dict[str, Any]:
    """The newest events, or those before `?before=`, oldest first."""
    viewer = viewer or request.user
    events = Event.objects.visible_to(viewer).filter(case=case).select_related("author")
    events = with_undelivered(events, case, viewer)
    sequence = sequence_for(viewer)
    before = whole_number(request.GET.get("before", ""), digits=9)
    if before is not None:
        events = events.filter(**{f"{sequence}__lt": before})
    newest = list(events.order_by(f"-{sequence}")[: WINDOW + 1])
    shown = newest[:WINDOW][::-1]
    for event in shown:
        event.case = case
    return {
        "case": case,
        "events": shown,
        "mail_trouble": trouble_in(shown),
        "earlier": getattr(shown[0], sequence) if len(newest) > WINDOW else None,
        "archive": before is not None,  # a look back, which is neither live nor written in
        "cursor": getattr(shown[-1], sequence) if shown else 0,
    } | merges_of(request, case)


def merges_of(request: ViewerRequest, case: Case) -> dict[str, Any]:
    """The cases that were merged into this one, and the one in which this one goes on."""
    visible = Case.objects.visible_to(request.user)
    return {
        "merged_in": visible.filter(merged_into=case).order_by("number")[: MOST_MERGED_IN + 1],
        "goes_on": lambda: (
            visible.filter(pk=case.merged_target().pk).first() if case.merged_into_id else None
        ),
    }


def cursor_of(request: ViewerRequest) -> int | None:
    return whole_number(request.POST.get("after") or request.GET.get("after") or "", digits=9)


def newest_visible(request: ViewerRequest, case: Case) -> int:
    """Return the number of the newest event that the viewer may see. A later one would tell customers of internal work."""
    return getattr(case, f"last_{sequence_for(request.user)}")


def incident_shown(incident: Incident | None, updates: Iterable[Update] = ()) -> str:
    """By what a page of a case knows again what it shows of its incident, which changes without an event there."""
    if incident is None:
        return ""
    shown = [
        incident.pk,
        incident.title,
        incident.status,
        incident.public,
        *(update.key for update in updates),
    ]
    return sha256(repr(shown).encode()).hexdigest()[:16]


def shows_another(request: ViewerRequest, shown: str) -> bool:
    """Whether the page shows something else of the incident than this."""
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("incident_shown", shown) != shown


def tick(request: ViewerRequest, case: Case, template: str, context: dict[str, Any]) -> HttpResponse:
    """What is new since the page's cursor: its events, and the parts of the page that they change."""
    after, sequence = cursor_of(request), sequence_for(request.user)
    if after is None and request.method == "GET":
        return HttpResponse("The cursor is missing or is no number.\n", status=400, content_type="text/plain")
    new = Event.objects.visible_to(request.user).filter(case=case, **{f"{sequence}__gt": after or 0})
    new = with_undelivered(new.select_related("author"), case, request.user)
    events = list(new.order_by(sequence)[: MOST_MISSED + 1])
    redrawn = {part for event in events for part in KINDS[Kind(event.kind)].redraws}
    if after is None or len(events) > MOST_MISSED or Page.ALL in redrawn:
        return HttpResponse(headers={"HX-Refresh": "true"})
    for event in events:
        event.case = case
    context |= {
        "case": case,
        "events": events,
        "mail_trouble": trouble_in(events),
        "struck": _struck(request, case, events),
        "cursor": getattr(events[-1], sequence) if events else after,
        "oob": True,
        "composer_changed": Page.COMPOSER in redrawn
        or any({"merged_into_id", "assignee_id"} & event.changes.keys() for event in events),
        "renamed": any({"summary", "system_id"} & event.changes.keys() for event in events),
        "merged": any(event.kind in (Kind.MERGED, Kind.UNMERGED) for event in events),
        "incident_changed": shows_another(request, context["incident_shown"]),
        "has_public": any(event.public for event in events),
        "details_changed": Page.DETAILS in redrawn or any(event.changes for event in events),
        "has_held": any(event.kind == Kind.HELD for event in events),
        "has_agent_reply": any(event.role == Role.AGENT and event.public for event in events),
    } | merges_of(request, case)
    return render(request, template, context)


def _struck(request: ViewerRequest, case: Case, new: list[Event]) -> list[Event]:
    """The events that the page may show already, and of which the new ones removed something."""
    removals = [event for event in new if event.kind in REMOVES]
    named = {pk for event in removals for pk in event.details["events"]} - {event.pk for event in new}
    events = Event.objects.visible_to(request.user).filter(pk__in=named) if named else Event.objects.none()
    events = with_undelivered(events.select_related("author", "case"), case, request.user)
    found = list(events.order_by("pk"))
    for event in found:
        event.case = case if event.case_id == case.pk else event.case
    return found


def redirect_to_merge_target(request: ViewerRequest, case: Case, page: str) -> HttpResponse:
    """To the case in which this one goes on, with a word about it. Who may not see that one stays here."""
    end = case.merged_target()
    seen = Case.objects.visible_to(request.user).filter(pk=end.pk).exists()
    messages.success(request, f"Case {case.number} goes on in case {end.number}: what you sent is there.")
    address = reverse(page, args=[end.number if seen else case.number])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def conversation_page(request: ViewerRequest, number: int) -> HttpResponse:
    """What was said in a case, to be read in the one in which it goes on."""
    case = get_case_or_404(request.user, number)
    return render(request, "cases/conversation.html", timeline(request, case))


def resolution_seen(request: ViewerRequest) -> dict[str, Any]:
    """The time of the resolution that the page showed, as `confirm` and `reopen` take it."""
    form = EndForm(request.POST)
    form.full_clean()
    return form.cleaned_data


def perform(form: forms.Form, action: Callable[..., Any], case: Case | Incident, **arguments: Any) -> bool:
    """Call the action with what the form holds, and return whether it went through, be there nothing left to do.

    A refusal becomes the form's error, so that nothing typed is lost. Raises NeedsConfirmation.
    """
    if not form.is_valid():
        return False
    try:
        action(case, **arguments, **form.cleaned_data)
    except NeedsConfirmation:
        raise
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True
