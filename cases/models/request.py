"""What a case waits for: an escalation for a team, a request for the customer."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .case import Case
from .deadline import Timed
from .event import Event
from .people import Team, User
from .system import System


class Escalation(Timed):
    """A question to a team, engineers for instance, while the case keeps its owner."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="escalations", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    asked_in = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)
    answered = models.BooleanField(default=False)

    class Meta(Timed.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_escalation_at_a_time"
            )
        ]
        indexes = [
            *Timed.Meta.indexes,
            models.Index(
                fields=["team", "due_at"], condition=Q(ended_at__isnull=True), name="escalations_of_team"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.case_id} to {self.team}"


class Request(Timed):
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
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")

    class Meta(Timed.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(ended_at__isnull=False), name="request_with_outcome_is_over"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} in #{self.case_id}"


def note_wanted(cases: Iterable[Any]) -> None:
    """Fetch for all of them at once what their customers were asked for: see `Case.wanted`."""
    running = Request.objects.running().order_by("pk")
    models.prefetch_related_objects(list(cases), models.Prefetch("requests", running, to_attr="wanted"))


class Rating(models.Model):
    """What the customer thinks of how their case was handled, said once."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="rating")
    good = models.BooleanField()
    word = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    agent = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    system = models.ForeignKey(System, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["at"], include=["good", "agent", "team", "system"], name="ratings_by_time")
        ]

    def __str__(self) -> str:
        return f"{'Good' if self.good else 'Bad'} for #{self.case_id}"
