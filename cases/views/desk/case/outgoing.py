"""What agents sent and what has not left yet: how it gets there, and what its author may do until then."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import outgoing
from cases.actions.drafts import TEXTS
from cases.actions.saying import say
from cases.models import Case, Draft, Outgoing
from cases.views.desk.queue import place_in
from cases.views.timeline import tick

from .composer_drafts import fields_of
from .composer_forms import composers, latest
from .responses import answer
from .send_menu import NEXT, chosen, remember
from .sidebar import sidebar


def sender(
    request: AgentRequest,
    case: Case,
    form: forms.Form,
    arguments: dict[str, Any],
    shown: dict[str, Any],
    *,
    kind: str,
) -> Callable[..., Any]:
    """What takes the words of the form: to say them at once, or to let them leave in a moment or later.

    What the button of a reply asks for and cannot be becomes the form's error.
    """
    composer = arguments.pop("composer", None) or (kind if kind in TEXTS else Draft.Kind.REPLY)
    sent: dict[str, Any] = {"kind": kind}
    if kind == Outgoing.Kind.REPLY:
        try:
            sent = chosen(request, case)
        except ValidationError as problem:
            form.add_error(None, problem)
    leaves_at = sent.pop("leaves_at", None)
    if sent["kind"] == Outgoing.Kind.RESOLVE:
        arguments.pop("terms", None)
        if composer == Draft.Kind.REPLY and not request.POST.get("body", "").strip():
            form.add_error("body", "Say what was done, in the customer’s words.")
    if settings.UNDO_SECONDS or leaves_at:
        promises = shown.get("composer_promises")
        act: Callable[..., Any] = partial(
            outgoing.wait,
            composer=composer,
            fields=fields_of(composer, request.POST),
            leaves_at=leaves_at,
            as_read=promises.as_read if promises else (),
        )
    else:
        act = say
    act = partial(act, **sent, **arguments)
    if composer == Draft.Kind.REPLY and sent["kind"] == Outgoing.Kind.RESOLVE:
        return lambda case, *, by, body, **said: act(case, by=by, resolution=body, **said)
    return act


def sent(request: AgentRequest, case: Case, form: forms.Form, place: str) -> HttpResponse:
    """After a reply: the case, or the one that comes next in the queue. The button remembers what was chosen."""
    if "then" in request.POST:
        remember(request.user, request.POST["then"])
    if request.POST.get("then") != NEXT:
        return answer(request, case, "reply", form)
    if settings.UNDO_SECONDS:
        there = format_html('<a href="{}#outgoing">undo it</a>', reverse("desk_case", args=[case.number]))
        seconds = f"{settings.UNDO_SECONDS:g}"
        messages.success(
            request, format_html("Your reply in case {} leaves in {} s: {}.", case.number, seconds, there)
        )
    address = f"{reverse('desk_next', args=[case.number])}?place={place}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def place_of(request: AgentRequest, case: Case) -> str:
    """Where the case stands in the queue that its reader came from, where they want to go on from there."""
    if request.POST.get("then") != NEXT:
        return ""
    return place_in(QueryDict(request.COOKIES.get("queue", "")), case)


@agents_only
@require_POST
def put_back(request: AgentRequest, number: int, key: UUID) -> HttpResponse:
    """Back into its composer, above what was typed there since."""
    case = get_case_or_404(request.user, number)
    begun = request.POST.get("body", request.POST.get("resolution"))
    draft = outgoing.take_back(case, by=request.user, key=key, begun=begun)
    if not request.htmx:
        return redirect(f"{reverse('desk_case', args=[number])}?draft={draft.kind}#composer")
    context = composers(request.user, case) | sidebar(request, case) | {"answered": "fresh"}
    context |= latest(request.user, context["drafts"], draft.kind)
    context[draft.kind].fields[TEXTS[Draft.Kind(draft.kind)][0]].widget.attrs["autofocus"] = True
    return tick(request, case, "desk/case/tick.html", context)


@agents_only
@require_POST
def departure(request: AgentRequest, number: int, key: UUID) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    outgoing.send_now(case, by=request.user, key=key)
    return answer(request, case)


@agents_only
@require_POST
def removal(request: AgentRequest, number: int, key: UUID) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    outgoing.discard(case, by=request.user, key=key)
    return answer(request, case)
