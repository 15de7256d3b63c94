"""The agents' side: going to anything by a few letters."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, Right, desk_only
from cases.models import Case, SavedView, User
from cases.models.choices import ACTIVE
from cases.queries import search
from cases.queries.people import organisations_like, people_like

MOST = 8  # cases
MOST_PEOPLE = 5  # and as many organisations
PLACES = {
    "Queue": ("queue", Right.READ_DESK),
    "Search": ("search", Right.READ_DESK),
    "Incidents": ("desk_incidents", Right.READ_DESK),
    "New incident": ("desk_incident_new", Right.WORK_ON_CASES),
    "New case": ("case_new", Right.WORK_ON_CASES),
    "Reports": ("reports", Right.READ_DESK),
    "Notices": ("notices", Right.WORK_ON_CASES),
    "Macros": ("macros", Right.WORK_ON_CASES),
    "Drafts": ("drafts", Right.WORK_ON_CASES),
    "Views": ("views", Right.WORK_ON_CASES),
    "Changes under way": ("bulk_start", Right.WORK_ON_CASES),
}


class Option(NamedTuple):
    label: str
    url: str
    kind: str


@desk_only
@require_GET
def palette(request: AgentRequest) -> HttpResponse:
    """Where one can go from here, as a page and as what the dialog shows."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    places = [
        Option(label, reverse(name), "page")
        for label, (name, right) in PLACES.items()
        if request.user.may(right)
    ]
    views = [
        Option(view.name, f"{reverse('queue')}?{view.query}", "view")
        for view in SavedView.objects.for_agent(request.user)
    ]
    near = [option for option in (*places, *views) if _holds(option.label, text)][:20]
    cases = _cases(request.user, text)
    options = near + _people(request.user, text) + cases if text else cases + near
    if text:
        address = f"{reverse('search')}?{urlencode({'q': text})}"
        options.append(Option(f"Search all messages for “{text}”", address, "search"))
    return render(request, "desk/palette.html", {"text": text, "options": options})


def _holds(label: str, text: str) -> bool:
    return all(word in label.lower() for word in text.lower().split())


def _people(agent: User, text: str) -> list[Option]:
    """Customers and organisations that are called so."""
    people = people_like(text, agent, MOST_PEOPLE)[:MOST_PEOPLE]
    return [
        *(
            Option(str(one), reverse("customer_page", args=[one.pk]), one.email if one.name else "customer")
            for one in people
        ),
        *(
            Option(str(one), reverse("organisation_page", args=[one.pk]), "organisation")
            for one in organisations_like(text, agent, MOST_PEOPLE)
        ),
    ]


def _cases(agent: User, text: str) -> list[Option]:
    """The case with this number, those that are called so, or without any text one's own."""
    cases = Case.objects.visible_to(agent).order_by("-changed_at")
    if not text:
        cases = cases.filter(assignee=agent, status__in=ACTIVE)
    elif number := search.exact(agent, text):
        cases = cases.filter(number=number)
    else:
        cases = cases.filter(number__in=search.called(agent, text, MOST))
    return [
        Option(
            f"#{number} {summary or 'No summary'}",
            reverse("desk_case", args=[number]),
            f"{name} (address not confirmed)" if unproven else name,
        )
        for number, summary, name, unproven in cases.values_list(
            "number", "summary", "customer_name", "unproven"
        )[:MOST]
    ]
