"""Who looks at a case, who wants to hear of it, and what they were told."""

from django.db import models

from .case import Case
from .event import Event
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


class Notice(models.Model):
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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "agent"], name="told_once")]
        indexes = [
            models.Index(fields=["agent", "-id"], name="notices_of_agent"),
            models.Index(fields=["agent"], condition=models.Q(read_at__isnull=True), name="notices_not_read"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id}: {self.why} in event {self.event_id}"


class Presence(models.Model):
    """That an agent has a case open before their eyes, as one of the web processes sees it.

    Unlogged and without foreign keys: it is worth a minute, and writing it must hold up nobody.
    """

    pk = models.CompositePrimaryKey("case", "agent", "process")
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    agent = models.ForeignKey(User, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    process = models.UUIDField()
    seen_at = models.DateTimeField(help_text="When the process last said so.")

    def __str__(self) -> str:
        return f"{self.agent_id} reads #{self.case_id}"


class Link(models.Model):
    """Two cases that have to do with each other; `first` has the lower number."""

    first = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="linked_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="link_has_lower_number_first"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.first_id} and #{self.second_id}"
