"""What nobody needs help with: out of the queue and of all figures, and back as it was."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.live.nudge import notices_topic, nudge
from cases.models import (
    YES,
    Answer,
    Case,
    Event,
    Kind,
    Notification,
    Refused,
    Status,
    ToMail,
    User,
    WaitingOn,
)

from .events import now, record
from .open_requests import wait_anew
from .resolution import unanswered

APART = "Separate the two before you mark one as spam."
TIMES = ("resolved_at", "snoozed_until", "promised_at", "waiting_since", "closes_at")


def may_mark(case: Case) -> Answer:
    """Whether it may be marked as spam: unless others hang on it."""
    if case.merged_into_id:
        return Answer(f"Case {case.number} goes on in case {case.merged_into_id}. {APART}")
    if case.incident_id:
        return Answer(
            f"Case {case.number} belongs to incident {case.incident_id}. Take it out of that one first."
        )
    return Answer(f"Case {case.number} is already marked as spam.") if case.spam else YES


@transaction.atomic
def mark(case: Case, *, by: User) -> Event | None:
    """Close it as something that nobody answers. Nobody is mailed, and its customer only finds it closed.

    Returns None when it is marked already. Raises Refused where it was merged or belongs to an incident.
    """
    case = case.locked()
    if case.spam:
        return None
    may_mark(case).check()
    if part := case.merged.order_by("number").first():
        raise Refused(f"Case {part.number} goes on in case {case.number}. {APART}")
    event = record(
        case,
        Kind.SPAM,
        by=by,
        turn=WaitingOn.NOBODY,
        spam=True,
        status=Status.CLOSED,
        resolved_at=case.resolved_at or now(),
    )
    _take_notices_back(case)
    app.configure_task("cases.tasks.judge_case").defer(case=case.pk)  # which takes it out of the radar
    return event


def _take_notices_back(case: Case) -> None:
    """What agents were told of it is read, and what they were to be mailed is not."""
    ToMail.objects.filter(event__case=case).delete()
    notices = Notification.objects.filter(event__case=case, read_at=None)
    agents = set(notices.values_list("agent", flat=True))
    notices.update(read_at=timezone.now())
    nudge(*map(notices_topic, agents))


@transaction.atomic
def unmark(case: Case, *, by: User) -> Event | None:
    """It is no spam: it stands again as it did, with what was promised and asked for. Returns None when it is unmarked."""
    case = case.locked()
    if not case.spam:
        return None
    marked = case.events.filter(kind=Kind.SPAM).latest("sequence")
    before = {field: old for field, (old, _) in marked.changes.items()}
    for field in TIMES:
        if before.get(field):
            before[field] = datetime.fromisoformat(before[field])
    _begin_again(case, marked.at)
    if (closes_at := before.get("closes_at")) and closes_at < now():
        before["closes_at"] = unanswered(now()) if before["status"] == Status.RESOLVED else None
    event = record(case, Kind.UNSPAM, by=by, **before)
    app.configure_task("cases.tasks.judge_case").defer(case=case.pk)
    return event


def _begin_again(case: Case, ended_at: datetime) -> None:
    """Let run again what the mark ended. What nobody was told is overdue gets another look."""
    rows: list[Any] = [case.promises, case.requests, case.escalations]
    told = set(case.events.filter(kind=Kind.BROKEN).values_list("details__due_at", flat=True))
    for row in [row for found in rows for row in found.filter(ended_at=ended_at)]:
        row.ended_at = None
        if row.broken_at and row.broken_at.isoformat() not in told:
            row.broken_at = None
        if hasattr(row, "outcome"):
            row.outcome = ""
        row.set_due(row.due_at, now())
        row.save()
    if case.requests.filter(ended_at=None).exists():
        wait_anew(case, now())
