"""What the radar finds among the cases: which of them are alike, and what is suggested to the agents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cases.models import (
    Case,
    Incident,
    Status,
    SuggestedCase,
    Suggestion,
    System,
    User,
)
from cases.models.incident import OPEN_STAGES
from cases.radar import Group, Reading, groups, likeness, read
from cases.radar.reading import LONGEST, MOST_MESSAGES

MOST = 500  # cases that a new one is compared with
EVER = datetime.min.replace(tzinfo=UTC)

# The newest cases of a system and what the radar reads of what their customers wrote, in one question whose cost is
# bounded by MOST.
REPORTS = """
    SELECT number, reference, system_id, left(summary, %(longest)s),
        coalesce(customer_id::text, nullif(upper(claimed_email), ''), (-number)::text), incident_id, said.messages
    FROM (
        SELECT number, reference, system_id, summary, customer_id, claimed_email, incident_id, opened_at FROM cases_case
        WHERE {which}
        ORDER BY opened_at DESC LIMIT %(most)s
    ) AS newest
    CROSS JOIN LATERAL (
        SELECT array_agg(left(body, %(longest)s) ORDER BY sequence) AS messages FROM (
            SELECT body, sequence FROM cases_event
            WHERE case_id = number AND kind = 'reply' AND role = 'customer' AND at <= %(at)s
            ORDER BY sequence LIMIT %(messages)s
        ) AS first
    ) AS said
    WHERE opened_at BETWEEN %(since)s AND %(at)s
"""
LATELY = "opened_at BETWEEN %(since)s AND %(at)s AND merged_into_id IS NULL AND NOT spam AND system_id = %(system)s"
NAMED = "reference = ANY(%(references)s)"
NUMBERED = "number = ANY(%(numbers)s::bigint[])"
OF_INCIDENT = "incident_id = ANY(%(incidents)s::bigint[])"


@dataclass(frozen=True)
class Report:
    """A case as the radar sees it. `customer` is a key: an account, the address that a visitor typed, or one of its own
    where nobody knows whose the case is."""

    number: int
    reference: str
    system: int
    customer: str
    incident: int | None
    reading: Reading


def window() -> timedelta:
    return timedelta(minutes=settings.RADAR_MINUTES)


def reports(system: int, at: datetime, length: timedelta, most: int | None = MOST) -> list[Report]:
    """The newest cases of a system that were opened within `length` before `at`, as they read by then."""
    return _reports(LATELY, at, at - length, system=system, most=most)


def reports_of(incidents: Iterable[int], at: datetime) -> list[Report]:
    """The cases of some incidents, whenever they were opened."""
    return _reports(OF_INCIDENT, at, EVER, incidents=list(incidents))


def reports_named(references: Iterable[str]) -> list[Report]:
    """The cases with these Case IDs, as they read today."""
    wanted = {form for reference in references for form in (reference, reference.lower())}
    return _reports(NAMED, timezone.now(), EVER, references=list(wanted), most=None)


def readings_of(cases: Iterable[Case]) -> list[Reading]:
    """What these cases say, as they read today."""
    numbers = [case.number for case in cases]
    return [report.reading for report in _reports(NUMBERED, timezone.now(), EVER, numbers=numbers, most=None)]


def _reports(which: str, at: datetime, since: datetime, **values: Any) -> list[Report]:
    with connection.cursor() as cursor:
        cursor.execute(
            REPORTS.format(which=which),
            {
                "at": at,
                "since": since,
                "most": MOST,
                "messages": MOST_MESSAGES,
                "longest": LONGEST,
                **values,
            },
        )
        return [
            Report(number, reference, system, customer, incident, read(summary, messages or ()))
            for number, reference, system, summary, customer, incident, messages in cursor.fetchall()
        ]


def outages(found: Sequence[Report]) -> list[Group[int]]:
    """The groups of reports that are one outage: those of two customers or more."""
    customers = {report.number: report.customer for report in found}
    grouped = groups({report.number: report.reading for report in found})
    return [group for group in grouped if len({customers[number] for number in group.members}) > 1]


@dataclass(frozen=True)
class Fit:
    """How well a report fits to others: the average likeness, and the words of the best."""

    score: float
    matched: list[str]


def fit(report: Report, others: Sequence[Report]) -> Fit:
    alike = [likeness(report.reading, other.reading) for other in others]
    best = max(alike, key=lambda one: one.score)
    return Fit(sum(one.score for one in alike) / len(alike), best.matched)


# What can still become part of an incident.
FREE = Q(case__incident=None, case__merged_into=None) & ~Q(case__status=Status.CLOSED)


def shown(agent: User, case: int | None = None) -> QuerySet[Suggestion]:
    """The suggestions that wait for this agent's decision, all or those that hold a case, the newest first."""
    members = SuggestedCase.objects.filter(FREE, suggestion=OuterRef("pk"), removed=False).order_by()
    size = Subquery(members.values("suggestion").annotate(size=Count("pk")).values("size"))
    suggestions = Suggestion.objects.visible_to(agent).filter(state=Suggestion.State.OPEN).annotate(size=size)
    suggestions = suggestions.filter(
        Q(incident=None, size__gte=2) | Q(incident__status__in=OPEN_STAGES, size__gte=1)
    )
    if case:
        suggestions = suggestions.filter(Exists(members.filter(case=case)))
    return suggestions.select_related("system", "incident").order_by("-made_at")


def cases_of(suggestion: Suggestion) -> QuerySet[Case]:
    """The cases that a suggestion still holds, the oldest first."""
    members = suggestion.members.filter(removed=False)
    if suggestion.state == Suggestion.State.OPEN:
        members = members.filter(FREE)
    return (
        Case.objects.filter(pk__in=members.values("case"))
        .select_related("customer", "organisation", "system")
        .order_by("number")
    )


def open_incidents(system: System | int) -> QuerySet[Incident]:
    return Incident.objects.open().filter(system=system).annotate(size=Count("cases"))
