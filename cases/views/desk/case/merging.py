"""The agents' side: what a case has to do with times, tags, other agents and other cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import merging
from cases.forms import MergeForm
from cases.models import Case
from cases.views.timeline import perform


@agents_only
@require_http_methods(["GET", "POST"])
def merge(request: AgentRequest, number: int) -> HttpResponse:
    """What merging into the case `into` would do, in words, and then doing it."""
    case = get_case_or_404(request.user, number)
    form = MergeForm(request.user, request.POST or request.GET)
    form.full_clean()
    if request.method == "POST" and perform(form, merging.merge, case, by=request.user):
        return _merged(request, case)
    context: dict[str, Any] = {"case": case, "form": form}
    if asked := form.cleaned_data.get("into"):
        into = asked.merged_target()
        answer = merging.may_merge(case, asked, into)
        if not request.user.sees(into):
            form.add_error("into", f"Case {asked.number} goes on in one that you do not see.")
        elif answer:
            context |= {"into": into, "asked": asked, "owed": merging.owed_by(case, into)}
        elif not form.errors:
            form.add_error("into", answer.refusal)
    return render(request, "desk/case/merging.html", context, status=422 if form.errors else 200)


def _merged(request: AgentRequest, case: Case) -> HttpResponse:
    end = Case.objects.get(pk=case.pk).merged_target()
    messages.success(request, f"Case {case.number} goes on here.")
    return redirect("desk_case", end.number)


@agents_only
@require_POST
def separation(request: AgentRequest, number: int) -> HttpResponse:
    """Take a merge back."""
    case = get_case_or_404(request.user, number)
    if merging.unmerge(case, by=request.user):
        messages.success(request, f"Case {number} is a case of its own again.")
    return redirect("desk_case", number)
