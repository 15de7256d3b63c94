"""What is due by a time, and acts by itself when the time comes."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

WARNING = timedelta(minutes=30)


class Due(models.IntegerChoices):
    """What a case owes by its due time."""

    PROMISE = 1, "promised"
    FIRST_RESPONSE = 2, "first response"
    NEXT_UPDATE = 3, "next update"
    RESOLUTION = 4, "resolution"
    ESCALATION = 5, "escalation"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> Self:
        """Those that have not come to their end."""
        return self.filter(ended_at=None)

    def due_by(self, now: datetime) -> Self:
        """Those for which something is to be done by now, the longest due first."""
        return self.filter(next_check_at__lte=now).order_by("next_check_at", "pk")


class Deadline(models.Model):
    """Something that is due. A job looks at `next_check_at` alone: what has none costs nothing."""

    due_at = models.DateTimeField(null=True, blank=True, help_text="Empty while its clock stands.")
    next_check_at = models.DateTimeField(
        null=True, blank=True, help_text="When there is next to warn of it, or to call it broken."
    )
    broken_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is overdue, or was.")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(DeadlineQuerySet)()

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="%(class)s_ripe"
            ),
            models.Index(fields=["case"], condition=Q(ended_at__isnull=True), name="%(class)s_of_case"),
        ]

    def set_due(self, due_at: datetime | None, since: datetime) -> None:
        """Make it due then, and warn before: half an hour, or a quarter of the time that there is since `since`."""
        if due_at == self.due_at and (self.next_check_at or self.broken_at):
            return
        self.due_at = due_at
        self.next_check_at = (
            None if self.broken_at else due_at and max(due_at - min(WARNING, (due_at - since) / 4), since)
        )

    def end(self, at: datetime) -> None:
        """End it. It is broken if that is too late, even where no job has said so yet."""
        self.ended_at, self.next_check_at = at, None
        if self.broken_at is None and self.due_at and self.due_at < at:
            self.broken_at = self.due_at
