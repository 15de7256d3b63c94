from datetime import timedelta

from django.db import models

from .case import Case
from .people import User

SILENCE = timedelta(seconds=60)  # after which an agent who has kept nothing writes no more, as others see it


class Draft(models.Model):
    """What an agent has begun to write in a composer of a case: `fields` as its form holds them.

    `version` grows with each save, so that a second tab that holds an older one is told.
    """

    class Kind(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"
        RESOLVE = "resolve"

    agent = models.ForeignKey(User, models.CASCADE, related_name="drafts", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=7, choices=Kind)
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "case", "kind"], name="one_draft_per_composer")
        ]

    def __str__(self) -> str:
        return f"{self.kind} in #{self.case_id} by {self.agent_id}"
