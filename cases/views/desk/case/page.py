"""The agents' side: one case."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, desk_only, get_case_or_404
from cases.actions import notifications, read_receipts
from cases.views.desk.case.sidebar import sidebar
from cases.views.desk.queue import place_in
from cases.views.desk.queue_beside import beside
from cases.views.timeline import conversation_page, incident_shown, shows_another, tick, timeline

from .composer_forms import composers, filled, latest


@desk_only
@require_GET
def case_detail(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    if request.user.unread:
        notifications.read(case, by=request.user)
    read_receipts.opened(case, by=request.user)
    context = timeline(request, case) | composers(request.user, case) | sidebar(request, case)
    context["place"] = place_in(QueryDict(request.COOKIES.get("queue", "")), case)
    context["beside"] = beside(request, case)
    if request.user.is_agent:
        context |= latest(request.user, context["drafts"], request.GET.get("draft"))
        context |= filled(request, case, context)
    return render(request, "desk/case/page.html", context)


@desk_only
@require_GET
def case_live(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    shown = incident_shown(case.incident)
    if request.GET.get("after") == str(case.last_sequence) and not shows_another(request, shown):
        return HttpResponse(status=204)
    read_receipts.opened(case, by=request.user)
    return tick(request, case, "desk/case/tick.html", composers(request.user, case) | sidebar(request, case))


@desk_only
@require_GET
def whole_conversation(request: AgentRequest, number: int) -> HttpResponse:
    return conversation_page(request, number)
