"""The composers of a case: the drafts in them, what a macro fills in, and what sending then also changes."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject

from cases.access import AgentRequest
from cases.actions.macros import COMPOSERS, Change, changes_of, macros_of
from cases.actions.taking import would_take
from cases.forms import ResolveForm
from cases.forms.attachments import Attaching
from cases.forms.composer import PREFIXES
from cases.forms.time_spent import ComposedNoteForm, ComposedReplyForm
from cases.models import Case, Draft, Macro, User
from cases.queries.solved_before import resolution_of
from cases.text.numbers import whole_number
from cases.text.placeholders import fill, values_of

from .composer_drafts import DraftStatus, put_in
from .composer_promises import ComposerPromises
from .composer_requests import ComposerRequests
from .permissions import permissions
from .send_menu import menu

FORMS: dict[str, type[forms.Form]] = {
    "reply": ComposedReplyForm,
    "note": ComposedNoteForm,
    "resolve": ResolveForm,
}
TAKE = ("reply", "resolve")  # the composers whose button may say that it takes the case
GONE = "That macro was changed or deleted. Choose it again, or send the text alone."


def composers(agent: User, case: Case) -> dict[str, Any]:
    """A form for each composer, with the draft in it. Drafts are fetched where composers are shown."""
    drafts: Any = SimpleLazyObject(lambda: {one.kind: one for one in agent.drafts.filter(case=case)})
    known = {
        "root_cause": case.root_cause,
        "area": case.area,
        "is_bug": {True: "yes", False: "no", None: ""}[case.is_bug],
    }

    def form(name: str) -> forms.Form:
        made = FORMS[name](initial=known) if name == "resolve" else FORMS[name]()
        if isinstance(made, Attaching):
            made.viewer = agent
        if name in drafts:
            put_in(made, drafts[name].fields)
        return made

    return {
        **{name: SimpleLazyObject(partial(form, name)) for name in FORMS},
        "kept": SimpleLazyObject(lambda: {name: DraftStatus.of(draft) for name, draft in drafts.items()}),
        "drafts": drafts,
        "composer_promises": SimpleLazyObject(lambda: ComposerPromises(case, *_held(drafts))),
        "composer_requests": SimpleLazyObject(lambda: ComposerRequests(case, *_held(drafts))),
        "composing": "reply",
        "works": agent.is_agent,
        "may": permissions(agent, case),
        "takes": would_take(case, agent),
        "send_menu": SimpleLazyObject(lambda: menu(agent, case)),
    }


def _held(drafts: dict[str, Draft]) -> tuple[str, dict[str, Any]]:
    """What the draft of a reply holds: its text, and all of its fields."""
    fields = drafts["reply"].fields if "reply" in drafts else {}
    return fields.get("body", ""), fields


def latest(agent: User, drafts: dict[str, Draft], wanted: str | None) -> dict[str, Any]:
    """What a page opens with: the wanted draft, or the one that was written in last, and the macro in it."""
    if not drafts:
        return {}
    draft = drafts.get(wanted or "") or max(drafts.values(), key=lambda draft: draft.at)
    number = whole_number(draft.fields.get("macro", ""))
    macro = macros_of(agent).filter(pk=number).first() if number else None
    if macro is None or macro.composer != draft.kind:
        return {"composing": draft.kind}
    changes = changes_of(macro, by=agent)
    return {"composing": draft.kind} | shown(macro, draft.kind, changes, draft.fields.get("also"))


def asked_for(request: AgentRequest) -> Macro | None:
    """The macro that the address or the form names, unless it is not theirs or is gone."""
    number = whole_number(request.POST.get("macro") or request.GET.get("macro") or "")
    return macros_of(request.user).filter(pk=number).first() if number else None


def filled(request: AgentRequest, case: Case, forms_by_name: dict[str, Any]) -> dict[str, Any]:
    """What a composer shows when a macro or a remembered resolution was chosen: its text after what is typed there,
    and the macro's changes."""
    if solved := resolution_of(request.user, request.GET.get("solved", "")):
        return _with_text(request, case, "reply", solved, forms_by_name)
    macro = asked_for(request)
    if macro is None or not macro.body:
        return {}
    name = macro.composer
    text = fill(macro.body, values_of(case, request.user))
    changes = shown(macro, name, changes_of(macro, by=request.user))
    return _with_text(request, case, name, text, forms_by_name) | changes


def _with_text(
    request: AgentRequest, case: Case, name: str, text: str, forms_by_name: dict[str, Any]
) -> dict[str, Any]:
    field = COMPOSERS[name][1]
    form = forms_by_name[name]
    typed = request.POST.get(field, form.initial.get(field, "")).rstrip()
    form.initial[field] = f"{typed}\n\n{text}" if typed else text
    form.fields[field].widget.attrs |= {"data-typed": "", "autofocus": True}
    context = {name: form, "composing": name}
    if name == "reply":
        before = forms_by_name["composer_promises"]
        has_rows = any(name.startswith(PREFIXES) for name in request.POST)
        data = request.POST if has_rows else before.data
        context["composer_promises"] = ComposerPromises(case, form.initial[field], data, before.running)
        context["composer_requests"] = ComposerRequests(case, form.initial[field], data)
    return context


def shown(
    macro: Macro, composer: str, changes: list[Change], kept: Iterable[str] | None = None
) -> dict[str, Any]:
    """The line below a composer that says what sending also changes; `kept` are those not left out."""
    keys = {change.key for change in changes} if kept is None else set(kept)
    also = [(change.key, change.words, change.key in keys) for change in changes]
    return {"macro": macro, "macro_in": composer, "also": also}


def sent_with(
    request: AgentRequest, case: Case, composer: str, form: forms.Form
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the action takes, and what the page shows again, of the promises, requests and macro that came with a composer.

    What cannot be promised becomes the form's error.
    """
    arguments, again = _macro_sent_with(request, composer, form)
    if composer in TAKE and request.POST.get("take") and "untaken" not in request.POST:
        arguments["takes"] = True
    if composer == "resolve" and "unfinished" not in request.POST:
        arguments["ask"] = True
    if composer == "reply":
        again["later_at"] = request.POST.get("later_at", "")
        promises = again["composer_promises"] = ComposerPromises(case, *_posted(request))
        requests = again["composer_requests"] = ComposerRequests(case, *_posted(request))
        try:
            arguments["terms"] = replace(promises.terms(), asks=requests.asks())
        except ValidationError as problem:
            form.add_error(None, problem)
    return arguments, again


def _posted(request: AgentRequest) -> tuple[str, QueryDict]:
    """What the composer of replies posted: its text, and all of its fields."""
    return request.POST.get("body", ""), request.POST


def _macro_sent_with(
    request: AgentRequest, composer: str, form: forms.Form
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same of the macro. One that is no longer what its sender saw becomes the form's error."""
    if not request.POST.get("macro"):
        return {}, {}
    macro, kept = asked_for(request), request.POST.getlist("also")
    changes = changes_of(macro, by=request.user) if macro else []
    if macro is None or macro.composer != composer or not {*kept} <= {change.key for change in changes}:
        form.add_error(None, GONE)
        return {}, {}
    arguments = {"macro": macro, "composer": composer, "only": kept}
    return arguments, shown(macro, composer, changes, kept)
