from django.db import models

from .case import Case
from .people import User


class Follow(models.Model):
    """An agent who wants to hear of whatever happens in a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="follows", db_index=False)
    agent = models.ForeignKey(User, models.CASCADE, related_name="follows")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "agent"], name="follows_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} follows #{self.case_id}"
