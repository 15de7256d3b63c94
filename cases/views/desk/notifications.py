"""What an agent follows, and what they are told of."""

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import notifications
from cases.models import Notification, User
from cases.models.people import agents
from cases.models.preferences import is_quiet_for
from cases.text.mentions import completions
from cases.text.numbers import whole_number
from cases.wording import notices

PAGE = 50
EXCERPT = 300  # characters of a message
IN_MENU = 7
MOST_SPOKEN = 3  # more than that is one notification with a number


@agents_only
@require_GET
def notices_page(request: AgentRequest) -> HttpResponse:
    """What this agent was told, newest first."""
    theirs = _newest(request.user)
    if before := whole_number(request.GET.get("before", "")):
        theirs = theirs.filter(pk__lt=before)
    found = list(theirs.annotate(excerpt=Left("event__body", EXCERPT))[: PAGE + 1])
    shown = found[:PAGE]
    earlier = shown[-1].pk if len(found) > PAGE else None
    return render(
        request, "desk/notifications.html", {"notices": shown, "earlier": earlier, "before": before}
    )


def _newest(agent: User) -> QuerySet[Notification]:
    theirs: QuerySet[Notification] = Notification.objects.visible_to(agent)
    return theirs.select_related("event__case__system", "event__author").defer("event__body").order_by("-pk")


@agents_only
@require_GET
def notices_count(request: AgentRequest) -> HttpResponse:
    """The bell's number, and its menu while that is open. What happens in the case that the page shows is read as it comes."""
    if number := whole_number(request.GET.get("case", "")):
        notifications.read(get_case_or_404(request.user, number), by=request.user)
    return _bell(request, is_open="open" in request.GET)


def _bell(request: AgentRequest, *, is_open: bool) -> HttpResponse:
    context = {"newest": _newest(request.user)[:IN_MENU], "open": is_open}
    return render(request, "desk/bell_told.html", context)


@agents_only
@require_GET
def notices_news(request: AgentRequest) -> JsonResponse:
    """What a device says aloud: what came after the notice up to which it has spoken, and nobody has read yet. In quiet
    hours, and the first time that it asks, that is nothing."""
    theirs = _newest(request.user)
    newest, spoken = (
        theirs.values_list("pk", flat=True).first() or 0,
        whole_number(request.GET.get("after", "")),
    )
    found: list[Notification] = []
    if spoken is not None and newest > spoken and not is_quiet_for(request.user):
        found = list(theirs.filter(pk__gt=spoken, read_at=None)[: MOST_SPOKEN + 1])
    summary = request.GET.get("summary") == "on"
    said = [notices.brief(one.event, one.why, summary=summary) for one in reversed(found)]
    if len(found) > MOST_SPOKEN:
        said = [notices.several(request.user.unread)]
    return JsonResponse({"newest": newest, "news": said})


@agents_only
@require_POST
def notices_reading(request: AgentRequest) -> HttpResponse:
    notifications.read(by=request.user)
    return _bell(request, is_open=True) if request.htmx else redirect("notices")


@agents_only
@require_GET
def agent_list(request: AgentRequest) -> HttpResponse:
    """The agents whom a name that is being typed may mean, of those who see the case."""
    number = whole_number(request.GET.get("case", ""))
    case = get_case_or_404(request.user, number) if number else None
    found = completions(request.GET.get("q", ""), agents(case))
    return render(request, "desk/agents.html", {"found": found})
