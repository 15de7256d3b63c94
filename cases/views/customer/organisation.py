"""The customer's side: the people of an organisation, for its managers."""

from typing import cast

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import Right, ViewerRequest, for_those_who_may
from cases.actions import invitations, organisations
from cases.forms.filters import left_out
from cases.forms.invitations import InviteForm, PeopleFilter
from cases.models import Invitation, Organisation, Refused, User
from cases.wording.deliveries import unless_no_mail
from cases.wording.invitations import standing

PAGE = 50
MOST_PENDING = 200

managers_only = for_those_who_may(Right.INVITE_COLLEAGUES, "This page is for managers of an organisation.")


@managers_only
@require_GET
def organisation(request: ViewerRequest) -> HttpResponse:
    return _people(request, InviteForm())


@managers_only
@require_POST
def invite(request: ViewerRequest) -> HttpResponse:
    """Invite a colleague."""
    own, form = _own(request), InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation = invitations.invite(
                by=cast(User, request.user), organisation=own, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, unless_no_mail(f"We’ll email an invitation to {invitation.email}."))
            return redirect("organisation")
    return _people(request, form, status=422)


@managers_only
@require_POST
def resending(request: ViewerRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(_pending(request), pk=pk)
    invitations.resend(invitation, by=cast(User, request.user))
    messages.success(request, unless_no_mail(f"We’ll email the invitation to {invitation.email} again."))
    return redirect("organisation")


@managers_only
@require_POST
def withdrawal(request: ViewerRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(_pending(request), pk=pk)
    invitations.withdraw(invitation, by=cast(User, request.user))
    messages.success(
        request, f"The invitation of {invitation.email} was withdrawn. Its link no longer works."
    )
    return redirect("organisation")


@managers_only
@require_http_methods(["GET", "POST"])
def removal(request: ViewerRequest, pk: int) -> HttpResponse:
    """What it means that a colleague leaves, and then that they do."""
    own = _own(request)
    colleague = get_object_or_404(organisations.people_of(own), pk=pk)
    organisations.may_remove(colleague, by=cast(User, request.user)).check()
    if request.method == "GET":
        return render(request, "customer/removal.html", {"organisation": own, "colleague": colleague})
    organisations.leave(colleague, by=cast(User, request.user))
    messages.success(request, f"{colleague} no longer belongs to {own}.")
    return redirect("organisation")


def _own(request: ViewerRequest) -> Organisation:
    own = request.user.organisation if isinstance(request.user, User) else None
    if own is None:
        raise Http404
    return own


def _pending(request: ViewerRequest) -> QuerySet[Invitation]:
    return Invitation.objects.open().filter(organisation=_own(request)).select_related("invited_by")


def _people(request: ViewerRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    """Everybody of the organisation, by name, and who is invited."""
    own, asked = _own(request), PeopleFilter(request.GET)
    asked.full_clean()
    words, number = (asked.cleaned_data.get(name) for name in ("q", "page"))
    people = organisations.people_of(own).order_by("name", "email", "pk")
    if words:
        people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
    start = (number or 0) * PAGE
    shown = list(people[start : start + PAGE + 1])
    context = {
        "organisation": own,
        "people": shown[:PAGE],
        "next_page": (number or 0) + 1 if len(shown) > PAGE else None,
        "asked": asked,
        "complaints": left_out(asked, "This list"),
        "narrowed": bool(words),
        "most_pending": MOST_PENDING,
        "pending": [
            (invitation, standing(invitation)) for invitation in _pending(request)[: MOST_PENDING + 1]
        ],
        "form": form,
    }
    return render(request, "customer/organisation.html", context, status=status)
