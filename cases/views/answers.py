"""How views answer: one tick of the live page, after a change and on a nudge alike."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from cases.access import ViewerRequest
from cases.actions.drafts import Question
from cases.models import Case, Event, Refused
from cases.models.event import Kind
from cases.numbers import whole_number

WINDOW = 50  # events that a case page shows at once
MOST_MISSED = 200  # events that a page catches up on without being loaded anew

# A change of these also changes what one can do with the case.
TURNING_POINTS = {Kind.RESOLVED, Kind.CONFIRMED, Kind.DECLINED, Kind.CLOSED, Kind.REOPENED}


def timeline(request: ViewerRequest, case: Case) -> dict[str, Any]:
    """The newest events, or those before `?before=`, oldest first."""
    events = Event.objects.visible_to(request.user).filter(case=case).select_related("author")
    before = whole_number(request.GET.get("before", ""), digits=9)
    if before is not None:
        events = events.filter(sequence__lt=before)
    newest = list(events.order_by("-sequence")[: WINDOW + 1])
    shown = newest[:WINDOW][::-1]
    for event in shown:
        event.case = case
    return {
        "case": case,
        "events": shown,
        "earlier": shown[0].sequence if len(newest) > WINDOW else None,
        "archive": before is not None,  # a look back, which is neither live nor written in
        "cursor": case.last_sequence,
    }


def cursor_of(request: ViewerRequest) -> int | None:
    return whole_number(request.POST.get("after") or request.GET.get("after") or "", digits=9)


def tick(request: ViewerRequest, case: Case, template: str, context: dict[str, Any]) -> HttpResponse:
    """What is new since the page's cursor: its events, and the parts of the page that they change."""
    after = cursor_of(request)
    if after is None and request.method == "GET":
        return HttpResponse("The cursor is missing or is no number.\n", status=400, content_type="text/plain")
    new = Event.objects.visible_to(request.user).filter(case=case, sequence__gt=after or 0)
    events = list(new.select_related("author").order_by("sequence")[: MOST_MISSED + 1])
    if after is None or len(events) > MOST_MISSED:
        return HttpResponse(headers={"HX-Refresh": "true"})
    for event in events:
        event.case = case
    context |= {
        "case": case,
        "events": events,
        "cursor": case.last_sequence,
        "oob": True,
        "turned": any(event.kind in TURNING_POINTS for event in events),
        "told": any(event.public for event in events),
        "changed": any(event.changes for event in events),
    }
    return render(request, template, context)


def acted(form: forms.Form, action: Callable[..., Any], case: Case, **arguments: Any) -> bool:
    """Do it, with what the form holds. A refusal becomes the form's error, so that nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        action(case, **arguments, **form.cleaned_data)
    except Question:
        raise
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True
