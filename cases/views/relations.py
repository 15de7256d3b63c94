"""The agents' side: what a case has to do with times, tags, other agents and other cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import moments
from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import relations, sleep, triage
from cases.forms import HandoverForm, LinkForm, MergeForm, MomentForm, TagsForm
from cases.models import Case, Refused

from .answers import acted, told
from .desk import answer_in_details
from .details import known_tags
from .queue import neighbour_of


def do_in_details(request: AgentRequest, number: int, name: str, form: Any, action: Any) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    return answer_in_details(request, case, name, form, acted(form, action, case, by=request.user))


@agents_only
@require_POST
def tags(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "tagging", TagsForm(request.POST), triage.change_tags)


@agents_only
@require_GET
def tags_known(request: AgentRequest, number: int) -> HttpResponse:
    """The tags that others use, for the field where one is typed."""
    known = known_tags(request, get_case_or_404(request.user, number))
    return HttpResponse(format_html_join("", '<option value="{}">', ((tag,) for tag in known)))


@agents_only
@require_POST
def snooze(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(
        request, number, "snooze", MomentForm("until", moments.SNOOZE, request.POST), sleep.snooze
    )


@agents_only
@require_POST
def waking(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    sleep.wake(case, by=request.user)
    return answer_in_details(request, case, "snooze")


@agents_only
@require_POST
def handover(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "handover", HandoverForm(request.POST), triage.hand_over)


@agents_only
@require_POST
def links(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "linking", LinkForm(request.user, request.POST), relations.link)


@agents_only
@require_POST
def link_removal(request: AgentRequest, number: int, other: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    relations.unlink(case, by=request.user, other=get_case_or_404(request.user, other))
    return answer_in_details(request, case, "linking")


@agents_only
@require_http_methods(["GET", "POST"])
def merge(request: AgentRequest, number: int) -> HttpResponse:
    """What merging into the case `into` would do, in words, and then doing it."""
    case = get_case_or_404(request.user, number)
    form = MergeForm(request.user, request.POST or request.GET)
    form.full_clean()
    if request.method == "POST" and acted(form, relations.merge, case, by=request.user):
        return _merged(request, case)
    context: dict[str, Any] = {"case": case, "form": form}
    if asked := form.cleaned_data.get("into"):
        into = asked.end()
        try:
            relations.check_may_merge(case, asked, into)
            context |= {"into": into, "asked": asked, "owed": relations.owed_by(case, into)}
        except Refused as refused:
            if not form.errors:
                form.add_error("into", str(refused))
    return render(request, "desk/merge.html", context, status=422 if form.errors else 200)


def _merged(request: AgentRequest, case: Case) -> HttpResponse:
    end = Case.objects.get(pk=case.pk).end()
    messages.success(request, f"Case {case.number} goes on here.")
    return redirect("desk_case", end.number)


@agents_only
@require_POST
def separation(request: AgentRequest, number: int) -> HttpResponse:
    """Take a merge back."""
    case = get_case_or_404(request.user, number)
    if relations.unmerge(case, by=request.user):
        messages.success(request, f"Case {number} is a case of its own again.")
    return redirect("desk_case", number)


@agents_only
@require_GET
def conversation(request: AgentRequest, number: int) -> HttpResponse:
    return told(request, number)


@agents_only
@require_GET
def neighbour(request: AgentRequest, number: int, way: str) -> HttpResponse:
    """The next or previous case of the queue that one came from, from the `place` where this one stood in it."""
    get_case_or_404(request.user, number)
    state = QueryDict(request.COOKIES.get("queue", ""))
    if found := neighbour_of(request.user, state, request.GET.get("place", ""), way):
        return redirect("desk_case", found)
    messages.info(request, f"No case comes {way} case {number} in this queue.")
    return redirect(f"{reverse('queue')}?{state.urlencode()}")
