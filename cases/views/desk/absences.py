"""When people are away: one's own absence, and those of the people whom one leads."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import AgentRequest, agents_only
from cases.actions import absences
from cases.forms.absences import AbsenceForm
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
    return render(
        request, "desk/absence.html", {"person": person, "absence": form}, status=422 if form.errors else 200
    )


@agents_only
@require_POST
def absence_removal(request: AgentRequest, pk: int) -> HttpResponse:
    person = _planned(request, pk)
    if absences.say_back(person, by=request.user):
        messages.success(request, f"{_named(request, person)} here.")
    return _return(request, person)


def _planned(request: AgentRequest, pk: int) -> User:
    person = get_object_or_404(agents(), pk=pk)
    if not (may := absences.may_plan(person, request.user)):
        raise PermissionDenied(may.refusal)
    return person


def _named(request: AgentRequest, person: User) -> str:
    return "You are" if person == request.user else f"{person} is"


def _return(request: AgentRequest, person: User) -> HttpResponse:
    return redirect("account_profile" if person == request.user else "people")
