"""What customers thought of how their cases were handled, in figures."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from cases.models import Rating, System, Team, User


class Figure(NamedTuple):
    """How many found the help of one agent or team, or for one system, good and bad. `of` is None for no one's."""

    of: int | None
    name: str
    good: int
    bad: int

    @property
    def given(self) -> int:
        return self.good + self.bad

    @property
    def share(self) -> int:
        """How many of a hundred were good."""
        return round(100 * self.good / self.given) if self.given else 0


class Ratings(NamedTuple):
    by_agent: list[Figure]
    by_team: list[Figure]
    by_system: list[Figure]

    @property
    def total(self) -> Figure:
        """Every rating is for one system."""
        good = sum(figure.good for figure in self.by_system)
        return Figure(None, "", good, sum(figure.bad for figure in self.by_system))


def ratings(since: datetime, until: datetime) -> Ratings:
    """What was said from `since` until before `until`, the most first. Reads the index of these times alone."""
    given = Rating.objects.filter(at__gte=since, at__lt=until)

    def grouped(by: str, things: QuerySet[Any]) -> list[Figure]:
        good, bad = Count("at", filter=Q(good=True)), Count("at", filter=Q(good=False))
        counted = list(given.values_list(by).annotate(ones=good, others=bad).order_by())
        names = {None: ""} | {
            pk: str(thing) for pk, thing in things.in_bulk([row[0] for row in counted]).items()
        }
        figures = [Figure(pk, names[pk], *counts) for pk, *counts in counted]
        return sorted(figures, key=lambda figure: (-figure.given, figure.of is None, figure.name))

    return Ratings(
        by_agent=grouped("agent", User.objects.all()),
        by_team=grouped("team", Team.objects.all()),
        by_system=grouped("system", System.objects.all()),
    )
