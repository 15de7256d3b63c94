"""The agents' side: search."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRedirect, push_url

from cases.access import AgentRequest, desk_only
from cases.forms import SearchFilter
from cases.forms.filters import left_out
from cases.models import Case, User
from cases.queries import excerpts, queue
from cases.queries import search as words
from cases.text.numbers import whole_number

PAGE = 20
PLACES = ("back", "page")
NARROWING = ("status", "severity", "priority", "area", "system", "assignee", "team", "waiting", "due", "tag")


@desk_only
@require_GET
def search(request: AgentRequest) -> HttpResponse:
    form = SearchFilter(request.GET)
    form.full_clean()
    filters, text = form.cleaned_data, form.cleaned_data.get("q", "")
    if text and (number := words.exact(request.user, text)):
        way = reverse("desk_case", args=[number])
        return HttpResponseClientRedirect(way) if request.htmx else redirect(way)
    complaints = left_out(form, "The search", beside=PLACES)
    context: dict[str, Any] = {"form": form, "text": text, "complaints": complaints}
    if text and (complaint := words.complaint(text)):
        complaints.append(complaint)
    elif text:
        context |= _results(request, text, filters, complaints)
    response = render(request, "desk/search.html", context)
    said = {name: value for name, value in request.GET.items() if value and name in form.fields}
    return push_url(response, f"{request.path}?{urlencode(said)}") if request.htmx else response


def _results(
    request: AgentRequest, text: str, filters: dict[str, Any], complaints: list[str]
) -> dict[str, Any]:
    back, page = (whole_number(request.GET.get(name, "")) for name in ("back", "page"))
    if request.GET.get("back") and back is None:
        complaints.append("That page no longer exists, so here’s the first.")
    cases = queue.narrowed(request.user, filters | {"q": "", "status": filters.get("status", "all")})
    found = words.find(request.user, cases, text, back=back)
    hits = found.newest() if filters.get("order") == "newest" else found.best()
    start = min(page or 0, len(hits) // PAGE) * PAGE
    return {
        "searched": True,
        "narrowed": any(value not in ("", None) for name, value in request.GET.items() if name in NARROWING),
        "count": len(hits),
        "cases": excerpts.of(request.user, hits[start : start + PAGE], text),
        "first": start + 1,
        "previous_page": str(start // PAGE - 1) if start else "",
        "next_page": start // PAGE + 1 if len(hits) > start + PAGE else "",
        "back": found.back,
        "since": _opened(request.user, found.back),
        "before": _opened(request.user, back),
        "people": found.people,
        "many_people": len(found.people) > words.MOST_PEOPLE,
    }


def _opened(agent: User, number: int | None) -> Any:
    """When the case was opened, or the next one after it."""
    if number is None:
        return None
    later = Case.objects.visible_to(agent).filter(number__gte=number).order_by("number")
    return later.values_list("opened_at", flat=True).first()
