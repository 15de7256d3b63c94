"""What the sidebar changes in place."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import notifications, triage
from cases.forms import DetailForm
from cases.models import Refused
from cases.views.desk.case.responses import answer

SET: dict[str, Callable[..., Any]] = {
    "status": triage.set_status,
    "severity": triage.set_severity,
    "priority": triage.set_priority,
    "area": triage.set_area,
    "assignee": triage.assign,
    "team": triage.assign_team,
}


@agents_only
@require_POST
def detail(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Change one detail in place: the form holds one field, which bears the detail's name."""
    case = get_case_or_404(request.user, number)
    form = DetailForm(name, request.POST)
    if not form.is_valid():
        raise Refused(f"A case cannot have that {name}.")
    SET[name](case, by=request.user, **form.cleaned_data)
    return answer(request, case, saved=name)


@agents_only
@require_POST
def following(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    change = notifications.unfollow if request.POST.get("following") == "no" else notifications.follow
    change(case, by=request.user)
    return answer(request, case)
