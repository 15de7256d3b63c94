from django.db import models

from .case import Case
from .people import User


class Seen(models.Model):
    """How far somebody at the desk has read in a case: what the customer sees of it, by the number of the event there."""

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )  # nobody waits for a locked case to read it
    agent = models.ForeignKey(User, models.CASCADE, related_name="+", db_constraint=False)
    sequence = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "agent"], name="seen_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} has read #{self.case_id} to {self.sequence}"
