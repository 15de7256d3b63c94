"""The agents' side: one change to many cases."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import AgentRequest, agents_only
from cases.actions import bulk
from cases.forms import BulkForm, QueueFilter
from cases.forms.filters import left_out
from cases.forms.queue import WRITES_REPLY
from cases.forms.replies import ManyRepliesForm
from cases.models import Case, Incident, Refused
from cases.queries import queue
from cases.queries.incident_cases import bulks_for, items_for, running_for
from cases.text.numbers import whole_number
from cases.views.desk.queue import PLACES

from . import bulk_reply

REFUSALS_SHOWN = 50
RUNNING_SHOWN = 50
LONGEST_QUERY = 4_000


@agents_only
@require_http_methods(["GET", "POST"])
def bulk_start(request: AgentRequest) -> HttpResponse:
    """Change the cases that were chosen (`case`), or all of the view (`scope=view`), which asks first. GET shows what
    runs and may be stopped."""
    if request.method == "GET":
        bulks = running_for(request.user)[: RUNNING_SHOWN + 1]
        return render(request, "desk/bulk_running.html", {"bulks": bulks, "most": RUNNING_SHOWN})
    form = BulkForm(request.user, request.POST)
    state = _state(request)
    back = f"{reverse('queue')}?{state}"
    if not form.is_valid():
        messages.error(request, form.first_error)
        return redirect(back)
    if sent := request.user.bulks.filter(token=form.cleaned_data["token"] or uuid4()).first():
        messages.info(request, "You’ve already sent this. Here’s the result.")
        return redirect("bulk", sent.pk)
    whole = request.POST.get("scope") == "view"
    numbers = _numbers(_view(request, state) if whole else _chosen(request))
    if form.cleaned_data["change"] == WRITES_REPLY:
        return bulk_reply.show(request, ManyRepliesForm(), numbers)
    if whole and (not numbers or len(numbers) > bulk.MOST or _seen(request) != {*numbers}):
        context = _confirmation(form, numbers, _seen(request)) | {"query": state, "back": back}
        return render(request, "desk/bulk_confirm.html", context)
    found = bulk.start(by=request.user, **form.chosen(), cases=numbers)
    page = reverse("bulk", args=[found.pk])
    if whole:
        return redirect(page)
    count = found.items.count()
    cases_are = "1 case is" if count == 1 else f"{count:,} cases are"
    messages.success(request, format_html('{} being changed. <a href="{}">Progress</a>', cases_are, page))
    return redirect(back)


def _state(request: AgentRequest) -> str:
    """What the queue was narrowed to. Cut short it would be another view, of more cases."""
    query = request.POST.get("query", "")
    if len(query) > LONGEST_QUERY:
        raise Refused("This view’s search is too long. Shorten it. Nothing was changed.")
    return QueryDict(query).urlencode()


def _chosen(request: AgentRequest) -> Any:
    numbers = {number for text in request.POST.getlist("case") if (number := whole_number(text))}
    return Case.objects.visible_to(request.user).filter(number__in=numbers)


def _view(request: AgentRequest, state: str) -> Any:
    """The cases of the view that the address shows, from its first page to its last."""
    form = QueueFilter(dict(parse_qsl(state)))
    if left_out(form, "The queue", beside=PLACES):
        raise Refused("That view has changed. Open it again.")
    return queue.narrowed(request.user, form.cleaned_data)


def _numbers(cases: Any) -> list[int]:
    """One more than are allowed at most, so that too many are told from just enough."""
    return list(cases.order_by().values_list("number", flat=True)[: bulk.MOST + 1])


def _seen(request: AgentRequest) -> set[int] | None:
    """The cases that were confirmed, by number, or None before the agent was asked."""
    if "confirmed" not in request.POST:
        return None
    return {number for text in request.POST["confirmed"].split() if (number := whole_number(text))}


def _confirmation(form: BulkForm, numbers: list[int], seen: set[int] | None) -> dict[str, Any]:
    return {
        "form": form,
        "change": form.chosen(),
        "numbers": numbers,
        "count": len(numbers),
        "too_many": len(numbers) > bulk.MOST,
        "most": bulk.MOST,
        "came": seen is not None and len({*numbers} - seen),
        "left": seen is not None and len(seen - {*numbers}),
    }


@agents_only
@require_GET
def bulk_detail(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bulks_for(request.user), pk=pk)
    items = items_for(request.user, found.items.all())
    tally = items.aggregate(
        total=Count("pk"), done=Count("pk", Q(done_at__isnull=False)), refused=Count("pk", ~Q(refused=""))
    )
    running = (tally["done"] < tally["total"] or not found.is_listed) and not found.stopped
    refusals = items.exclude(refused="").order_by("case")[:REFUSALS_SHOWN]
    incident = Incident.objects.filter(events__bulk=found).first()
    context = {"bulk": found, "incident": incident, "running": running, "refusals": refusals, **tally}
    return render(request, "desk/bulk.html", context)


@agents_only
@require_POST
def bulk_stop(request: AgentRequest, pk: int) -> HttpResponse:
    bulk.stop(get_object_or_404(bulks_for(request.user), pk=pk), by=request.user)
    return redirect("bulk", pk)
