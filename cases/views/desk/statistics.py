"""The agents' side: what was kept and what was not."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, Right, desk_only, for_those_who_may
from cases.actions import audit
from cases.models import AuditKind, User
from cases.queries.statistics import GROUPS, Section, report
from cases.text.spreadsheets import lines_of

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days"}
USUAL = "30"


@desk_only
@require_GET
def reports(request: AgentRequest) -> HttpResponse:
    days, by, sort = _wanted(request)
    sections = _sections(request.user, days, by, sort)
    counted = any(table.lines for section in sections for table in section.tables)
    context = {"sections": sections, "counted": counted, "periods": PERIODS, "groups": GROUPS}
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
    lines = lines_of([found.columns.values(), *found.rows()])
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-by-{found.by}-{days}-days.csv"'
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
    end = timezone.now()
    sections = report(agent, end - timedelta(days=int(days)), end, by)
    for section in sections:
        for table in section.tables:
            table.sort(sort)
    return sections
