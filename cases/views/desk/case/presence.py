"""Who else has a case open on the desk."""

from datetime import timedelta

from django.db.models import F, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions.drafts import SILENCE
from cases.live.readers import EXPIRY
from cases.models import Case, Draft, Presence, User

MOST = 4  # named


@agents_only
@require_GET
def people(request: AgentRequest, number: int) -> HttpResponse:
    """The other agents in the case, first those who write."""
    case = get_case_or_404(request.user, number)
    found = list(readers_of(case).exclude(pk=request.user.pk))
    return render(request, "desk/people.html", {"people": found[:MOST], "more": len(found[MOST:])})


def readers_of(case: Case) -> QuerySet[User]:
    """The agents who have the case open, each with the kind of draft that they are `writing`, if any."""
    now = timezone.now()
    present = Presence.objects.filter(case=case, seen_at__gt=now - timedelta(seconds=EXPIRY))
    drafts = Draft.objects.filter(agent=OuterRef("pk"), case=case, at__gt=now - SILENCE)
    writing = drafts.order_by("-at").values("kind")[:1]
    readers = User.objects.select_related(None).filter(pk__in=present.values("agent"))
    return readers.annotate(writing=writing).order_by(F("writing").asc(nulls_last=True), "name", "pk")
