"""The agents' side: what a case's customer is asked for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import requests
from cases.forms import AskForm, ReplyForm
from cases.views.timeline import perform

from .composer_drafts import fields_of, put_in
from .composer_requests import ComposerRequests
from .responses import answer_in_details, composing


@agents_only
@require_POST
def found(request: AgentRequest, number: int) -> HttpResponse:
    """What the reply that is being written asks for."""
    case = get_case_or_404(request.user, number)
    found: dict[str, Any] = {
        "composer_requests": ComposerRequests(case, request.POST.get("body", ""), request.POST)
    }
    if request.htmx:
        return render(request, "desk/case/composer_requests.html#asks", found)
    form = ReplyForm()
    put_in(form, fields_of("reply", request.POST))
    return composing(request, case, "reply", status=200, reply=form, **found)


@agents_only
@require_POST
def ask(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = AskForm(request.POST)
    return answer_in_details(request, case, "ask", form, perform(form, requests.ask, case, by=request.user))


@agents_only
@require_POST
def withdrawal(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    requests.withdraw(case, by=request.user, request=pk)
    return answer_in_details(request, case)
