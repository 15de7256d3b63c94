"""When people are away and how many cases they have at once: one's own absence, and all of that of others by who leads."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import AgentRequest, Right, agents_only, for_those_who_may
from cases.actions import absences
from cases.forms.absences import AbsenceForm, CapacityForm
from cases.models import Refused, User
from cases.models.people import agents
from cases.wording.absences import away, back


@agents_only
@require_http_methods(["GET", "POST"])
def absence(request: AgentRequest, pk: int) -> HttpResponse:
    person = _planned(request, pk)
    form = AbsenceForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            absences.say_away(person, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            said = away(person) or f"away from {back(form.cleaned_data['start'])}"
            messages.success(request, f"{_named(request, person)} {said}.")
            return _return(request, person)
    return _page(request, person, absence=form)


@agents_only
@require_POST
def absence_removal(request: AgentRequest, pk: int) -> HttpResponse:
    person = _planned(request, pk)
    if absences.say_back(person, by=request.user):
        messages.success(request, f"{_named(request, person)} here.")
    return _return(request, person)


@for_those_who_may(Right.PLAN_WORK, "This is for team leads and administrators.")
@require_POST
def capacity(request: AgentRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(agents(), pk=pk)
    form = CapacityForm(request.POST, person=person)
    if not form.is_valid():
        return _page(request, person, room=form)
    if absences.set_capacity(person, by=request.user, **form.cleaned_data):
        messages.success(request, "Saved.")
    return redirect("absence", pk)


def _page(request: AgentRequest, person: User, **shown: Form) -> HttpResponse:
    context = {"absence": AbsenceForm(person=person), "room": CapacityForm(person=person), **shown}
    status = 422 if any(form.errors for form in shown.values()) else 200
    return render(request, "desk/absence.html", {"person": person, **context}, status=status)


def _planned(request: AgentRequest, pk: int) -> User:
    person = get_object_or_404(agents(), pk=pk)
    if not (may := absences.may_plan(person, request.user)):
        raise PermissionDenied(may.refusal)
    return person


def _named(request: AgentRequest, person: User) -> str:
    return "You are" if person == request.user else f"{person} is"


def _return(request: AgentRequest, person: User) -> HttpResponse:
    return redirect("account_profile" if person == request.user else "people")
