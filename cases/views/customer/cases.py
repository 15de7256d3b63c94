"""The customer's side: the list of their cases."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.access import Right, ViewerRequest
from cases.forms import CaseFilter
from cases.forms.filters import left_out
from cases.models import Case, Status, User
from cases.models.choices import ACTIVE
from cases.models.request import prefetch_open_requests
from cases.queries import excerpts, incident_cases
from cases.queries.search import find

PAGE = 25
MOST_CLAIMS = 20  # shown at once: each is decided, so that the others follow
GROUPS = {"active": ACTIVE, "resolved": [Status.RESOLVED], "closed": [Status.CLOSED]}


@require_GET
def case_list(request: ViewerRequest) -> HttpResponse:
    if request.user.may(Right.READ_DESK):
        return redirect("queue")
    form = CaseFilter(request.GET, request.user)
    form.full_clean()
    wanted = form.cleaned_data
    cases = Case.objects.visible_to(request.user)
    if wanted.get("status"):
        cases = cases.filter(status__in=GROUPS[wanted["status"]])
    if whose := wanted.get("whose"):
        cases = cases.filter(customer=request.user.pk if whose == "mine" else whose)
    text = wanted.get("q") or ""
    found = find(request.user, cases, text) if text else None
    if found:
        cases = cases.filter(number__in=list(found.hits))
    start = (wanted.get("page") or 0) * PAGE
    shown = list(
        cases.select_related("system", "incident").order_by("-last_public_at", "-number")[
            start : start + PAGE + 1
        ]
    )
    if found:
        matches = excerpts.of(request.user, [found.hits[case.number] for case in shown], text)
        shown = [match.case for match in matches]
    else:
        matches = [excerpts.Match(case) for case in shown]
    prefetch_open_requests(shown)
    context = {
        "form": form,
        "complaints": left_out(form, "This list"),
        "cases": matches[:PAGE],
        "questioned": incident_cases.questioned(shown),
        "not_all": found and found.back,
        "next_page": (wanted.get("page") or 0) + 1 if len(shown) > PAGE else None,
        "narrowed": bool(wanted.get("q") or wanted.get("status") or wanted.get("whose")),
        "shares": request.user.sees_colleagues,
        "most_claims": MOST_CLAIMS,
        "claims": claims_of(request)[: MOST_CLAIMS + 1] if not form.changed_data else (),
    }
    return render(request, "customer/cases.html", context)


def claims_of(request: ViewerRequest) -> QuerySet[Case]:
    """What was reported with the viewer's address, and waits for their word on whether it was them."""
    if not isinstance(request.user, User):
        return Case.objects.none()
    return Case.objects.claiming(request.user).select_related("system").order_by("-number")
