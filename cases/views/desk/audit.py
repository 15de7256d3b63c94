"""The audit log, for administrators."""

from itertools import chain
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import AgentRequest, Right, for_those_who_may
from cases.actions import audit
from cases.forms.audit import AuditFilter
from cases.forms.filters import no_filters
from cases.models import AuditEntry, AuditKind
from cases.models.people import agents
from cases.queries.audit import every, page
from cases.text.numbers import whole_number
from cases.text.spreadsheets import lines_of
from cases.wording.audit import deed, who

COLUMNS = (
    "Time", "What", "Who", "Address of who", "About", "Address of about", "Case", "In words", "Times", "Network address",
    "Browser",
)  # fmt: skip


readers_only = for_those_who_may(Right.READ_AUDIT_LOG, "The audit log is for administrators and auditors.")


@readers_only
@require_GET
def audit_log(request: AgentRequest) -> HttpResponse:
    form = AuditFilter(request.GET)
    form.full_clean()
    before = whole_number(request.GET.get("before", ""))
    found = page(form.wanted, before=before)
    context: dict[str, Any] = {"form": form, "page": found, "agents": agents(), "later": before}
    context |= {"narrowed": form.words, "complaints": _unknown(form)}
    return render(request, "desk/audit.html", context)


@readers_only
@require_GET
def audit_table(request: AgentRequest) -> HttpResponse:
    """What is filtered as CSV, sent as it is read."""
    form = AuditFilter(request.GET)
    complaints = _unknown(form)
    if not form.is_valid() or complaints:
        context = {"form": form, "agents": agents(), "complaints": complaints}
        return render(request, "desk/audit.html", context, status=422)
    audit.record(AuditKind.EXPORTED, by=request.user, what="the audit log", filter=form.words)
    response: Any = StreamingHttpResponse(
        lines_of(chain([COLUMNS], map(_cells, every(form.wanted)))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _unknown(form: AuditFilter) -> list[str]:
    """What the address asks for besides its filters. What is wrong with one of these is said beside it."""
    return no_filters(form, "The log", beside=["before"])


def _cells(entry: AuditEntry) -> tuple[object, ...]:
    by, about = entry.by, entry.about
    return (
        entry.at.isoformat(), AuditKind(entry.kind).label, who(entry), by.email if by else "", about or "",
        about.email if about else "", entry.case_id or "", f"{who(entry)} {deed(entry)}", entry.times,
        entry.address or "", entry.browser,
    )  # fmt: skip
