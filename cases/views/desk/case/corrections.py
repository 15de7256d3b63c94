"""The agents' side: what a case says it is about, put right. What that changes is said before."""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import corrections
from cases.forms.corrections import OrganisationForm, SummaryForm, SystemForm
from cases.models import Answer, Case, Organisation, System, User
from cases.models.people import agents
from cases.queries.people import organisations_seen_by
from cases.queries.service_levels import levels_of
from cases.text.lists import listed
from cases.views.timeline import perform
from cases.views.typed import asked

from .responses import answer


@agents_only
@require_http_methods(["GET", "POST"])
def system(request: AgentRequest, number: int) -> HttpResponse:
    """Choose the right system, read what that changes, and do it."""
    case = get_case_or_404(request.user, number)
    before = case.system
    form = SystemForm(asked(request, "system"))
    if request.method == "POST" and perform(form, corrections.set_system, case, by=request.user):
        back = f"{reverse('desk_system', args=[number])}?system={before.pk}"
        return _done(request, case, form.cleaned_data["system"], back)
    context: dict[str, Any] = {"case": case, "form": form}
    if form.is_valid():
        to = form.cleaned_data["system"]
        _check(form, corrections.may_correct(case))
        if to == before:
            form.add_error("system", f"It’s already about {to}.")
        context |= _of_system(request.user, case, to)
    return render(request, "desk/case/system.html", context, status=422 if form.errors else 200)


def _of_system(agent: User, case: Case, to: System) -> dict[str, Any]:
    """What changes with the system: the team, the service levels, and who sees the case no more."""
    after, team = copy(case), corrections.team_with(case, to)
    after.system_id = to.pk
    if team:
        after.team_id = team.pk
    lost = [one for one in agents(case).exclude(limit=None) if not one.sees(after)]
    old, new = levels_of(case), levels_of(after)
    return {
        "to": to,
        "team": team,
        "lost": listed("you" if one == agent else str(one) for one in lost),
        "levels": (old.name, new.name) if old != new else None,
    }


@agents_only
@require_http_methods(["GET", "POST"])
def summary(request: AgentRequest, number: int) -> HttpResponse:
    """Say in other words what it is about."""
    case = get_case_or_404(request.user, number)
    shown = {"summary": case.summary, "seen": case.summary}
    form = SummaryForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and perform(form, corrections.set_summary, case, by=request.user):
        return answer(request, case)
    if form.non_field_errors():  # which say how it reads now
        case.refresh_from_db(fields=["summary"])
        form.look_again(case.summary)
    context = {"case": case, "form": form, "may_correct": corrections.may_correct(case)}
    return render(request, "desk/case/summary.html", context, status=422 if form.errors else 200)


@agents_only
@require_http_methods(["GET", "POST"])
def organisation(request: AgentRequest, number: int) -> HttpResponse:
    """Name the right organisation, read who will read the case then, and do it."""
    case = get_case_or_404(request.user, number)
    before, theirs = case.organisation, case.customer.organisation if case.customer else None
    shown = {"organisation": theirs if theirs and _sees(request.user, theirs) else ""}
    form = OrganisationForm(asked(request, "organisation"), initial=shown, by=request.user)
    if request.method == "POST" and perform(form, corrections.set_organisation, case, by=request.user):
        back = f"{reverse('desk_organisation', args=[number])}?{urlencode({'organisation': before or ''})}"
        return _done(
            request, case, form.cleaned_data["organisation"], back if _sees(request.user, before) else ""
        )
    context: dict[str, Any] = {"case": case, "form": form}
    if form.is_valid():
        to = form.cleaned_data["organisation"]
        _check(form, corrections.may_change_organisation(case))
        if to == before:
            form.add_error("organisation", f"It belongs to {to or 'no organisation'} already.")
        context |= {"to": to, "asks": not form.errors}
        context["in_copy"] = listed(copy.address for copy in case.in_copy.filter(removed_at=None))
    return render(request, "desk/case/organisation.html", context, status=422 if form.errors else 200)


def _sees(agent: User, organisation: Organisation | None) -> bool:
    """Whether they may name it, which they may no more with the last of its cases that they see."""
    return not organisation or organisations_seen_by(agent).filter(pk=organisation.pk).exists()


def _check(form: forms.Form, may: Answer) -> None:
    """Say before what the action would refuse."""
    if not may:
        form.add_error(None, may.refusal)


def _done(request: AgentRequest, case: Case, to: Any, back: str) -> HttpResponse:
    """Back to the case, with the way to undo it where there is one, unless it is out of sight now."""
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        said = f"Case {case.number} is now about {to}." if isinstance(to, System) else None
        said = said or f"Case {case.number} is a case of {to or 'no organisation'} now."
        undo = format_html(' <a href="{}">Change it back</a>', back) if back else ""
        messages.success(request, format_html("{}{}", said, undo))
    return answer(request, case)
