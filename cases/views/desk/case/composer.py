"""The composers of a case: reply, note and resolution, closing and reopening."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import conversation, drafts, macros, resolution
from cases.actions.macros import changes_of
from cases.actions.time_spent import with_time
from cases.forms import ClosureForm
from cases.forms.time_spent import ComposedReplyForm
from cases.models import Refused
from cases.models.people import agents
from cases.text.mentions import mentions_in
from cases.views.attachments import with_files
from cases.views.desk.case.composer_drafts import sending
from cases.views.desk.case.composer_forms import FORMS, GONE, asked_for, composers, filled, sent_with
from cases.views.desk.case.outgoing import place_of, sender, sent
from cases.views.desk.case.responses import answer, composing
from cases.views.timeline import perform, resolution_seen
from cases.wording.absences import away


@agents_only
@require_POST
def composed(request: AgentRequest, number: int, name: str) -> HttpResponse:
    """Take what was written in one of the composers: a reply, a note or a resolution."""
    case = get_case_or_404(request.user, number)
    form = with_files(FORMS[name](request.POST), request)
    chosen, shown = sent_with(request, case, name, form)
    if name == "note":
        note = macros.apply if "macro" in chosen else conversation.add_note
        say: Callable[..., Any] = with_time(partial(note, **chosen))
    else:
        say = sender(request, case, form, chosen, shown, kind=name)
    place = place_of(request, case)
    try:
        done = perform(form, drafts.send, case, by=request.user, say=say, **sending(request, name))
    except drafts.NeedsConfirmation as question:
        return composing(request, case, name, form, question, **shown)
    if done and name == "reply":
        return sent(request, case, form, place)
    if done and name == "note":
        mentions = mentions_in(form.cleaned_data["body"], agents(case))
        absent = [f"{agent} is {away(agent)}." for agent in mentions.agents if agent.is_away]
        for sentence in [*mentions.complaints, *absent]:
            messages.warning(request, sentence)
    return answer(request, case, name, form, done, **shown)


@agents_only
@require_POST
def closure(request: AgentRequest, number: int) -> HttpResponse:
    """Close without asking, once it is said why a bug happened, or that nobody will say it."""
    case = get_case_or_404(request.user, number)
    form = ClosureForm(request.POST)
    ask = "anyway" not in request.POST
    try:
        done = perform(form, resolution.close, case, by=request.user, ask=ask)
    except drafts.NeedsConfirmation as question:
        return composing(request, case, "closure", form, question)
    return answer(request, case) if done else composing(request, case, "closure", form)


@agents_only
@require_POST
def reopening(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = with_files(ComposedReplyForm(request.POST), request)
    if not request.POST.get("body") and not form.chosen_files and not form.missing_files:
        resolution.reopen(case, by=request.user, **resolution_seen(request))
        return answer(request, case)
    chosen, shown = sent_with(request, case, "reply", form)
    say = sender(request, case, form, chosen, shown, kind="reopen")
    try:
        done = perform(form, drafts.send, case, by=request.user, say=say, **sending(request, "reply"))
    except drafts.NeedsConfirmation as question:
        return composing(request, case, "reply", form, question, **shown)
    return answer(request, case, "reply", form, done, **shown)


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
    return render(request, "desk/case/composer.html", context)


@agents_only
@require_POST
def macro(request: AgentRequest, number: int) -> HttpResponse:
    """Make the changes of a macro that has no text to look at first: those that its form named, or none."""
    case = get_case_or_404(request.user, number)
    found, seen = asked_for(request), request.POST.getlist("also")
    if found is None or found.body or [one.key for one in changes_of(found, by=request.user)] != seen:
        raise Refused(GONE)
    macros.apply(case, by=request.user, macro=found)
    return answer(request, case)
