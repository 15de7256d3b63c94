"""What an agent has who is about to leave."""

from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.models import (
    Bulk,
    BulkItem,
    Case,
    Draft,
    Escalation,
    Follow,
    Incident,
    Macro,
    Request,
    SavedView,
    Stage,
    Status,
    Team,
    User,
)


class Holding(NamedTuple):
    """One kind of thing that they have: how many, and what becomes of it."""

    name: str
    many: int
    then: str


CASES = "goes along with its case"


def cases_of(agent: User) -> QuerySet[Case]:
    """What is theirs to do: their cases that are not closed."""
    return Case.objects.filter(assignee=agent.pk).exclude(status=Status.CLOSED)


def running_bulks(agent: User) -> QuerySet[Bulk]:
    """Their changes to many cases that are not done yet."""
    to_do = BulkItem.objects.filter(bulk=OuterRef("pk"), done_at=None)
    return Bulk.objects.filter(Exists(to_do), by=agent, stopped=False)


def open_incidents(agent: User) -> QuerySet[Incident]:
    return Incident.objects.filter(owner=agent).exclude(status=Stage.RESOLVED)


def holdings_of(agent: User) -> list[Holding]:
    """All that they have, of which there is any."""
    asks = Exists(Request.objects.filter(case=OuterRef("pk"), ended_at=None))
    held = cases_of(agent).aggregate(
        cases=Count("pk"),
        promised=Count("pk", Q(promised_at__isnull=False)),
        escalated=Count("pk", Q(escalated_to__isnull=False)),
        asking=Count("pk", Q(asks)),
        snoozed=Count("pk", Q(snoozed_until__isnull=False)),
    )
    asked = Escalation.objects.filter(by=agent, ended_at=None).exclude(case__assignee=agent)
    found = [
        Holding("cases that are not closed", held["cases"], "handed over, each with a line in its history"),
        Holding("promises to customers", held["promised"], CASES),
        Holding("questions to teams", held["escalated"], CASES),
        Holding("requests to customers", held["asking"], CASES),
        Holding("snoozed cases", held["snoozed"], f"{CASES}, asleep as before"),
        Holding("questions to teams in cases of others", asked.count(), "answered to the owner of the case"),
        Holding("drafts", Draft.objects.filter(agent=agent).count(), "kept as below"),
        Holding("views of their own", SavedView.objects.filter(owner=agent).count(), "kept as below"),
        Holding("macros of their own", Macro.objects.filter(owner=agent).count(), "kept as below"),
        Holding("incidents that are not resolved", open_incidents(agent).count(), "handed over"),
        Holding("changes to many cases that still run", running_bulks(agent).count(), "go on to their end"),
        Holding(
            "cases that they follow",
            Follow.objects.filter(agent=agent).count(),
            "followed by whoever takes over",
        ),
        Holding("teams that they lead", Team.objects.filter(lead=agent).count(), "led by whoever takes over"),
        Holding("teams that they are in", agent.teams.count(), "left"),
    ]
    return [one for one in found if one.many]
