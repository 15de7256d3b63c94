from math import ceil

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from .case import Case
from .draft import Draft
from .people import User


class Outgoing(models.Model):
    """What an agent has sent and what has not left yet: for some seconds, or until a time that they chose.

    It is no event, and nobody but the desk knows of it. `said` is what the action takes that says it when it leaves,
    `fields` what the composer held. One that did not leave has no time to leave at, and `held` says why.
    """

    class Kind(models.TextChoices):
        REPLY = "reply"
        RESOLVE = "resolve", "Resolution"
        REOPEN = "reopen", "Reply"

    key = models.UUIDField(primary_key=True, help_text="By which its event is known then.")
    case = models.ForeignKey(Case, models.CASCADE, related_name="outgoing")
    author = models.ForeignKey(User, models.CASCADE, related_name="outgoing")
    kind = models.CharField(max_length=7, choices=Kind)
    composer = models.CharField(max_length=7, choices=Draft.Kind)
    body = models.TextField(blank=True)
    said = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    fields = models.JSONField(default=dict)
    seen = models.PositiveIntegerField(help_text="The last event of the case when it was sent.")
    status = models.CharField(max_length=13, help_text="Of the case then.")
    zone = models.CharField(max_length=60, help_text="In which its times are read.")
    sent_at = models.DateTimeField()
    leaves_at = models.DateTimeField(null=True)
    later = models.BooleanField(default=False, help_text="The time was chosen.")
    held = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(leaves_at__isnull=True) ^ models.Q(held=""),
                name="outgoing_leaves_or_is_held",
            )
        ]
        indexes = [
            models.Index(
                fields=["leaves_at"], condition=models.Q(leaves_at__isnull=False), name="outgoing_by_time"
            )
        ]
        verbose_name_plural = "outgoing"

    def __str__(self) -> str:
        return f"{self.kind} to #{self.case_id} by {self.author_id}"

    @property
    def seconds_left(self) -> int:
        """Until it leaves."""
        left = (self.leaves_at - timezone.now()).total_seconds() if self.leaves_at else 0
        return max(0, ceil(left))
