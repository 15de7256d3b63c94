"""The agents' side: what was kept and what was not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, Right, desk_only, for_those_who_may
from cases.actions import audit
from cases.models import AuditKind, User
from cases.queries.statistics import GROUPS, Section, report
from cases.queries.time_spent import worked, worked_by_case
from cases.text.spreadsheets import lines_of

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days"}
USUAL = "30"


@desk_only
@require_GET
def reports(request: AgentRequest) -> HttpResponse:
    days, by, sort = _wanted(request)
    sections = _sections(request.user, days, by, sort)
    time = worked(request.user, *_period(days), by)
    counted = bool(time) or any(table.lines for section in sections for table in section.tables)
    context = {"sections": sections, "time": time, "counted": counted, "periods": PERIODS, "groups": GROUPS}
    context["all_time"] = sum(line.minutes for line in time)
    return render(request, "desk/statistics.html", context | {"days": days, "by": by, "sort": sort})


@for_those_who_may(Right.EXPORT, "Files are for those who may export.")
@require_GET
def table(request: AgentRequest, name: str) -> HttpResponse:
    """One table as CSV."""
    days, by, sort = _wanted(request)
    tables = [table for section in _sections(request.user, days, by, sort) for table in section.tables]
    found = next((table for table in tables if table.name == name), None)
    if found is None:
        raise Http404
    audit.record(AuditKind.EXPORTED, by=request.user, what=f"the figures {name} by {found.by} of {days} days")
    return _csv(f"{name}-by-{found.by}-{days}-days", [found.columns.values(), *found.rows()])


@for_those_who_may(Right.EXPORT, "Files are for those who may export.")
@require_GET
def time_table(request: AgentRequest) -> HttpResponse:
    """The time that each agent spent on each case, as CSV."""
    days, _, _ = _wanted(request)
    audit.record(AuditKind.EXPORTED, by=request.user, what=f"the time spent in {days} days")
    rows = worked_by_case(request.user, *_period(days))
    return _csv(f"time-spent-{days}-days", [("Agent", "Case", "Summary", "Team", "Minutes"), *rows])


def _csv(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    response = HttpResponse("".join(lines_of(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _wanted(request: AgentRequest) -> tuple[str, str, str]:
    """The period in days, by what to count, and the order. What is not known is the usual."""
    days, by = request.GET.get("days", USUAL), request.GET.get("by", "agent")
    return (
        days if days in PERIODS else USUAL,
        by if by in GROUPS else "agent",
        request.GET.get("sort", "-count")[:20],
    )


def _sections(agent: User, days: str, by: str, sort: str) -> list[Section]:
    sections = report(agent, *_period(days), by)
    for section in sections:
        for table in section.tables:
            table.sort(sort)
    return sections


def _period(days: str) -> tuple[datetime, datetime]:
    end = timezone.now()
    return end - timedelta(days=int(days)), end
