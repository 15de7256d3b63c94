from django.db import models
from django.utils import timezone

from .case import Case
from .people import User
from .system import System
from .team import Team


class Rating(models.Model):
    """What the customer thinks of how their case was handled, said once."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="rating")
    good = models.BooleanField()
    word = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    agent = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    system = models.ForeignKey(System, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["at"], include=["good", "agent", "team", "system"], name="ratings_by_time")
        ]

    def __str__(self) -> str:
        return f"{'Good' if self.good else 'Bad'} for #{self.case_id}"
