"""Who works here, and letting somebody leave."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import AgentRequest, Right, for_those_who_may
from cases.actions import accounts, leaving
from cases.forms import offered
from cases.forms.people import LeavingForm
from cases.models import Refused, User
from cases.models.people import agents
from cases.queries.leaving import holdings_of
from cases.sign_in.proof import proof_required

let_leave = for_those_who_may(Right.LET_LEAVE, "This page is for team leads and administrators.")


@let_leave
@require_GET
def people(request: AgentRequest) -> HttpResponse:
    """Whoever works on cases."""
    return render(request, "desk/people.html", {"people": agents().prefetch_related("teams")})


@let_leave
@require_http_methods(["GET", "POST"])
def leave(request: AgentRequest, pk: int) -> HttpResponse:
    """What an agent has, and handing all of it over as they leave."""
    person = get_object_or_404(User.objects.filter(leaving.LEAVES), pk=pk)
    form = LeavingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            bulk = leaving.leave(person, by=request.user, to=form.cleaned_data["to"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{person} is out: they are signed out everywhere and offered nowhere.")
            return redirect("bulk", bulk.pk) if bulk else redirect("leave", pk)
    choices = offered()
    context = {
        "person": person,
        "form": form,
        "may_leave": leaving.may_leave(person, request.user),
        "holdings": holdings_of(person),
        "receivers": {
            "Agents": [(f"agent={key}", name) for key, name in choices["agent"] if key != str(pk)],
            "Teams": [(f"team={key}", name) for key, name in choices["team"]],
        },
    }
    return render(request, "desk/leaving.html", context, status=422 if form.errors else 200)


@for_those_who_may(Right.MANAGE_PEOPLE, "This page is for administrators.")
@require_http_methods(["GET", "POST"])
@proof_required
def second_factor(request: AgentRequest, pk: int) -> HttpResponse:
    """Taking the second factor from somebody who has lost it."""
    person = get_object_or_404(User.objects.filter(has_second_factor=True), pk=pk)
    if request.method == "GET":
        return render(request, "desk/second_factor.html", {"person": person})
    if accounts.remove_second_factor(person, by=request.user):
        messages.success(
            request, f"{person} has no second factor any more, is signed out, and was told by mail."
        )
    return redirect("people")
