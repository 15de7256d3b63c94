"""The customer's side: one case."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from cases.access import Right, ViewerRequest, get_case_or_404, guests_too, is_own
from cases.actions import claims, conversation, copies, read_receipts, requests, resolution, secrets
from cases.actions.rating import may_rate, rate
from cases.forms import CommentForm, CopyForm, FulfilForm, RatingForm, ReplyForm, SecretForm, given_form
from cases.models import Case, InCopy, Rating, Request, User
from cases.queries import incident_cases
from cases.status_page import pages
from cases.views.attachments import with_files
from cases.views.customer.cases import claims_of
from cases.views.desk.case.composer_drafts import as_typed
from cases.views.timeline import (
    conversation_page,
    cursor_of,
    incident_shown,
    newest_visible,
    perform,
    redirect_to_merge_target,
    resolution_seen,
    shows_another,
    tick,
    timeline,
)

JUST_NOW = timedelta(minutes=10)
NOT_RATED = "not_rated"  # the session key of the cases whose customer would rather not say
MOST_NOT_RATED = 50
# What the forms of a case are called in its page, and the template of the part in which they stand.
PLACES: dict[Any, tuple[str, str]] = {
    ReplyForm: ("form", "customer/case.html#composer"),
    CommentForm: ("comment", "customer/case.html#question"),
    RatingForm: ("rating", "customer/case.html#question"),
    FulfilForm: ("request_forms", "customer/requests.html"),
    SecretForm: ("request_forms", "customer/requests.html"),
    CopyForm: ("copying", "customer/copies.html"),
}


@guests_too
@require_GET
def case_detail(request: ViewerRequest, number: int) -> HttpResponse:
    try:
        case = get_case_or_404(request.user, number)
    except Http404:
        if claimed := claims_of(request).filter(number=number).first():
            return render(request, "customer/claim.html", {"case": claimed})
        raise
    if request.user.may(Right.READ_DESK) and case.customer != request.user:
        return redirect("desk_case", number)
    context = timeline(request, case) | _beside(request, case)
    if not context["archive"]:
        _seen(request, case)
    return render(request, "customer/case.html", context)


@require_POST
def claim(request: ViewerRequest, number: int) -> HttpResponse:
    """Whether it was them who reported the case with their address: `mine` is `yes` or `no`."""
    case, user = get_object_or_404(claims_of(request), number=number), cast(User, request.user)
    mine = request.POST.get("mine")
    if mine == "yes" and claims.prove(case, by=user):
        messages.success(request, f"Case {number} is now yours.")
        return redirect("case", number)
    if mine == "no" and claims.disown(case, by=user):
        messages.success(request, f"Thanks. Case {number} is no longer linked to your address.")
        return redirect("home")
    return redirect("case", number)


def _beside(request: ViewerRequest, case: Case) -> dict[str, Any]:
    """What stands around the conversation: where to write, and the incident that the case is part of."""
    beside: dict[str, Any] = _incident_of(case) | {
        "form": ReplyForm(),
        "comment": CommentForm(),
        "copying": CopyForm(),
        "in_copy": lambda: [
            (one, copies.may_leave(case, request.user, one)) for one in InCopy.objects.now().filter(case=case)
        ],
        "request_forms": [given_form(asked) for asked in case.open_requests],
        "questioned": incident_cases.questioned([case]),
        "may": {
            "reply": conversation.may_reply(case),
            "reopen": resolution.may_reopen(case, request.user),
            "confirm": resolution.may_confirm(case),
            "rate": may_rate(case, request.user),
            "change_copies": copies.may_change_copies(case, request.user),
        },
    }
    return beside | (_rating(request, case) if beside["may"]["rate"] else {})


def _incident_of(case: Case) -> dict[str, Any]:
    """The incident that the case is part of, and what is told of it elsewhere."""
    incident = case.incident
    updates = pages.updates_beside(case, incident) if incident else []
    return {"incident": incident, "updates": updates, "incident_shown": incident_shown(incident, updates)}


def _rating(request: ViewerRequest, case: Case) -> dict[str, Any]:
    """What the customer of a closed case is asked: how our help was, or for a word to what they said."""
    rated = Rating.objects.filter(case=case).first()
    return {
        "rating": RatingForm(),
        "rated": rated,
        "just_rated": rated and timezone.now() - rated.at < JUST_NOW,
        "later": case.number in request.session.get(NOT_RATED, ()),
    }


def _seen(request: ViewerRequest, case: Case) -> None:
    """The customer reads: they themselves, or the guest who reported the case. A colleague's look is none of theirs."""
    if is_own(request.user, case):
        read_receipts.see(case)


@guests_too
@require_GET
def case_live(request: ViewerRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    after = cursor_of(request)
    _seen(request, case)
    if after is not None and after > newest_visible(
        request, case
    ):  # of a page from when internal events counted too
        return HttpResponse(headers={"HX-Refresh": "true"})
    is_current = not shows_another(request, _incident_of(case)["incident_shown"])
    if is_current and after == newest_visible(request, case):
        return HttpResponse(status=204)
    return tick(request, case, "customer/tick.html", _beside(request, case))


@guests_too
@require_GET
def case_conversation(request: ViewerRequest, number: int) -> HttpResponse:
    return conversation_page(request, number)


@guests_too
@require_POST
def replies(request: ViewerRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = with_files(ReplyForm(request.POST), request)
    return _answer(request, case, form, perform(form, conversation.reply, case, by=request.user))


@guests_too
@require_POST
def given(request: ViewerRequest, number: int, pk: int) -> HttpResponse:
    """What the customer gives that they were asked for."""
    case = get_case_or_404(request.user, number)
    asked = get_object_or_404(case.requests, pk=pk)
    form = with_files(given_form(asked, request.POST), request)
    give = secrets.give if asked.secret else requests.fulfil
    done = perform(form, give, case, by=request.user, request=pk)
    asked.refresh_from_db()
    if done and not asked.secret and asked.outcome in (Request.Outcome.WITHDRAWN, Request.Outcome.UNANSWERED):
        messages.success(request, f"We no longer needed {asked.what}, but we have what you sent.")
    return _answer(request, case, form, done)


@guests_too
@require_POST
def confirmation(request: ViewerRequest, number: int) -> HttpResponse:
    """The answer to "Did this fix it?": `answer` is `yes` or `not-yet`."""
    case = get_case_or_404(request.user, number)
    form = with_files(CommentForm(request.POST), request)
    if request.POST.get("answer") == "yes":
        resolution.confirm(case, by=request.user, **resolution_seen(request))
        return _answer(request, case, form, True)
    return _answer(request, case, form, perform(form, resolution.decline, case, by=request.user))


@guests_too
@require_POST
def rating(request: ViewerRequest, number: int) -> HttpResponse:
    """How our help was, or `later`: then it is asked no more."""
    case = get_case_or_404(request.user, number)
    if not is_own(request.user, case):
        raise PermissionDenied("Only the customer of a case can rate it.")
    form = RatingForm(request.POST)
    if "later" in request.POST:
        request.session[NOT_RATED] = [*request.session.get(NOT_RATED, []), number][-MOST_NOT_RATED:]
        return _answer(request, case, form, True)
    return _answer(request, case, form, perform(form, rate, case, by=request.user))


@guests_too
@require_POST
def reopening(request: ViewerRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = with_files(ReplyForm(request.POST), request)
    return _answer(request, case, form, perform(form, resolution.reopen, case, by=request.user))


@require_POST
def copy(request: ViewerRequest, number: int) -> HttpResponse:
    """Whom the customer wants to read along."""
    case, form = get_case_or_404(request.user, number), CopyForm(request.POST)
    if not (answer := copies.may_change_copies(case, request.user)):
        raise PermissionDenied(answer.refusal)
    return _answer(request, case, form, perform(form, copies.add, case, by=request.user))


@require_POST
def copy_removal(request: ViewerRequest, number: int, pk: int) -> HttpResponse:
    """Somebody reads along no more: by the customer, or since they want to leave."""
    case = get_case_or_404(request.user, number)
    copies.remove(case, by=cast(User, request.user), copy=pk)
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return _answer(request, case, CopyForm(), True)
    messages.success(request, f"You’re no longer copied in on case {number}.")
    return HttpResponseClientRedirect(reverse("cases")) if request.htmx else redirect("cases")


def _as_reply(form: CommentForm) -> ReplyForm:
    """What was said to a question that is no longer asked, where it can still be said."""
    reply = ReplyForm(form.data)
    for error in form.non_field_errors():
        reply.add_error(None, error)
    return reply


def _answer(request: ViewerRequest, case: Case, form: Any, done: bool) -> HttpResponse:
    case = get_case_or_404(request.user, case.number)
    if done and case.merged_into_id:
        return redirect_to_merge_target(request, case, "case")
    if done and not request.htmx:
        return redirect(f"{reverse('case', args=[case.number])}#event-{newest_visible(request, case)}")
    if done:
        return tick(request, case, "customer/tick.html", _beside(request, case) | {"answered": "fresh"})
    moved = isinstance(form, CommentForm) and not resolution.may_decline(case)
    form = with_files(_as_reply(form), request) if moved else form
    name, template = PLACES[type(form)]
    context = _beside(request, case)
    if isinstance(form, FulfilForm | SecretForm):
        context[name] = [as_typed(form), *(one for one in context[name] if one.asked != form.asked)]
    else:
        context[name] = as_typed(form)
    if moved and request.htmx and cursor_of(request) is not None:
        response = tick(request, case, "customer/tick.html", context | {"answered": "fresh"})
        response.status_code = 422
        return response
    context |= timeline(request, case)
    if request.htmx:
        context |= {"oob": True, "answered": "fresh"}
        return render(request, template, context, status=422)
    return render(request, "customer/case.html", context, status=422)
