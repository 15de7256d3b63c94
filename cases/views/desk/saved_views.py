"""The agents' side: saved views of the queue."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, agents_only
from cases.actions import saved_views
from cases.forms import QueueFilter, ViewForm, audiences
from cases.models import Refused, SavedView
from cases.models.shared import audience_of


@dataclass
class Row:
    """One view of the list, with the form that changes it for whoever may."""

    view: SavedView
    form: ViewForm | None


@agents_only
@require_GET
def view_list(request: AgentRequest) -> HttpResponse:
    return render(request, "desk/saved_views.html", {"circles": _circles(request)})


@agents_only
@require_POST
def view_new(request: AgentRequest) -> HttpResponse:
    """Keep what the queue is narrowed to, as `query` says it, under a name."""
    form = ViewForm(request.POST, audiences=audiences(request.user))
    filters = QueueFilter(dict(parse_qsl(form.data.get("query", ""))))
    if not filters.is_valid():
        form.add_error(None, "That view no longer exists. Filter the queue again, then save it.")
    elif form.is_valid() and (view := _created(request, form, filters)):
        messages.success(request, f"The view “{view}” is saved.")
        return redirect(f"{reverse('queue')}?{view.query}")
    return render(request, "desk/saved_views.html", {"circles": _circles(request), "new": form}, status=422)


def _created(request: AgentRequest, form: ViewForm, filters: QueueFilter) -> SavedView | None:
    try:
        return saved_views.create(
            by=request.user,
            name=form.cleaned_data["name"],
            audience=form.cleaned_data["audience"],
            filters=_fields(filters),
        )
    except Refused as refused:
        form.add_error("audience", str(refused))
        return None


def _fields(filters: QueueFilter) -> dict[str, Any]:
    wanted = filters.cleaned_data
    plain = {name: wanted[name] for name in SavedView.FILTERS if name not in ("system", "team")}
    rest = {name: wanted[name] for name in ("order", "columns")}
    return plain | {"system_id": wanted["system"], "team_id": wanted["team"]} | rest


@agents_only
@require_POST
def view_change(request: AgentRequest, pk: int) -> HttpResponse:
    """Rename it, give it to others, or move it up or down."""
    view = _editable(request, pk)
    if (step := _step(request.POST.get("move", ""))) is not None:
        if not saved_views.move(view, step=step):
            raise Http404
        return HttpResponse(status=204) if request.htmx else redirect("views")
    form = ViewForm(request.POST, audiences=audiences(request.user))
    if not form.is_valid() or not _changed(request, view, form):
        return render(
            request, "desk/saved_views.html", {"circles": _circles(request, {pk: form})}, status=422
        )
    messages.success(request, f"The view “{view}” is saved.")
    return redirect("views")


def _step(moved: str) -> int | None:
    """How many places a view goes down, or up with less than 0: by a button, or by what was dragged."""
    places = re.fullmatch(r"-?\d{1,3}", moved)
    return {"up": -1, "down": 1}.get(moved) or (int(moved) if places else None)


def _changed(request: AgentRequest, view: SavedView, form: ViewForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("name", "audience")}
    try:
        if saved_views.change(view, by=request.user, **said):
            return True
    except Refused as refused:
        form.add_error("audience", str(refused))
        return False
    raise Http404  # deleted meanwhile, and stays so


@agents_only
@require_POST
def view_columns(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep with the view the columns that the queue shows, as `query` says it."""
    view = _editable(request, pk)
    filters = QueueFilter(dict(parse_qsl(request.POST.get("query", ""))), checked=False)
    filters.full_clean()
    if not saved_views.set_columns(view, by=request.user, columns=filters.cleaned_data.get("columns", "")):
        raise Http404
    messages.success(request, f"The view “{view}” shows these columns from now on.")
    return redirect(f"{reverse('queue')}?{view.query}")


@agents_only
@require_POST
def view_delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Away with it. The queue that it showed stays on the screen, so that it can be saved again."""
    view = _editable(request, pk)
    query = view.query
    saved_views.delete(view, by=request.user)
    messages.success(request, f"The view “{view}” was deleted. To restore it, save this view again.")
    return redirect(f"{reverse('queue')}?{query}")


def _circles(request: AgentRequest, wrong: dict[int, ViewForm] | None = None) -> list[tuple[str, list[Row]]]:
    """All views that this agent sees, by whose they are, each of which has an order; `wrong` are the forms that were
    sent with a mistake, by their view."""
    offered = audiences(request.user)

    def form(view: SavedView) -> ViewForm | None:
        audience = audience_of(view)
        if audience not in dict(offered):
            return None
        initial = {"name": view.name, "audience": audience}
        return (wrong or {}).get(view.pk) or ViewForm(audiences=offered, initial=initial)

    circles: dict[str, list[Row]] = {}
    for view in SavedView.objects.for_agent(request.user).select_related("shared_with"):
        whose = (
            "Only me" if view.owner_id else f"Team {view.shared_with}" if view.shared_with else "Everybody"
        )
        circles.setdefault(whose, []).append(Row(view, form(view)))
    return [*circles.items()]


def _editable(request: AgentRequest, pk: int) -> SavedView:
    view = SavedView.objects.for_agent(request.user).filter(pk=pk).first()
    if view is None:
        raise Http404
    if audience_of(view) not in dict(audiences(request.user)):
        raise PermissionDenied("Only administrators can change everyone’s views.")
    return view
