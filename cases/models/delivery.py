"""Mail that goes out, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .event import Event
from .received_mail import LONGEST_ID


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(state__in=Delivery.WAITING)


class Delivery(models.Model):
    """One mail to one address: about an event of a case, or of somebody's account.

    It is here before the first try, so that whoever tries again knows what was done.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"  # the mail server took it
        DELIVERED = "delivered"  # and says that it arrived, where it says so
        DEFERRED = "deferred"  # not yet: it is tried again
        EXPIRED = "expired"  # and was tried long enough
        REFUSED = "refused"  # a mail server did not take it
        BOUNCED = "bounced"  # it came back
        COMPLAINED = "complained"  # whoever got it says that it is spam

    WAITING = (State.QUEUED, State.DEFERRED)
    WRONG_ADDRESS = (State.REFUSED, State.BOUNCED, State.COMPLAINED)
    WRONG = (*WRONG_ADDRESS, State.EXPIRED)

    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="deliveries", db_index=False
    )
    address = models.CharField(max_length=320)
    message_id = models.CharField(max_length=LONGEST_ID)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.TextField(blank=True, help_text="Why it did not arrive, in a few plain words.")
    answer = models.TextField(blank=True, help_text="What the mail server said.")
    asked_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now, help_text="Since when it is in this state.")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "address"], condition=Q(event__isnull=False), name="mailed_once_of_event"
            ),
            models.UniqueConstraint(
                fields=["message_id", "address"], condition=Q(event__isnull=True), name="mailed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["message_id"], name="deliveries_by_message_id"),
            models.Index(fields=["address", "-id"], name="deliveries_by_address"),
            models.Index(fields=["at"], condition=Q(event=None), name="deliveries_of_accounts"),
            models.Index(fields=["-id"], condition=~Q(state="queued"), name="deliveries_that_were_tried"),
        ]

    def __str__(self) -> str:
        return f"{self.state} to {self.address}"
