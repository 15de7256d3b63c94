"""What agents told customers they would do, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .case import Case
from .deadline import Deadline
from .event import Event
from .people import User
from .system import System
from .team import Team


class Promise(Deadline):
    """One promised word. A repeated one is followed by the next once it is kept.

    `made_in` is the event that made it: a reply, or a promise made by hand. While it is only `proposed` it was
    read in a reply, and nobody has said whether it is one: the customer is told nothing of it.
    """

    class Outcome(models.TextChoices):
        RUNNING = "", "Running"
        PROPOSED = "proposed", "Proposed"
        KEPT = "kept", "Kept"
        LATE = "late", "Kept late"
        BROKEN = "broken", "Not kept"
        TAKEN_BACK = "taken_back", "Taken back"
        ENDED = "ended", "Needed no more"

    case = models.ForeignKey(Case, models.PROTECT, related_name="promises", db_index=False)
    made_in = models.ForeignKey(Event, models.PROTECT, related_name="promises")
    agent = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    system = models.ForeignKey(System, models.PROTECT, related_name="+", db_index=False)
    phrase = models.CharField(max_length=200, blank=True, help_text="As the reply says it.")
    every = models.DurationField(null=True, blank=True, help_text="How often an update is promised.")
    vague = models.BooleanField(default=False, help_text="The reply names no time.")
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")

    class Meta(Deadline.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", "proposed"]) | Q(ended_at__isnull=False),
                name="promise_with_outcome_is_over",
            ),
            models.CheckConstraint(
                condition=Q(every__isnull=True) | Q(every__gt="0"), name="promise_is_repeated_forwards"
            ),
        ]
        indexes = [
            *Deadline.Meta.indexes,
            # of the report
            models.Index(
                fields=["due_at"],
                include=["agent", "team", "system", "outcome"],
                condition=Q(outcome__in=["kept", "late", "broken"]),
                name="promises_judged",
            ),
            models.Index(
                fields=["case"],
                include=["outcome"],
                condition=Q(outcome__in=["kept", "late", "broken"]),
                name="promises_judged_of_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phrase or 'A promise'} in #{self.case_id}"


@dataclass(frozen=True)
class PromiseTerms:
    """Something to be promised."""

    due_at: datetime
    phrase: str = ""
    every: timedelta | None = None
    vague: bool = False
