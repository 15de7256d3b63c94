"""The agents' side: what a case has to do with times, tags, other agents and other cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from cases import moments
from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import relations, sleep, triage
from cases.forms import HandoverForm, LinkForm, MergeForm, MomentForm, TagsForm

from .answers import acted, told
from .desk import answer_in_details


def _do(request: AgentRequest, number: int, name: str, form: Any, action: Any) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    return answer_in_details(request, case, name, form, acted(form, action, case, by=request.user))


@agents_only
@require_POST
def tags(request: AgentRequest, number: int) -> HttpResponse:
    return _do(request, number, "tagging", TagsForm(request.POST), triage.change_tags)


@agents_only
@require_POST
def due(request: AgentRequest, number: int) -> HttpResponse:
    """Set by when it is due, or with `clear` that it is not."""
    if "clear" in request.POST:
        case = get_case_or_404(request.user, number)
        triage.set_due(case, by=request.user, due_at=None)
        return answer_in_details(request, case)
    return _do(request, number, "due", MomentForm("due_at", moments.DUE, request.POST), triage.set_due)


@agents_only
@require_POST
def snooze(request: AgentRequest, number: int) -> HttpResponse:
    return _do(request, number, "snooze", MomentForm("until", moments.SNOOZE, request.POST), sleep.snooze)


@agents_only
@require_POST
def waking(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    sleep.wake(case, by=request.user)
    return answer_in_details(request, case)


@agents_only
@require_POST
def handover(request: AgentRequest, number: int) -> HttpResponse:
    return _do(request, number, "handover", HandoverForm(request.POST), triage.hand_over)


@agents_only
@require_POST
def links(request: AgentRequest, number: int) -> HttpResponse:
    return _do(request, number, "linking", LinkForm(request.user, request.POST), relations.link)


@agents_only
@require_POST
def link_removal(request: AgentRequest, number: int, other: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    relations.unlink(case, by=request.user, other=get_case_or_404(request.user, other))
    return answer_in_details(request, case)


@agents_only
@require_POST
def merge(request: AgentRequest, number: int) -> HttpResponse:
    case, form = get_case_or_404(request.user, number), MergeForm(request.user, request.POST)
    done = acted(form, relations.merge, case, by=request.user)
    if done:
        asked = form.cleaned_data["into"]
        end = asked.end()
        if end != asked:
            messages.info(
                request, f"Case {asked.number} goes on in case {end.number}, so this one does as well."
            )
    return answer_in_details(request, case, "merging", form, done)


@agents_only
@require_POST
def separation(request: AgentRequest, number: int) -> HttpResponse:
    """Take a merge back."""
    case = get_case_or_404(request.user, number)
    relations.unmerge(case, by=request.user)
    return answer_in_details(request, case)


@agents_only
@require_GET
def conversation(request: AgentRequest, number: int) -> HttpResponse:
    return told(request, number)
