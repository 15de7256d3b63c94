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
from cases.forms.filters import left_out
from cases.forms.statistics import PERIODS, ReportFilter
from cases.models import AuditKind, User
from cases.queries.statistics import GROUPS, Section, report
from cases.queries.time_spent import worked, worked_by_case
from cases.text.spreadsheets import lines_of


@desk_only
@require_GET
def reports(request: AgentRequest) -> HttpResponse:
    return _page(request, *_asked(request))


@for_those_who_may(Right.EXPORT, "Files are for those who may export.")
@require_GET
def table(request: AgentRequest, name: str) -> HttpResponse:
    """One table as CSV."""
    wanted, complaints = _asked(request)
    if complaints:
        return _page(request, wanted, complaints, status=422)
    tables = [table for section in _sections(request.user, **wanted) for table in section.tables]
    found = next((table for table in tables if table.name == name), None)
    if found is None:
        raise Http404
    days = wanted["days"]
    audit.record(AuditKind.EXPORTED, by=request.user, what=f"the figures {name} by {found.by} of {days} days")
    return _csv(f"{name}-by-{found.by}-{days}-days", [found.columns.values(), *found.rows()])


@for_those_who_may(Right.EXPORT, "Files are for those who may export.")
@require_GET
def time_table(request: AgentRequest) -> HttpResponse:
    """The time that each agent spent on each case, as CSV."""
    wanted, complaints = _asked(request)
    if complaints:
        return _page(request, wanted, complaints, status=422)
    days = wanted["days"]
    audit.record(AuditKind.EXPORTED, by=request.user, what=f"the time spent in {days} days")
    rows = worked_by_case(request.user, *_period(days))
    return _csv(f"time-spent-{days}-days", [("Agent", "Case", "Summary", "Team", "Minutes"), *rows])


def _csv(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    response = HttpResponse("".join(lines_of(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _asked(request: AgentRequest) -> tuple[dict[str, str], list[str]]:
    form = ReportFilter(request.GET)
    form.full_clean()
    return form.wanted, left_out(form, "The report")


def _page(
    request: AgentRequest, wanted: dict[str, str], complaints: list[str], status: int = 200
) -> HttpResponse:
    sections = _sections(request.user, **wanted)
    time = worked(request.user, *_period(wanted["days"]), wanted["by"])
    context: dict[str, Any] = {
        "sections": sections,
        "time": time,
        "all_time": sum(line.minutes for line in time),
        "counted": bool(time) or any(table.lines for section in sections for table in section.tables),
        "periods": PERIODS,
        "groups": GROUPS,
        "complaints": complaints,
    }
    return render(request, "desk/statistics.html", context | wanted, status=status)


def _sections(agent: User, days: str, by: str, sort: str) -> list[Section]:
    sections = report(agent, *_period(days), by)
    for section in sections:
        for table in section.tables:
            table.sort(sort)
    return sections


def _period(days: str) -> tuple[datetime, datetime]:
    end = timezone.now()
    return end - timedelta(days=int(days)), end
