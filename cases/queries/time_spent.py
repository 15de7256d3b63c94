"""How long agents worked on cases, over some days. What is counted is found by an index."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum

from cases.models import TimeSpent, User

from .statistics import MODELS


class Worked(NamedTuple):
    """What one agent, team or system spent."""

    name: str
    cases: int
    minutes: int


def worked(agent: User, start: datetime, end: datetime, by: str) -> list[Worked]:
    """The time spent in the cases that the agent sees, the most first."""
    sums = _spent(agent, start, end).values(by).annotate(n=Count("case", distinct=True), sum=Sum("minutes"))
    found = list(sums.order_by())
    named = MODELS[by].objects.in_bulk([row[by] for row in found if row[by]])
    lines = [Worked(str(named.get(row[by], f"No {by}")), row["n"], row["sum"]) for row in found]
    return sorted(lines, key=lambda line: (-line.minutes, line.name.casefold()))


def worked_by_case(agent: User, start: datetime, end: datetime) -> list[tuple[str, int, str, str, int]]:
    """A line for each agent and case: agent, number, summary, team, minutes."""
    columns = ("agent__name", "case", "case__summary", "team__name")
    sums = (
        _spent(agent, start, end)
        .values(*columns)
        .annotate(sum=Sum("minutes"))
        .order_by("agent__name", "case")
    )
    return [
        (row["agent__name"], row["case"], row["case__summary"], row["team__name"] or "", row["sum"])
        for row in sums
    ]


def _spent(agent: User, start: datetime, end: datetime) -> QuerySet[TimeSpent]:
    spent = TimeSpent.objects.filter(at__gte=start, at__lt=end, case__spam=False)
    return spent.filter(agent.limit.within("case__")) if agent.limit else spent
