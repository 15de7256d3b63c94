"""The agents' side: one case."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import attention, conversation, drafts, macros, resolution, triage
from cases.actions.macros import changes_of
from cases.forms import ClosureForm, DetailForm, ReplyForm, offered
from cases.mentions import mentions_in
from cases.models import Area, Case, Priority, Refused, Severity
from cases.models.case import ACTIVE
from cases.models.people import agents

from .answers import acted, goes_on, meant, tick, timeline
from .attachments import filled as filled_with_files
from .composer import FORMS, GONE, asked_for, composers, filled, latest, sent_with
from .details import escalation_of, relations_of
from .keeping import Kept, as_typed, seen_of, sending
from .queue import place_in

OTHER_CASES = 8

SET: dict[str, Callable[..., Any]] = {
    "status": triage.set_status,
    "severity": triage.set_severity,
    "priority": triage.set_priority,
    "area": triage.set_area,
    "assignee": triage.assign,
    "team": triage.assign_team,
}


SAY: dict[str, Callable[..., Any]] = {
    "reply": conversation.reply,
    "note": conversation.add_note,
    "resolve": resolution.resolve,
}


@agents_only
@require_GET
def case_detail(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    if request.user.unread:
        attention.read(case, by=request.user)
    context = timeline(request, case) | composers(request.user, case) | _details(request, case)
    context |= latest(request.user, context["drafts"], request.GET.get("draft"))
    context["place"] = place_in(QueryDict(request.COOKIES.get("queue", "")), case)
    return render(request, "desk/case.html", context | filled(request, case, context))


def _details(request: AgentRequest, case: Case) -> dict[str, Any]:
    """What the details offer. A tick that does not show them does not fetch it: hence the lambdas."""
    others = Case.objects.visible_to(request.user).filter(customer=case.customer_id, customer__isnull=False)
    menus = cache(offered)
    context = {
        "status_choices": [(status, status.label) for status in ACTIVE],
        "assignee_choices": lambda: [("", "Nobody"), *menus()["agent"]],
        "team_choices": lambda: [("", "No team"), *menus()["team"]],
        "escalation_choices": lambda: [("", "Choose…"), *menus()["team"]],
        "handover_choices": lambda: {
            "Agents": [(f"agent={pk}", name) for pk, name in menus()["agent"] if pk != str(request.user.pk)],
            "Teams": [(f"team={pk}", name) for pk, name in menus()["team"]],
        },
        "severity_choices": Severity.choices,
        "priority_choices": [(None, "Not decided"), *Priority.choices],
        "area_choices": [("", "Not known"), *Area.choices],
        "reads": case.number,  # for the bell: what this page shows needs no notice
        "followers": lambda: [follow.agent for follow in case.follows.select_related("agent").order_by("pk")],
        "others": others.exclude(pk=case.pk).order_by("-told_at")[: OTHER_CASES + 1],
    }
    return context | relations_of(request, case) | escalation_of(request, case)


@agents_only
@require_GET
def case_live(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    if request.GET.get("after") == str(case.last_sequence):
        return HttpResponse(status=204)
    return tick(request, case, "desk/tick.html", composers(request.user, case) | _details(request, case))


@agents_only
@require_POST
def composed(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Take what was written in one of the composers: a reply, a note or a resolution."""
    case = get_case_or_404(request.user, number)
    form = filled_with_files(FORMS[name](request.POST), request)
    chosen, shown = sent_with(request, case, name, form)
    say = partial(macros.apply if "macro" in chosen else SAY[name], **chosen)
    try:
        done = acted(form, drafts.send, case, by=request.user, say=say, **sending(request, name))
    except drafts.Question as question:
        return composing(request, case, name, form, question, **shown)
    if done and name == "note":
        for complaint in mentions_in(form.cleaned_data["body"], agents()).complaints:
            messages.warning(request, complaint)
    return _answer(request, case, name, form, done, **shown)


@agents_only
@require_POST
def closure(request: AgentRequest, number: int) -> HttpResponse:
    """Close without asking the customer, once it is said why a bug happened, or that nobody will say it."""
    case = get_case_or_404(request.user, number)
    form = ClosureForm(request.POST)
    ask = "anyway" not in request.POST
    try:
        done = acted(form, resolution.close, case, by=request.user, ask=ask)
    except drafts.Question as question:
        return composing(request, case, "closure", form, question)
    return _answer(request, case) if done else composing(request, case, "closure", form)


@agents_only
@require_POST
def reopening(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = filled_with_files(ReplyForm(request.POST), request)
    if not request.POST.get("body") and not form.chosen_files and not form.left_out:
        resolution.reopen(case, by=request.user, **meant(request))
        return _answer(request, case)
    chosen, shown = sent_with(request, case, "reply", form)
    say = partial(resolution.reopen, **chosen)
    try:
        done = acted(form, drafts.send, case, by=request.user, say=say, **sending(request, "reply"))
    except drafts.Question as question:
        return composing(request, case, "reply", form, question, **shown)
    return _answer(request, case, "reply", form, done, **shown)


@agents_only
@require_POST
def detail(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Change one detail in place: the form holds one field, which bears the detail's name."""
    case = get_case_or_404(request.user, number)
    form = DetailForm(name, request.POST)
    if not form.is_valid():
        raise Refused(f"A case cannot have that {name}.")
    SET[name](case, by=request.user, **form.cleaned_data)
    return _answer(request, case, saved=name)


@agents_only
@require_POST
def composer(request: AgentRequest, number: int) -> HttpResponse:
    """The composer with a macro or a remembered resolution in it, after the text that is typed there and comes along."""
    case = get_case_or_404(request.user, number)
    if not request.htmx:
        chosen = {name: request.GET[name] for name in ("macro", "solved") if name in request.GET}
        return redirect(f"{reverse('desk_case', args=[number])}?{urlencode(chosen)}")
    context = composers(request.user, case)
    context |= filled(request, case, context) | {"case": case, "oob": True, "answered": "fresh"}
    return render(request, "desk/case.html#composer", context)


@agents_only
@require_POST
def macro(request: AgentRequest, number: int) -> HttpResponse:
    """Make the changes of a macro that has no text to look at first: those that its form named, or none."""
    case = get_case_or_404(request.user, number)
    found, seen = asked_for(request), request.POST.getlist("also")
    if found is None or found.body or [one.key for one in changes_of(found, by=request.user)] != seen:
        raise Refused(GONE)
    macros.apply(case, by=request.user, macro=found)
    return _answer(request, case)


@agents_only
@require_POST
def following(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    change = attention.unfollow if request.POST.get("following") == "no" else attention.follow
    change(case, by=request.user)
    return _answer(request, case)


def _answer(
    request: AgentRequest,
    case: Case,
    name: str = "",
    form: Any = None,
    done: bool = True,
    saved: str = "",
    **shown: Any,
) -> HttpResponse:
    case = get_case_or_404(request.user, case.number)
    if done and form and case.merged_into_id:
        return goes_on(request, case, "desk_case")
    if done and not request.htmx:
        return redirect(f"{reverse('desk_case', args=[case.number])}#event-{case.last_sequence}")
    if done:
        answered = {"answered": "fresh" if form else "changed", "saved": saved}
        return tick(
            request,
            case,
            "desk/tick.html",
            composers(request.user, case) | _details(request, case) | answered,
        )
    return composing(request, case, name, form, **shown)


def composing(
    request: AgentRequest,
    case: Case,
    name: str,
    form: Any = None,
    question: drafts.Question | None = None,
    kept: Kept | None = None,
    status: int = 422,
    **shown: Any,
) -> HttpResponse:
    """The composers, one with what was typed: by themselves, or in their page."""
    context = composers(request.user, case) | {"case": case, "composing": name, "refused": True} | shown
    if form:
        context |= {name: as_typed(form), "unkept": name}
    if isinstance(question, drafts.Conflict):
        kept = Kept.beside(question)
    context |= {"question": question, "kept": {**context["kept"], name: kept or Kept(seen_of(request))}}
    if request.htmx:
        context |= {"oob": True, "answered": "fresh"}
        return render(request, "desk/case.html#composer", context, status=status)
    context = timeline(request, case) | _details(request, case) | context
    return render(request, "desk/case.html", context, status=status)


def answer_in_details(
    request: AgentRequest,
    case: Case,
    name: str = "",
    form: Any = None,
    done: bool = True,
    part: str = "desk/case.html#details",
) -> HttpResponse:
    """Like `_answer`, for a form in the details, or in another `part` of the page: a mistake is shown there, with what
    was typed."""
    if done:
        return _answer(request, case, saved=name)
    case = get_case_or_404(request.user, case.number)
    context = timeline(request, case) | composers(request.user, case) | _details(request, case)
    context |= {name: as_typed(form)}
    if request.htmx:
        context |= {"oob": True, "answered": "changed"}
        return render(request, part, context, status=422)
    return render(request, "desk/case.html", context, status=422)
