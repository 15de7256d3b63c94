"""Who is at the desk, and who of them hears of new cases."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest
from cases.actions import handed_over, installation, invitations
from cases.forms.setup import ColleagueForm, HearersForm
from cases.models import Refused, Team
from cases.queries import setup
from cases.queries.notices import hear_of_new_cases, nobody_hears
from cases.sign_in.proof import proof_required

from .index import administrators_only, is_done

SHOWN = 50


@administrators_only
@require_http_methods(["GET", "POST"])
def team(request: AgentRequest) -> HttpResponse:
    fallback = setup.fallback_team()
    form = HearersForm(request.POST if request.method == "POST" else None, by=request.user, team=fallback)
    if form.is_valid():
        name, members = form.cleaned_data["name"], form.cleaned_data["members"]
        chosen = fallback or Team.objects.filter(name=name).first() or Team()
        chosen.name = name
        if is_done(form, lambda: installation.choose_hearers(chosen, members, by=request.user)):
            if hear_of_new_cases(chosen.pk):
                messages.success(request, f"“{chosen}” hears of new cases.")
            else:
                messages.warning(request, nobody_hears([chosen.name]))
            return redirect("setup")
    context = {"form": form, "team": fallback}
    return render(request, "setup/team.html", context, status=422 if form.is_bound else 200)


@administrators_only
@require_http_methods(["GET", "POST"])
@proof_required
def colleagues(request: AgentRequest) -> HttpResponse:
    """Invite somebody, or, where no mail is sent, make their account: its password is shown this once."""
    form = ColleagueForm(
        request.POST if request.method == "POST" else None, by=request.user, team=setup.fallback_team()
    )
    context: dict[str, Any] = {"form": form, "mails": settings.MAIL_GOES}
    if form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            if settings.MAIL_GOES:
                invitations.invite(email, by=request.user, role=role, teams=form.teams)
                messages.success(request, f"We’ll email an invitation to {email}.")
                return redirect("setup_colleagues")
            team = next(iter(form.teams), None)
            person, password = handed_over.hand_over(
                email, name=form.cleaned_data["name"], role=role, by=request.user, team=team
            )
            context |= {
                "person": person,
                "password": password,
                "form": ColleagueForm(by=request.user, team=form.team),
            }
        except Refused as refused:
            form.add_error("email", str(refused))
    people, waiting = setup.colleagues(request.user)[: SHOWN + 1], setup.invited()[: SHOWN + 1]
    context |= {"people": people[:SHOWN], "waiting": waiting[:SHOWN]}
    context["more"] = len(people) > SHOWN or len(waiting) > SHOWN
    response = render(
        request, "setup/colleagues.html", context, status=422 if context["form"].is_bound else 200
    )
    if "password" in context:
        add_never_cache_headers(response)
    return response
