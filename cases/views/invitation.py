"""The page that a mailed invitation leads to, for whoever is invited to whichever side."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import ViewerRequest, of_ones_own
from cases.actions import invitations
from cases.forms.invitations import AcceptForm
from cases.mail.invitations import key_in
from cases.models import Answer, Invitation, User
from cases.models.rights import rights_of
from cases.wording.invitations import purpose

NO_LINK = Answer("Open the link in your invitation in this browser. Cookies must be allowed.")
INVITATION = "invitation"  # the session key of the one whose link was opened in this browser


@of_ones_own
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: ViewerRequest) -> HttpResponse:
    """To look at it accepts nothing: programs that check mail open every link in it.

    The link itself is kept in the session at once, so that no address of ours, which others may be told, has it.
    """
    if "link" in request.GET:
        key = key_in(request.GET["link"])
        request.session[INVITATION] = key.hex if key else ""
        return redirect("invitation")
    found = _opened(request)
    if found and found.accepted_by_id and found.accepted_by == request.user:
        return redirect("home")  # the form came twice
    answer = invitations.may_accept(found, request.user) if found else NO_LINK
    if not found or not answer:
        return render(request, "site/invitation.html", {"refusal": answer.refusal}, status=410)
    invited = invitations.person_invited(found)
    form = AcceptForm(request.POST if request.method == "POST" else None, role=found.role)
    if invited and invited.name:
        del form.fields["name"]
    if not form.is_valid():
        return render(
            request, "site/invitation.html", _shown(found, invited, form), status=422 if form.errors else 200
        )
    user = invitations.accept(found, by=request.user, **form.cleaned_data)
    if request.user.is_authenticated:
        messages.success(request, f"You have accepted {found.invited_by}’s invitation.")
        return redirect("home")
    record_authentication(request, user, method="invitation", email=found.email)
    return perform_login(request, user, email=found.email)


def _opened(request: ViewerRequest) -> Invitation | None:
    """The one whose link was opened in this browser."""
    with_all = Invitation.objects.select_related(
        "organisation", "limit", "invited_by__organisation", "accepted_by"
    )
    key = request.session.get(INVITATION)
    return with_all.filter(key=key).first() if key else None


def _shown(found: Invitation, invited: User | None, form: AcceptForm) -> dict[str, Any]:
    """What it is, and what it means for whoever accepts it."""
    former = invited and invited.organisation
    return {
        "invitation": found,
        "purpose": purpose(found),
        "rights": rights_of(found.role),
        "leaves": former if former != invitations.organisation_then(found, invited) else None,
        "needs_factor": found.role in settings.SECOND_FACTOR_ROLES,
        "factor_days": settings.SECOND_FACTOR_DAYS,
        "form": form,
    }
