"""What the details of a case offer beyond its menus: tags, times, links, handing over."""

from functools import cache, partial
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from cases.access import AgentRequest
from cases.actions.escalations import may_answer
from cases.forms import (
    AnswerForm,
    EscalationForm,
    HandoverForm,
    moments,
    offered,
)
from cases.models import Area, Case, Escalation, InCopy, Link, Priority, Promise, SecretAnswer, Severity, Team
from cases.models.choices import ACTIVE
from cases.models.rights import Right
from cases.views.timeline import incident_shown
from cases.wording.clocks import lines_of

from .waiting import waiting_in

MOST_LINKED = 50


def relations_of(request: AgentRequest, case: Case) -> dict[str, Any]:
    """Fetched only where it is shown: hence functions."""
    beside = cache(partial(_rare, case))
    return {
        "due_presets": lambda: moments.offered(moments.DUE),
        "running": lambda: [one for one in case.open_promises if one.outcome == Promise.Outcome.RUNNING],
        "proposed": lambda: [one for one in case.open_promises if one.outcome == Promise.Outcome.PROPOSED],
        "snooze_presets": lambda: moments.offered(moments.SNOOZE),
        "linked": lambda: _linked(request, case),
        "secrets": lambda: _secrets(request, case, beside()),
        "in_copy": lambda: list(InCopy.objects.now().filter(case=case)) if beside()[1] else [],
        "outgoing": lambda: waiting_in(request.user, case) if beside()[2] else [],
        "clock_lines": lambda: lines_of(case),
        "handover": HandoverForm(),
    }


RARE = """
    SELECT EXISTS (
        SELECT FROM cases_request JOIN cases_secretanswer ON request_id = cases_request.id
        WHERE case_id = %(case)s OR case_id IN (SELECT number FROM cases_case WHERE merged_into_id = %(case)s)
    ), EXISTS (SELECT FROM cases_incopy WHERE case_id = %(case)s AND removed_at IS NULL),
    EXISTS (SELECT FROM cases_outgoing WHERE case_id = %(case)s)
"""


def _rare(case: Case) -> tuple[bool, bool, bool]:
    """Whether anything was given as a secret, anybody is in copy, and anything sent has not left yet."""
    with connection.cursor() as cursor:  # in plain SQL, since every page of a case asks, and few have any
        cursor.execute(RARE, {"case": case.pk})
        secret, in_copy, waits = cursor.fetchone()
        return secret, in_copy, waits


def _secrets(request: AgentRequest, case: Case, rare: tuple[bool, bool, bool]) -> list[SecretAnswer]:
    """What was given as a secret, here and in the cases that go on here."""
    if not (rare[0] and request.user.may(Right.SEE_SECRETS)):
        return []
    here = Q(request__case=case.pk) | Q(request__case__merged_into=case.pk)
    return list(
        SecretAnswer.objects.filter(here).select_related("request").defer("sealed").order_by("given_at")
    )


def escalation_of(request: AgentRequest, case: Case) -> dict[str, Any]:
    """What a team is asked in this case, and the forms that ask it and that answer."""
    return {
        "escalation": lambda: _escalation(request, case) if may_answer(case) else None,
        "escalating": EscalationForm(),
        "answering": AnswerForm(),
    }


def _escalation(request: AgentRequest, case: Case) -> Escalation | None:
    """What is asked, and whether the team is `ours`."""
    member = Team.members.through.objects.filter(team=OuterRef("team"), user=request.user.pk)
    running = case.escalations.filter(ended_at=None).annotate(ours=Exists(member))
    return running.select_related("team", "by", "asked_in").first()


def _linked(request: AgentRequest, case: Case) -> list[Case]:
    upwards = Link.objects.filter(first=case).values_list("second", flat=True)
    numbers = upwards.union(Link.objects.filter(second=case).values_list("first", flat=True))
    linked = Case.objects.visible_to(request.user).filter(number__in=numbers)
    return list(linked.order_by("number")[: MOST_LINKED + 1])


OTHER_CASES = 8


def sidebar(request: AgentRequest, case: Case) -> dict[str, Any]:
    """What the details offer. A tick that does not show them does not fetch it: hence the lambdas."""
    others = Case.objects.visible_to(request.user).filter(customer=case.customer_id, customer__isnull=False)
    if request.user.limit:  # and so may count nobody in cases that they do not see
        case.customers_hit = Case.objects.visible_to(request.user).customers_hit(case.incident_id)
    menus = cache(partial(offered, case))
    context = {
        "incident_shown": incident_shown(case.incident),
        "status_choices": [(status, status.label) for status in ACTIVE],
        "assignee_choices": lambda: [("", "Nobody"), *menus()["agent"]],
        "team_choices": lambda: [("", "No team"), *menus()["team"]],
        "escalation_choices": lambda: [("", "Choose…"), *menus()["team"]],
        "handover_choices": lambda: {
            "Agents": [(f"agent={pk}", name) for pk, name in menus()["agent"] if pk != str(request.user.pk)],
            "Teams": [(f"team={pk}", name) for pk, name in menus()["team"]],
        },
        "severity_choices": Severity.choices,
        "priority_choices": [(None, "Not decided"), *Priority.choices],
        "area_choices": [("", "Not known"), *Area.choices],
        "reads": case.number,  # for the bell: what this page shows needs no notice
        "followers": lambda: [follow.agent for follow in case.follows.select_related("agent").order_by("pk")],
        "others": others.exclude(pk=case.pk)
        .filter(spam=False)
        .order_by("-last_public_at")[: OTHER_CASES + 1],
    }
    return context | relations_of(request, case) | escalation_of(request, case)
