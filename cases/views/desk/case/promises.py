"""The agents' side: what a case's customer is promised."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import promises
from cases.forms import AcceptanceForm, MomentForm, ReplyForm, moments
from cases.views.timeline import perform

from .composer_drafts import fields_of, put_in
from .composer_promises import ComposerPromises
from .responses import answer_in_details, composing, do_in_details


@agents_only
@require_POST
def found(request: AgentRequest, number: int) -> HttpResponse:
    """What the reply that is being written promises and keeps."""
    case = get_case_or_404(request.user, number)
    found: dict[str, Any] = {
        "composer_promises": ComposerPromises(case, request.POST.get("body", ""), request.POST)
    }
    if request.htmx:
        return render(request, "desk/case/composer_promises.html#promises", found)
    form = ReplyForm()
    put_in(form, fields_of("reply", request.POST))
    return composing(request, case, "reply", status=200, reply=form, **found)


@agents_only
@require_POST
def promise(request: AgentRequest, number: int) -> HttpResponse:
    """Promise an update by hand, or with `clear` take back all that is promised."""
    if "clear" in request.POST:
        case = get_case_or_404(request.user, number)
        promises.take_all_back(case, by=request.user)
        return answer_in_details(request, case, "due")
    form = MomentForm("due_at", moments.DUE, request.POST)
    return do_in_details(request, number, "due", form, promises.promise)


@agents_only
@require_POST
def removal(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    promises.take_back(case, by=request.user, promise=pk)
    return answer_in_details(request, case, "due")


@agents_only
@require_POST
def acceptance(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """Say that what was read in a reply is a promise, by the time that stands beside it."""
    form = AcceptanceForm(pk, request.POST)
    case = get_case_or_404(request.user, number)
    done = perform(form, promises.accept, case, by=request.user, promise=pk)
    return answer_in_details(request, case, "accepting", form, done)


@agents_only
@require_POST
def dismissal(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    promises.dismiss(case, promise=pk)
    return answer_in_details(request, case)
