"""The agents' side: saved views of the queue."""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, agents_only
from cases.forms import QueueFilter, ViewForm, audiences
from cases.models import User, View
from cases.queries import view_counts

MOST = 100  # views of one agent, of one team, and of everybody


@agents_only
@require_GET
def view_list(request: AgentRequest) -> HttpResponse:
    return render(request, "desk/views.html", _listed(request))


@agents_only
@require_POST
def view_new(request: AgentRequest) -> HttpResponse:
    """Keep what the queue is narrowed to, as `query` says it, under a name."""
    form = ViewForm(request.POST, audiences=audiences(request.user))
    filters = QueueFilter(dict(parse_qsl(form.data.get("query", ""))))
    if not filters.is_valid():
        form.add_error(None, "That view is not known any more. Narrow the queue again, then save it.")
    elif filters.cleaned_data["escalated"]:
        form.add_error(
            None, "Views cannot be saved by escalation. Narrow the queue without it, then save it."
        )
    view = View()
    if not _edited(view, form, request.user):
        return render(request, "desk/views.html", _listed(request) | {"new": form}, status=422)
    for column, value in _columns(filters).items():
        setattr(view, column, value)
    view.position = siblings(view).count()
    view_counts.save_view(view)
    messages.success(request, f"The view “{view}” is saved.")
    return redirect(f"{reverse('queue')}?{view.query}")


def _columns(filters: QueueFilter) -> dict[str, Any]:
    wanted = filters.cleaned_data
    plain = {name: wanted[name] for name in View.FILTERS if name not in ("system", "team")}
    return plain | {"system_id": wanted["system"], "team_id": wanted["team"], "order": wanted["order"]}


@agents_only
@require_POST
def view_change(request: AgentRequest, pk: int) -> HttpResponse:
    """Rename it, give it to others, or move it up or down."""
    view = _editable(request, pk)
    if (step := {"up": -1, "down": 1}.get(request.POST.get("move", ""))) is not None:
        _move(view, step)
        return redirect("views")
    form = ViewForm(request.POST, audiences=audiences(request.user))
    if not _edited(view, form, request.user):
        return render(request, "desk/views.html", _listed(request, wrong=(pk, form)), status=422)
    edited = {"name": view.name, "owner": view.owner_id, "shared_with": view.shared_with_id}
    if not View.objects.filter(pk=pk).update(**edited):  # deleted meanwhile, and stays so
        raise Http404
    messages.success(request, f"The view “{view}” is saved.")
    return redirect("views")


@agents_only
@require_POST
def view_delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Away with it. The queue that it showed stays on the screen, so that it can be saved again."""
    view = _editable(request, pk)
    query = view.query
    view.delete()
    messages.success(request, f"The view “{view}” is gone. To have it back, save this view again.")
    return redirect(f"{reverse('queue')}?{query}")


def _listed(request: AgentRequest, wrong: tuple[int, ViewForm] | None = None) -> dict[str, Any]:
    views = list(View.objects.for_agent(request.user).select_related("shared_with"))
    offered = audiences(request.user)
    for view in views:
        audience = _audience(view)
        view.editable = audience in dict(offered)  # type: ignore[attr-defined]
        initial = {"name": view.name, "audience": audience}
        view.form = ViewForm(audiences=offered, initial=initial)  # type: ignore[attr-defined]
        if wrong and view.pk == wrong[0]:
            view.form = wrong[1]  # type: ignore[attr-defined]
    return {"views": views}


def _audience(view: View) -> str:
    if view.owner_id:
        return "me"
    return str(view.shared_with_id) if view.shared_with_id else "all"


def _edited(view: View, form: ViewForm, agent: User) -> bool:
    """Name it and give it to whom the form says, if that is possible. Where it does not say, they stay."""
    if not form.is_valid():
        return False
    now = _audience(view) if view.pk else ""
    audience = form.cleaned_data["audience"] or now or "me"
    view.name = form.cleaned_data["name"]
    view.owner = agent if audience == "me" else None
    view.shared_with_id = int(audience) if audience.isdigit() else None
    if audience != now and siblings(view).count() >= MOST:
        have = "You have" if audience == "me" else f"{form.audiences[audience]} has"
        form.add_error("audience", f"{have} {MOST} views. Delete one before you save another.")
    return form.is_valid()


def _editable(request: AgentRequest, pk: int) -> View:
    view = View.objects.for_agent(request.user).filter(pk=pk).first()
    if view is None:
        raise Http404
    if _audience(view) not in dict(audiences(request.user)):
        raise PermissionDenied("Administrators change the views that everybody has.")
    return view


def siblings(view: View) -> Any:
    """The views that stand in one list with it, in their order."""
    together = View.objects.filter(owner=view.owner_id, shared_with=view.shared_with_id)
    return together.order_by("position", "pk")


def _move(view: View, step: int) -> None:
    """Change places with its neighbour."""
    views = list(siblings(view))
    if view not in views:
        raise Http404
    here = views.index(view)
    views.insert(max(here + step, 0), views.pop(here))
    for place, one in enumerate(views):
        View.objects.filter(pk=one.pk).exclude(position=place).update(position=place)
