"""The agents' side: the queue beside a case, where the screen is wide enough for both."""

from contextlib import suppress
from typing import Any

from django.http import QueryDict

from cases.access import AgentRequest
from cases.forms import QueueFilter
from cases.models import Case
from cases.queries import queue


def beside(request: AgentRequest, case: Case) -> list[dict[str, Any]]:
    """The rows of the queue as this agent left it, or from this case on where it stands beyond that page.

    Nothing unless a script has said that the window is wide.
    """
    if request.COOKIES.get("wide") != "1":
        return []
    state = QueryDict(request.COOKIES.get("queue", ""))
    form = QueueFilter(state, checked=False)
    form.full_clean()
    filters = form.cleaned_data
    order = queue.orders_of(filters.get("status") or "")[queue.order_of(filters)]
    cases = queue.narrowed(request.user, filters)
    rows = _page(request, cases, order, state.get("after", ""), state.get("before", ""))
    if any(row["number"] == case.number for row in rows) or not queue.among(cases, [case.number]):
        return rows
    later = _page(request, cases, order, queue.place_of(case, order), "")
    return [*queue.rows_of(request.user, [case.number]).values(), *later[: queue.PAGE - 1]]


def _page(
    request: AgentRequest, cases: Any, order: queue.Order, after: str, before: str
) -> list[dict[str, Any]]:
    with suppress(queue.BadCursor):
        before = "" if after else before
        return queue.page(cases, order, after=after, before=before, agent=request.user).rows
    return queue.page(cases, order, agent=request.user).rows
