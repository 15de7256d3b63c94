from django.db import models

from .case import Case
from .event import Event
from .people import User
from .system import System
from .team import Team


class TimeSpent(models.Model):
    """How long somebody worked on a case, as they say. A correction is a further row, which takes minutes away."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="time_spent")
    minutes = models.IntegerField()
    at = models.DateTimeField()
    agent = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    system = models.ForeignKey(System, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["at"],
                include=["minutes", "agent", "team", "system", "case"],
                name="time_spent_by_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min in #{self.case_id}"
