"""Who works here and letting somebody leave; the accounts of customers and merging two."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import AgentRequest, Right, for_those_who_may
from cases.actions import account_merging, accounts, leaving
from cases.forms import offered
from cases.forms.people import AccountMergeForm, LeavingForm
from cases.models import AccountMerge, Answer, Case, Refused, User
from cases.models.people import agents
from cases.queries.leaving import holdings_of
from cases.sign_in.proof import proof_required
from cases.views.typed import asked
from cases.wording.deliveries import unreachable

MOST_MERGES = 20  # shown, the newest first
let_leave = for_those_who_may(Right.LET_LEAVE, "This page is for team leads and administrators.")
merges_accounts = for_those_who_may(Right.MERGE_ACCOUNTS, "This page is for team leads and administrators.")


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
            messages.success(request, f"{person} is deactivated and signed out everywhere.")
            return redirect("bulk", bulk.pk) if bulk else redirect("leave", pk)
    choices = offered()
    context = {
        "person": person,
        "form": form,
        "may_leave": (may := leaving.may_leave(person, request.user)),
        "holdings": holdings_of(person) if may else [],
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
        told = unreachable(person.email) or "They are told by email."
        messages.success(request, f"{person} has no second factor any more and is signed out. {told}")
    return redirect("people")


@merges_accounts
@require_http_methods(["GET", "POST"])
def account_merge(request: AgentRequest, pk: int) -> HttpResponse:
    """What merging this account into another would mean, in words, and then doing it; and what was merged lately."""
    person = get_object_or_404(User, pk=pk)
    form = AccountMergeForm(asked(request, "into"))
    context: dict[str, Any] = {"person": person, "form": form}
    if form.is_valid():
        into = form.cleaned_data["into"]
        answer = account_merging.may_merge(person, into)
        if not answer:
            form.add_error("into", answer.refusal)
        elif request.method == "POST":
            account_merging.merge(person, by=request.user, into=into)
            messages.success(request, "The accounts are merged. Their cases follow within seconds.")
            return redirect("account_merge", into.pk)
        else:
            context |= {
                "into": into,
                "cases": Case.objects.visible_to(request.user).filter(customer=person).count(),
            }
            context["addresses"] = _addresses(person)
    context |= {"theirs": _addresses(person), "merges": _recent_merges(person), "most_merges": MOST_MERGES}
    return render(request, "desk/account_merge.html", context, status=422 if form.errors else 200)


@merges_accounts
@require_POST
def account_unmerge(request: AgentRequest, pk: int) -> HttpResponse:
    merge = get_object_or_404(AccountMerge, pk=pk)
    if account_merging.undo(merge, by=request.user):
        messages.success(request, "The accounts are separate again. Their cases follow within seconds.")
    return redirect("account_merge", merge.kept_id)


def _addresses(person: User) -> list[EmailAddress]:
    return list(EmailAddress.objects.filter(user=person).order_by("-primary", "email"))


def _recent_merges(person: User) -> list[tuple[AccountMerge, Answer, int]]:
    """Each with whether it may be undone, and how many cases are still on their way."""
    of_theirs = AccountMerge.objects.filter(Q(kept=person) | Q(gone=person)).select_related(
        "kept", "gone", "by"
    )
    return [
        (one, account_merging.may_undo(one), account_merging.cases_to_move(one).count())
        for one in of_theirs.order_by("-pk")[: MOST_MERGES + 1]
    ]
