from django.db import models
from django.db.models import Q
from django.utils import timezone

from .case import Case
from .deadline import Deadline
from .event import Event
from .people import User
from .team import Team


class Escalation(Deadline):
    """A question to a team, engineers for instance, while the case keeps its owner."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="escalations", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    asked_in = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)
    answered = models.BooleanField(default=False)

    class Meta(Deadline.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_escalation_at_a_time"
            )
        ]
        indexes = [
            *Deadline.Meta.indexes,
            models.Index(
                fields=["team", "due_at"], condition=Q(ended_at__isnull=True), name="escalations_of_team"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.case_id} to {self.team}"
