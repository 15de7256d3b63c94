"""The agents' side: one change to many cases."""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from cases import queue
from cases.access import AgentRequest, agents_only
from cases.actions import bulk
from cases.forms import BulkForm, QueueFilter
from cases.models import Bulk, Case, Refused
from cases.numbers import whole_number

REFUSALS_SHOWN = 50


@agents_only
@require_POST
def bulk_start(request: AgentRequest) -> HttpResponse:
    """Change the cases that were chosen (`case`), or all of the view (`scope=view`), which asks first."""
    form = BulkForm(request.user, request.POST)
    back = f"{reverse('queue')}?{_state(request)}"
    if not form.is_valid():
        messages.error(request, form.first_error)
        return redirect(back)
    whole = request.POST.get("scope") == "view"
    cases = _view(request) if whole else _chosen(request)
    if whole and "confirmed" not in request.POST:
        return render(request, "desk/bulk_confirm.html", _confirmation(request, form, cases) | {"back": back})
    found = bulk.start(by=request.user, **form.chosen(), cases=_numbers(cases))
    page = reverse("bulk", args=[found.pk])
    count = found.items.count()
    cases_are = "1 case is" if count == 1 else f"{count:,} cases are"
    messages.success(request, format_html('{} being changed. <a href="{}">Progress</a>', cases_are, page))
    return redirect(page if whole else back)


def _state(request: AgentRequest) -> str:
    return QueryDict(request.POST.get("query", "")[:2000]).urlencode()


def _chosen(request: AgentRequest) -> Any:
    numbers = {number for text in request.POST.getlist("case") if (number := whole_number(text))}
    return Case.objects.visible_to(request.user).filter(number__in=numbers)


def _view(request: AgentRequest) -> Any:
    """The cases of the view that the address shows, from its first page to its last."""
    form = QueueFilter(dict(parse_qsl(_state(request))))
    if not form.is_valid():
        raise Refused("That view is not known any more. Open it again.")
    return queue.narrowed(request.user, form.cleaned_data)


def _numbers(cases: Any) -> list[int]:
    """One more than are allowed at most, so that too many are told from just enough."""
    return list(cases.order_by().values_list("number", flat=True)[: bulk.MOST + 1])


def _confirmation(request: AgentRequest, form: BulkForm, cases: Any) -> dict[str, Any]:
    count = len(_numbers(cases))
    return {
        "form": form,
        "change": form.chosen(),
        "count": count,
        "too_many": count > bulk.MOST,
        "most": bulk.MOST,
        "query": _state(request),
    }


@agents_only
@require_GET
def bulk_detail(request: AgentRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    tally = found.items.aggregate(
        total=Count("pk"), done=Count("pk", Q(done_at__isnull=False)), refused=Count("pk", ~Q(refused=""))
    )
    running = tally["done"] < tally["total"] and not found.stopped
    refusals = found.items.exclude(refused="").order_by("case")[:REFUSALS_SHOWN]
    context = {"bulk": found, "running": running, "refusals": refusals, **tally}
    return render(request, "desk/bulk.html", context)


@agents_only
@require_POST
def bulk_stop(request: AgentRequest, pk: int) -> HttpResponse:
    bulk.stop(_own(request, pk))
    return redirect("bulk", pk)


def _own(request: AgentRequest, pk: int) -> Bulk:
    return get_object_or_404(Bulk, pk=pk, by=request.user)
