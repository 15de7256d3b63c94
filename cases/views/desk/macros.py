"""Macros on pages of their own: the list, and what edits, copies and deletes one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import AgentRequest, agents_only
from cases.actions import macros
from cases.actions.macros import Change, changes_of, macros_of, with_changes
from cases.forms.macros import MacroForm
from cases.models import Macro, User
from cases.text.placeholders import SAMPLE, complaint, fill


@agents_only
@require_GET
def macro_list(request: AgentRequest) -> HttpResponse:
    editable = set(Macro.objects.editable_by(request.user).values_list("pk", flat=True))
    groups: dict[str, list[tuple[Macro, list[Change]]]] = {"Mine": [], "My teams’": [], "Everybody’s": []}
    for macro, changes in with_changes(macros_of(request.user), request.user):
        name = "Mine" if macro.owner_id else "My teams’" if macro.shared_with_id else "Everybody’s"
        groups[name].append((macro, changes))
    shown = {name: group for name, group in groups.items() if group}
    return render(request, "desk/macros.html", {"groups": shown, "editable": editable})


@agents_only
@require_http_methods(["GET", "POST"])
def macro_new(request: AgentRequest) -> HttpResponse:
    return _edit(request, Macro(owner=request.user))


@agents_only
@require_http_methods(["GET", "POST"])
def macro_edit(request: AgentRequest, pk: int) -> HttpResponse:
    return _edit(request, _editable(request.user, pk))


def _editable(agent: User, pk: int) -> Macro:
    get_object_or_404(macros_of(agent), pk=pk)
    if macro := Macro.objects.editable_by(agent).filter(pk=pk).first():
        return macro
    raise PermissionDenied("Only administrators can change shared macros. You can duplicate it.")


def _edit(request: AgentRequest, macro: Macro) -> HttpResponse:
    """The form, saved when it is sent; with `?preview` only what it would become is shown."""
    form = MacroForm(request.POST if request.method == "POST" else None, agent=request.user, instance=macro)
    previewing = "preview" in request.GET
    valid = form.is_valid()
    if valid and not previewing:
        macros.save(form.save(commit=False), by=request.user)
        messages.success(request, f"The macro “{macro.name}” is saved. {complaint(macro.body)}".strip())
        return redirect("macros")
    body = form["body"].value() or ""
    context = {
        "form": form,
        "macro": macro,
        "preview": fill(body, SAMPLE | {"agent": str(request.user)}),
        "complaint": complaint(body),
        "changes": changes_of(macro, by=request.user) if valid or not form.is_bound else [],
    }
    status = 422 if form.is_bound and not valid and not previewing else 200
    return render(request, "desk/macro.html", context, status=status)


@agents_only
@require_POST
def macro_copy(request: AgentRequest, pk: int) -> HttpResponse:
    """A copy of one's own, to go on with."""
    macro = get_object_or_404(macros_of(request.user), pk=pk)
    return redirect("macro", macros.copy(macro, by=request.user).pk)


@agents_only
@require_http_methods(["GET", "POST"])
def macro_deletion(request: AgentRequest, pk: int) -> HttpResponse:
    macro = _editable(request.user, pk)
    if request.method == "GET":
        return render(request, "desk/macro_deletion.html", {"macro": macro})
    macros.delete(macro, by=request.user)
    messages.success(request, f"The macro “{macro.name}” is deleted.")
    return redirect("macros")
