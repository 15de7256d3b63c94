"""The agents' side: the queue."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases import queue
from cases.access import AgentRequest, agents_only
from cases.forms import QueueFilter
from cases.numbers import whole_number


@agents_only
@require_GET
def queue_list(request: AgentRequest) -> HttpResponse:
    form, filters, complaints = _filters(request)
    state = _state(request)
    page = _page(request, filters, complaints)
    context = {
        "form": form,
        "page": page,
        "complaints": complaints,
        "narrowed": any(value for name, value in filters.items() if name != "order"),
        "newest": queue.newest(request.user),
        "state": state,
    }
    response = render(request, "desk/queue.html", context)
    response.set_cookie("queue", state, samesite="Lax", httponly=True, secure=request.is_secure())
    if request.htmx:
        response["HX-Push-Url"] = f"{request.path}?{state}"
    return response


@agents_only
@require_GET
def queue_live(request: AgentRequest) -> HttpResponse:
    """The rows of an open queue page that changed, and how many new ones it does not show yet.

    `shown` says what the page holds, as `number.sequence` for each row.
    """
    shown = {
        int(number): int(sequence)
        for number, sequence in re.findall(r"(\d{1,18})\.(\d{1,9})", request.GET.get("shown", ""))[
            : queue.PAGE * 4
        ]
    }
    _, filters, complaints = _filters(request)
    present = queue.narrowed(request.user, filters)
    page = _page(request, filters, complaints)
    newest = whole_number(request.GET.get("newest", ""))
    current = queue.rows_of(request.user, list(shown))
    changed = [row for number, row in current.items() if row["last_sequence"] != shown[number]]
    on_page = {row["number"] for row in page.rows} - shown.keys()
    arrived = on_page | (queue.newer(present, newest) - shown.keys() if newest else set())
    if changed:
        staying = set(
            present.filter(number__in=[row["number"] for row in changed]).values_list("number", flat=True)
        )
        for row in changed:
            row["left"] = row["number"] not in staying
    told = request.GET.get("arrived", "0")
    if not changed and str(len(arrived)) == told:
        return HttpResponse(status=204)
    context = {
        "changed": changed,
        "arrived": len(arrived),
        "newest": newest,
        "rows": current.values(),
        # What sorts behind this page is shown by the order that puts it in front.
        "state": _state(request, order="newest") if arrived - on_page else _state(request),
    }
    return render(request, "desk/queue_tick.html", context)


def _page(request: AgentRequest, filters: dict[str, Any], complaints: list[str]) -> queue.Page:
    cases, order = queue.narrowed(request.user, filters), filters.get("order") or ""
    try:
        return queue.page(cases, order, request.GET.get("after", ""))
    except queue.BadCursor:
        complaints.append("That place in the queue is not known, so this is its beginning.")
        return queue.page(cases, order)


def _filters(request: AgentRequest) -> tuple[QueueFilter, dict[str, Any], list[str]]:
    form = QueueFilter(request.GET)
    form.full_clean()
    complaints = [
        f"“{request.GET.get(name, '')[:60]}” is not a known {form[name].label.lower()}, so it was left out."
        for name in form.errors
    ]
    return form, form.cleaned_data, complaints


def _state(request: AgentRequest, **instead: str) -> str:
    """The filters and the place, as the shortest query string that leads back to them."""
    names = [*QueueFilter.base_fields, "after"]
    said = {name: request.GET[name] for name in names if request.GET.get(name)}
    return urlencode(said | instead)
