"""What a case waits for: an escalation for a team, a request for the customer."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .case import Case
from .deadline import Deadline
from .event import Event
from .people import User


class Request(Deadline):
    """Something that we asked the customer for. It is `due` when they are reminded."""

    class Outcome(models.TextChoices):
        WAITING = "", "Waiting"
        GIVEN = "given", "Given"
        WITHDRAWN = "withdrawn", "Withdrawn"
        UNANSWERED = "unanswered", "Not answered"

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests", db_index=False)
    asked_in = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    what = models.CharField(max_length=200, help_text="“a screenshot of the payment screen”")
    asked_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    secret = models.BooleanField(
        default=False, db_default=False, help_text="What is given is sealed, and nobody but agents sees it."
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")

    class Meta(Deadline.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(ended_at__isnull=False), name="request_with_outcome_is_over"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} in #{self.case_id}"


def prefetch_open_requests(cases: Iterable[Any]) -> None:
    """Fetch for all of them at once what their customers were asked for: see `Case.open_requests`."""
    running = Request.objects.running().order_by("pk")
    models.prefetch_related_objects(
        list(cases), models.Prefetch("requests", running, to_attr="open_requests")
    )
