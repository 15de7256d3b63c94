"""The cases of an incident: how many they are, who was told, who has seen it, who says that it is not fixed yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from cases.models import (
    Bulk,
    BulkItem,
    Case,
    Event,
    Incident,
    IncidentEvent,
    Kind,
    ReadReceipt,
    Role,
    User,
    WaitingOn,
)
from cases.models.choices import ACTIVE
from cases.models.rights import Right

MOST = 50  # shown

# Visitors are told apart by the address that they typed. Other cases that nobody's account stands behind are each a
# customer of their own.
WHOSE = Coalesce(
    Cast("customer_id", TextField()),
    NullIf("claimed_email", Value(""), output_field=TextField()),
    Cast(-F("number"), TextField()),
)
CUSTOMERS = Count(WHOSE, distinct=True)


@dataclass
class Row:
    """One case, and what became of what the incident told last."""

    case: Case
    not_yet: bool = False
    first: bool = False  # whatever its number
    waits: bool = False
    refused: str = ""
    delivered: datetime | None = None
    seen: bool = False


@dataclass
class Sending:
    """How far the last update, or the resolution, has come."""

    event: IncidentEvent
    total: int
    done: int
    refused: int

    @property
    def running(self) -> bool:
        return self.done < self.total and not self.stopped

    @property
    def stopped(self) -> bool:
        return self.event.bulk is not None and self.event.bulk.stopped


def tally(incident: Incident, agent: User) -> dict[str, int]:
    """How many `cases` of how many `customers`, as far as the agent sees them. What goes on in another case is counted
    there."""
    return (
        incident.cases.visible_to(agent)
        .filter(merged_into=None)
        .aggregate(cases=Count("pk"), customers=CUSTOMERS)
    )


def not_yet(incident: Incident, agent: User) -> QuerySet[Case]:
    """The cases that were resolved with the incident and are open again, as their customers say."""
    resolved = incident.events.filter(kind=IncidentEvent.Kind.RESOLVED).order_by("-sequence").first()
    if resolved is None:
        return incident.cases.none()
    back = Event.objects.filter(
        case=OuterRef("pk"), kind__in=[Kind.DECLINED, Kind.REOPENED], role=Role.CUSTOMER, at__gt=resolved.at
    )
    return incident.cases.visible_to(agent).filter(Exists(back), status__in=ACTIVE)


def sending_of(incident: Incident, agent: User) -> Sending | None:
    event = incident.events.exclude(bulk=None).select_related("bulk").order_by("-sequence").first()
    if event is None:
        return None
    counts = items_for(agent, BulkItem.objects.filter(bulk=event.bulk)).aggregate(
        total=Count("pk"), done=Count("pk", Q(done_at__isnull=False)), refused=Count("pk", ~Q(refused=""))
    )
    return Sending(event, **counts)


def bulks_for(agent: User) -> QuerySet[Bulk]:
    """The changes that the agent asked for, or as a lead somebody in their teams, and what incidents tell their cases,
    which is every agent's to stop."""
    seen = Incident.objects.visible_to(agent)
    told = IncidentEvent.objects.filter(bulk=OuterRef("pk"))
    whose = Q(by=agent)
    if agent.may(Right.STOP_OTHERS):
        whose |= Q(by__in=User.objects.filter(Q(teams__members=agent) | Q(teams__lead=agent)).values("pk"))
    return Bulk.objects.filter(whose | Exists(told.filter(incident__in=seen) if agent.limit else told))


def running_for(agent: User) -> QuerySet[Bulk]:
    """Those of them that are not over, the newest first."""
    to_do = BulkItem.objects.filter(bulk=OuterRef("pk"), done_at=None)
    running = bulks_for(agent).filter(Exists(to_do), stopped=False)
    return running.select_related("by").order_by("-pk")


def items_for(agent: User, items: QuerySet[BulkItem]) -> QuerySet[BulkItem]:
    """Those of cases that the agent sees."""
    return items.filter(agent.limit.within("case__")) if agent.limit else items


def rows_of(incident: Incident, sending: Sending | None, agent: User) -> list[Row]:
    """Those that could not be told, those that are not fixed yet, then the others, the newest first: at most MOST."""
    cases = incident.cases.visible_to(agent).select_related("organisation").order_by("-number")
    untold: list[Case] = []
    if sending and sending.refused:
        refused = BulkItem.objects.filter(bulk=sending.event.bulk).exclude(refused="")
        untold = list(cases.filter(pk__in=refused.values("case"))[: MOST // 2])
    back = list(not_yet(incident, agent).select_related("organisation").order_by("-number")[:MOST])
    first = {case.pk: case for case in [*untold, *back][:MOST]}
    others = cases.exclude(pk__in=first)[: MOST - len(first)]
    waiting = {case.pk for case in back}
    rows = [Row(case, not_yet=case.pk in waiting, first=True) for case in first.values()]
    rows += [Row(case) for case in others]
    if sending:
        _say_what_became(rows, sending.event)
    return rows


def page_of(incident: Incident, below: int | None, agent: User) -> list[Row]:
    """All of them, the newest first: those with numbers below this one, one more than are shown."""
    attached = incident.cases.visible_to(agent).select_related("organisation").order_by("-number")
    if below is not None:
        attached = attached.filter(number__lt=below)
    cases = list(attached[: MOST + 1])
    back = set(
        not_yet(incident, agent).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True)
    )
    rows = [Row(case, not_yet=case.pk in back) for case in cases]
    if sending := sending_of(incident, agent):
        _say_what_became(rows, sending.event)
    return rows


def questioned(cases: Iterable[Case]) -> set[int]:
    """The numbers of those of these cases in which an agent, and no update of their incident, spoke last."""
    waiting = [
        case.pk
        for case in cases
        if case.incident_id and case.is_active and case.waiting_on == WaitingOn.CUSTOMER
    ]
    if not waiting:
        return set()
    updates = IncidentEvent.objects.filter(
        incident=OuterRef("case__incident"), kind=IncidentEvent.Kind.UPDATE, token__isnull=False
    )
    replies = Event.objects.filter(case__in=waiting, kind=Kind.REPLY, role=Role.AGENT, public=True)
    last: Any = replies.order_by("case", "-sequence").distinct("case")
    told = ArraySubquery(updates.order_by().values("token"))
    return {
        number
        for number, token, tokens in last.annotate(told=told).values_list("case", "token", "told")
        if token not in {token_in(number, of_update) for of_update in tokens}
    }


def _say_what_became(rows: list[Row], event: IncidentEvent) -> None:
    cases = [row.case.pk for row in rows]
    items = {item.case_id: item for item in BulkItem.objects.filter(bulk=event.bulk, case__in=cases)}
    told = _sequences(event, cases)
    read = dict(ReadReceipt.objects.filter(case__in=cases).values_list("case", "sequence"))
    for row in rows:
        number, item = row.case.pk, items.get(row.case.pk)
        if item is None:
            continue
        row.waits, row.refused = item.done_at is None, item.refused
        if item.done_at and not item.refused:
            row.delivered = item.done_at
            row.seen = number in told and read.get(number, 0) >= told[number]


def _sequences(event: IncidentEvent, cases: list[int]) -> dict[int, int]:
    """Where in each case it was told."""
    events: Any
    if event.kind == IncidentEvent.Kind.RESOLVED:
        newest = Event.objects.filter(case__in=cases, kind=Kind.RESOLVED).order_by("case", "-sequence")
        events = newest.distinct("case")
    else:
        events = Event.objects.filter(
            token__in=[token_in(number, event.token) for number in cases if event.token]
        )
    return dict(events.values_list("case", "sequence"))


def items_beside(case: Case, items: QuerySet[BulkItem]) -> QuerySet[BulkItem]:
    """Those of the `items` that are other cases of the same customer, or of a visitor with the same address."""
    others = items.exclude(case=case)
    if case.customer_id:
        return others.filter(case__customer=case.customer_id)
    return others.exclude(case__claimed_email="").filter(case__claimed_email=case.claimed_email)


def told_beside(event: Event) -> list[int]:
    """The customer's other cases that get what this event tells, when it comes from an update or resolution of the
    case's incident.
    """
    case = event.case
    if event.token is None or case.incident_id is None:
        return []
    sent = IncidentEvent.objects.filter(incident=case.incident_id).exclude(bulk=None)
    bulks = [
        bulk
        for token, bulk in sent.values_list("token", "bulk")
        if token and token_in(case.pk, token) == event.token
    ]
    others = items_beside(case, BulkItem.objects.filter(bulk__in=bulks, refused="", case__merged_into=None))
    return sorted(others.values_list("case", flat=True)) if bulks else []


def token_in(case: int, token: UUID) -> UUID:
    """What the reply in this case is known by that the update with this token becomes."""
    return uuid5(token, str(case))
