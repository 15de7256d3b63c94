"""The browser that asks to be told while no page of ours is open in it."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest, agents_only
from cases.actions import push
from cases.models import Refused


@agents_only
@require_http_methods(["GET", "POST"])
def push_device(request: AgentRequest) -> HttpResponse:
    """GET: the key to subscribe with. POST: what the browser's subscription says, or with `ends` that it is over."""
    if request.method == "GET":
        return JsonResponse({"key": push.public_key()})
    given = request.POST
    if "ends" in given:
        push.unsubscribe(given.get("endpoint", ""), by=request.user)
        return HttpResponse(status=204)
    try:
        push.subscribe(
            by=request.user,
            session=request.session.session_key or "",
            endpoint=given.get("endpoint", ""),
            p256dh=given.get("p256dh", ""),
            auth=given.get("auth", ""),
            summary=given.get("summary") == "on",
        )
    except Refused as refused:
        return JsonResponse({"refused": str(refused)}, status=422)
    return HttpResponse(status=204)
