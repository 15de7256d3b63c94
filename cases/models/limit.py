from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from .case import Case


class Limit(models.Model):
    """Which cases some people of the desk see: those of some systems, or those of some teams. No other is there for them.

    The numbers stand in arrays, which come with the person: who is limited costs no query more. What is deleted takes
    nobody's limit away. See docs/decisions/limits.md.
    """

    name = models.CharField(max_length=80, unique=True)
    systems = ArrayField(models.BigIntegerField(), default=list, blank=True)
    teams = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(systems=[]) | Q(teams=[])) & ~Q(systems=[], teams=[]),
                name="limit_is_to_systems_or_teams",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def within(self, case: str = "") -> Q:
        """What lies within it, as a filter of cases, or of what belongs to one: `case__`."""
        if self.systems:
            return Q(**{f"{case}system__in": self.systems})
        # A team sees what it works on, and what it is asked about.
        return Q(**{f"{case}team__in": self.teams}) | Q(**{f"{case}escalated_to__in": self.teams})

    def holds(self, case: "Case") -> bool:
        return case.system_id in self.systems or bool({case.team_id, case.escalated_to_id} & {*self.teams})


def that_holds(case: "Case") -> Q:
    """People who are not limited, or whose limit holds the case."""
    teams = [pk for pk in (case.team_id, case.escalated_to_id) if pk]
    return (
        Q(limit=None) | Q(limit__systems__contains=[case.system_id]) | Q(limit__teams__overlap=teams or [0])
    )
