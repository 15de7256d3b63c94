"""The agents' side: the page of a customer, that of an organisation, and what the desk notes of either."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import AgentRequest, agents_only, desk_only
from cases.actions import cards
from cases.forms.cards import CardForm
from cases.models import Refused, User
from cases.models.account_merge import accounts_of, merged_into
from cases.models.preferences import preferences_of
from cases.models.rights import Right
from cases.queries import owners
from cases.queries.people import organisations_seen_by, people_seen_by
from cases.queries.person import is_erased
from cases.queries.queue import BadCursor

MOST_CHANGES = 10
NO_PLACE = "That page no longer exists, so here’s the first."


@desk_only
@require_GET
def customer(request: AgentRequest, pk: int) -> HttpResponse:
    person, gone = _person(request.user, pk)
    if gone:
        messages.info(request, f"The account of {gone} was merged into this one.")
        return redirect("customer_page", person.pk)
    context = {
        "person": person,
        "erased": is_erased(person),
        "addresses": owners.addresses_of(person),
        "preferences": preferences_of(person),
        "may_merge": request.user.may(Right.MERGE_ACCOUNTS),
        "cards": cards.cards_of(accounts_of(person)[1:]),
    }
    own = person.organisation
    if own and organisations_seen_by(request.user).filter(pk=own.pk).exists():
        context["organisation"] = own
        context["colleagues"] = owners.people_of(request.user, own, without=person)
    return _page(request, "desk/customer.html", person, context)


@desk_only
@require_GET
def organisation(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(organisations_seen_by(request.user), pk=pk)
    context = {
        "organisation": found,
        "domains": owners.few(found.mail_domains.all(), owners.PAGE),
        "managers": owners.managers_of(request.user, found),
        "people": owners.people_of(request.user, found),
        "systems": owners.systems_of(request.user, found),
    }
    return _page(request, "desk/organisation.html", found, context)


@agents_only
@require_http_methods(["GET", "POST"])
def customer_card(request: AgentRequest, pk: int) -> HttpResponse:
    person, gone = _person(request.user, pk)
    if gone and request.method == "GET":
        messages.info(request, f"The account of {gone} was merged into this one.")
        return redirect("customer_card", person.pk)
    return _card(request, person, "customer", gone)


@agents_only
@require_http_methods(["GET", "POST"])
def organisation_card(request: AgentRequest, pk: int) -> HttpResponse:
    return _card(request, get_object_or_404(organisations_seen_by(request.user), pk=pk), "organisation")


def _person(viewer: User, pk: int) -> tuple[User, User | None]:
    """Whose page it is, and the account that was asked for where it was merged into theirs since."""
    person = get_object_or_404(User, pk=pk)
    kept = merged_into(person)
    return _seen(people_seen_by(viewer), kept or person), person if kept else None


def _seen(people: QuerySet[User], person: User) -> User:
    found = people.filter(pk=person.pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: AgentRequest, template: str, owner: owners.Owner, context: dict[str, Any]) -> HttpResponse:
    """What both pages have in common. Open cases come first, or past ones where there are none."""
    figures = owners.figures(request.user, owner)
    asked = request.GET.get("list", "open" if figures["open"] else "past")
    which = asked if asked in owners.LISTS else "open"
    before, complaint = request.GET.get("before", ""), ""
    try:
        page = owners.cases_of(request.user, owner, which=which, before=before, count=figures[which])
    except BadCursor:
        complaint = NO_PLACE
        page = owners.cases_of(request.user, owner, which=which, before="", count=figures[which])
    return render(
        request,
        template,
        context
        | {
            "card": cards.card_of(owner),
            "changes": owners.few(cards.history_of(owner), MOST_CHANGES),
            "figures": figures,
            "which": which,
            "page": page,
            "complaint": complaint,
            "running": owners.running_promises(request.user, owner) if figures["open"] else None,
            "lately": owners.lately(request.user, owner),
            "latest": owners.LATEST,
            "most": owners.PAGE,
        },
    )


def _card(request: AgentRequest, owner: owners.Owner, kind: str, gone: User | None = None) -> HttpResponse:
    """The form of what is noted. What was typed stays, whatever became of the person meanwhile."""
    card = cards.card_of(owner)
    form = CardForm(request.POST if request.method == "POST" else None, owner=owner, card=card)
    crossed = False
    if gone:
        form.full_clean()
        form.add_error(
            None,
            f"The account of {gone} was merged into that of {owner} meanwhile. Look at what it says there, below, and"
            " save again what it is to say.",
        )
        crossed = True
    elif form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        try:
            cards.write(owner, by=request.user, seen=form.cleaned_data["seen"], **fields)
        except Refused as refused:
            form.add_error(None, str(refused))
            crossed = isinstance(refused, cards.Crossed)
        else:
            messages.success(request, f"Noted of {owner}.")
            return redirect(f"{kind}_page", owner.pk)
    if crossed:
        card = cards.card_of(owner)
        form.look_again(card)
    here, there = (reverse(f"{kind}_{one}", args=[owner.pk]) for one in ("card", "page"))
    context = {"form": form, "owner": owner, "here": here, "there": there, "now": card if crossed else None}
    return render(request, "desk/card.html", context, status=422 if form.is_bound else 200)
