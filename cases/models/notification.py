"""What an agent is told of on the desk."""

from typing import Self

from django.db import models

from .event import Event
from .people import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, agent: User) -> Self:
        """What this agent was told, without what lies beyond their limit by now."""
        told = self.filter(agent=agent)
        return told.filter(agent.limit.within("event__case__")) if agent.limit else told


class Notification(models.Model):
    """Something that an agent is told of on the desk: an event, and why it concerns them."""

    class Why(models.TextChoices):
        MENTIONED = "mentioned", "mentioned you"
        ASSIGNED = "assigned", "assigned a case to you"
        FOLLOWED = "followed", "in a case you follow"
        WARNED = "warned", "soon due"
        BROKEN = "broken", "overdue"
        ESCALATED = "escalated", "escalated to your team"
        ANSWERED = "answered", "answered an escalation"

    agent = models.ForeignKey(User, models.CASCADE, related_name="notices", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="notices", db_index=False)
    why = models.CharField(max_length=9, choices=Why)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "agent"], name="told_once")]
        indexes = [
            models.Index(fields=["agent", "-id"], name="notices_of_agent"),
            models.Index(fields=["agent"], condition=models.Q(read_at__isnull=True), name="notices_not_read"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id}: {self.why} in event {self.event_id}"
