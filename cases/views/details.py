"""What the details of a case offer beyond its menus: tags, times, links, handing over."""

from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef

from cases import moments
from cases.access import AgentRequest
from cases.courses import lines_of
from cases.forms import AnswerForm, EscalationForm, HandoverForm
from cases.models import Case, Escalation, Link, Promise, Team
from cases.models.case import QUEUED

RECENT = 200  # of the newest open cases, whose tags are offered
MOST_OFFERED = 100
MOST_LINKED = 50


def relations_of(request: AgentRequest, case: Case) -> dict[str, Any]:
    """Fetched only where it is shown: hence functions."""
    return {
        "due_presets": lambda: moments.offered(moments.DUE),
        "running": lambda: [one for one in case.promised if one.outcome == Promise.Outcome.RUNNING],
        "proposed": lambda: [one for one in case.promised if one.outcome == Promise.Outcome.PROPOSED],
        "snooze_presets": lambda: moments.offered(moments.SNOOZE),
        "linked": lambda: _linked(request, case),
        "clock_lines": lambda: lines_of(case),
        "handover": HandoverForm(),
    }


def escalation_of(request: AgentRequest, case: Case) -> dict[str, Any]:
    """What a team is asked in this case, and the forms that ask it and that answer."""
    return {
        "escalation": lambda: _escalation(request, case) if case.escalated_to_id else None,
        "escalating": EscalationForm(),
        "answering": AnswerForm(),
    }


def _escalation(request: AgentRequest, case: Case) -> Escalation | None:
    """What is asked, and whether the team is `ours`."""
    member = Team.members.through.objects.filter(team=OuterRef("team"), user=request.user.pk)
    running = case.escalations.filter(ended_at=None).annotate(ours=Exists(member))
    return running.select_related("team", "by", "asked_in").first()


def known_tags(request: AgentRequest, case: Case) -> list[str]:
    recent = Case.objects.visible_to(request.user).filter(QUEUED).order_by("-number")
    known = set(chain.from_iterable(recent.values_list("tags", flat=True)[:RECENT]))
    return sorted(known - set(case.tags))[:MOST_OFFERED]


def _linked(request: AgentRequest, case: Case) -> list[Case]:
    upwards = Link.objects.filter(first=case).values_list("second", flat=True)
    numbers = upwards.union(Link.objects.filter(second=case).values_list("first", flat=True))
    linked = Case.objects.visible_to(request.user).filter(number__in=numbers)
    return list(linked.order_by("number")[: MOST_LINKED + 1])
