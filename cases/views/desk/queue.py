"""The agents' side: the queue."""

import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, Right, desk_only
from cases.forms import QueueFilter, ViewForm, audiences, bulk_changes
from cases.forms.filters import left_out
from cases.models import Case, Column, Macro, SavedView, User
from cases.models.column import OF_ORDER, shown_columns
from cases.models.shared import may_edit
from cases.queries import queue, view_counts
from cases.text.numbers import whole_number
from cases.views.setup.steps import not_ready

PLACES = ("after", "before")
SHOWING = ("order", "columns")  # do not narrow


@desk_only
@require_GET
def queue_list(request: AgentRequest) -> HttpResponse:
    moment = queue.moment()  # before the rest is read, so that nothing falls between
    form, filters, complaints = _filters(request)
    state = _state(request, form)
    address = urlencode(state)
    page = _page(request, filters, complaints)
    context = {
        "works": request.user.is_agent,
        "not_ready": not_ready(request.user) if request.user.may(Right.ADMINISTER) else "",
        "form": form,
        "page": page,
        "is_unused": not moment.newest,
        "orders": [
            (name, order.label) for name, order in queue.orders_of(filters.get("status") or "").items()
        ],
        "order": queue.order_of(filters),
        "complaints": complaints,
        "narrowed": any(value not in ("", None) for name, value in filters.items() if name not in SHOWING),
        "newest": moment.newest,
        "version": moment.version,
        "state": address,
        "bulk_token": uuid4(),
        "bulk_changes": bulk_changes(form.offered, Macro.objects.shown_to(request.user)),
        "chips": _chips(form, state),
        "is_compact": request.COOKIES.get("density") == "compact",
    }
    views = _views(request, state, moment)
    context |= views | _columns(request, views["view"], filters, state)
    response = render(request, "desk/queue.html", context)
    response.set_cookie("queue", address, samesite="Lax", httponly=True, secure=request.is_secure())
    if request.htmx:
        response["HX-Push-Url"] = f"{request.path}?{address}"
    return response


@desk_only
@require_GET
def queue_live(request: AgentRequest) -> HttpResponse:
    """The rows of an open queue page that changed, how many new ones it does not show yet, and the counts.

    `shown` says what the page holds, as `number.state` for each row, `counts` what stands beside its views,
    and `version` what had happened on the desk by then.
    """
    moment = queue.moment()
    if moment.version and moment.version == request.GET.get("version"):
        return HttpResponse(status=204)
    shown = {
        int(number): state
        for number, state in re.findall(r"(\d{1,18})\.([\d.]{1,30})", request.GET.get("shown", ""))[
            : queue.PAGE * 4
        ]
    }
    form, filters, complaints = _filters(request, checked=False)
    present = queue.narrowed(request.user, filters)
    newest = whole_number(request.GET.get("newest", ""))
    current = {row["number"]: row for row in _page(request, filters, complaints).rows}
    on_page = current.keys() - shown.keys()
    arrived = on_page | (queue.newer(present, newest) - shown.keys() if newest else set())
    if beyond := shown.keys() - current.keys():
        current |= queue.rows_of(request.user, beyond)
    rows = [current[number] for number in shown if number in current]
    changed = [row for row in rows if queue.state_of(row) != shown[row["number"]]]
    if moved := [row for row in changed if row["number"] in beyond]:
        staying = queue.among(present, [row["number"] for row in moved])
        for row in moved:
            row["left"] = row["number"] not in staying
    views = view_counts.views_of(request.user, moment)
    same_counts = request.GET.get("counts") in (None, _counts(views))
    if not changed and str(len(arrived)) == request.GET.get("arrived", "0") and same_counts:
        return HttpResponse(status=204)
    state = _state(request, form)
    context = _columns(request, _current(views, state), filters, state) | {
        "works": request.user.is_agent,
        "changed": changed,
        "arrived": len(arrived),
        "newest": newest,
        "version": moment.version,
        "rows": rows,
        # What sorts behind this page is shown by the order that puts it in front.
        "state": urlencode(state | {"order": "newest"} if arrived - on_page else state),
        "views": views,
        "counts": _counts(views),
    }
    return render(request, "desk/queue_tick.html", context)


def _views(request: AgentRequest, state: dict[str, str], moment: queue.Moment) -> dict[str, Any]:
    """The views beside the queue with their counts, and which of them the address shows."""
    views = view_counts.views_of(request.user, moment)
    return {
        "views": views,
        "counts": _counts(views),
        "view": _current(views, state),
        "view_form": lambda: ViewForm(audiences=audiences(request.user), initial={"query": urlencode(state)}),
    }


def _current(
    views: list[SavedView | view_counts.Escalated], state: dict[str, str]
) -> SavedView | view_counts.Escalated | None:
    """The view that narrows as the address does: of several the one with its columns, or the first."""
    narrowing = {name: value for name, value in state.items() if name not in (*PLACES, *SHOWING)}
    found = [view for view in views if _narrowing_of(view) == narrowing]
    alike = (view for view in found if view.columns == state.get("columns", ""))
    return next(alike, found[0] if found else None)


def _narrowing_of(view: SavedView | view_counts.Escalated) -> dict[str, str]:
    return {name: str(value) for name, value in view.filters().items() if name != "order"}


def _columns(
    request: AgentRequest,
    view: SavedView | view_counts.Escalated | None,
    filters: dict[str, Any],
    state: dict[str, str],
) -> dict[str, Any]:
    """The columns of the rows, those that may be chosen, and whether the view can be told to keep them."""
    kept = view.columns if view else ""
    chosen = filters.get("columns") or kept
    order = queue.order_of(filters)
    columns = shown_columns(chosen, order)
    return {
        "columns": columns,
        "ordering": OF_ORDER.get(order),
        "offered_columns": [*columns, *(column for column in Column if column not in columns)],
        "state_without_columns": urlencode({name: state[name] for name in state if name != "columns"}),
        "may_keep_columns": chosen != kept and isinstance(view, SavedView) and may_edit(view, request.user),
    }


def _chips(form: QueueFilter, state: dict[str, str]) -> list[tuple[str, str, str]]:
    """Each filter in use, what it is set to, and the address of the queue without it."""
    return [
        (label, said, urlencode({key: state[key] for key in state if key not in (name, *PLACES)}))
        for name, label, said in form.chosen()
    ]


def _counts(views: list[SavedView | view_counts.Escalated]) -> str:
    return " ".join(f"{view.pk}.{view.count}" for view in views)


def _page(request: AgentRequest, filters: dict[str, Any], complaints: list[str]) -> queue.Page:
    cases = queue.narrowed(request.user, filters)
    order = queue.orders_of(filters.get("status") or "")[queue.order_of(filters)]
    after, before = (request.GET.get(name, "") for name in PLACES)
    try:
        return queue.page(cases, order, after=after, before="" if after else before, agent=request.user)
    except queue.BadCursor:
        complaints.append("That page no longer exists, so here’s the first.")
        return queue.page(cases, order, agent=request.user)


def place_in(state: QueryDict, case: Case) -> str:
    """Where a case stands in the queue whose address has this query."""
    filters = {name: str(state.get(name, "")) for name in ("status", "order")}
    return queue.place_of(case, queue.orders_of(filters["status"])[queue.order_of(filters)])


def neighbour_of(agent: User, state: QueryDict, place: str, way: str) -> int | None:
    """The number of the case `after` or `before` a place in that queue."""
    form = QueueFilter(state, checked=False)
    form.full_clean()
    filters = form.cleaned_data
    order = queue.orders_of(filters.get("status") or "")[queue.order_of(filters)]
    with suppress(queue.BadCursor):
        return queue.neighbour(queue.narrowed(agent, filters), order, **{way: place})
    return None


def _filters(request: AgentRequest, *, checked: bool = True) -> tuple[QueueFilter, dict[str, Any], list[str]]:
    form = QueueFilter(request.GET, checked=checked)
    form.full_clean()
    complaints = left_out(form, "The queue", beside=PLACES) if checked else []
    return form, form.cleaned_data, complaints


def _state(request: AgentRequest, form: QueueFilter) -> dict[str, str]:
    """The filters, order and place that lead back to this page."""
    known = [name for name in QueueFilter.base_fields if name not in form.errors]
    return {name: request.GET[name] for name in (*known, *PLACES) if request.GET.get(name)}
