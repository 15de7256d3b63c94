from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from .case import Case
from .incident import Incident
from .people import User
from .system import System


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, agent: User) -> Self:
        """Who is limited sees those of which they see every case, and the incident if there is one."""
        if agent.limit is None:
            return self
        held = SuggestedCase.objects.filter(suggestion=OuterRef("pk"), removed=False)
        whole = self.filter(~Exists(held.exclude(case__in=Case.objects.visible_to(agent))))
        return whole.filter(Q(incident=None) | Q(incident__in=Incident.objects.visible_to(agent)))


class Suggestion(models.Model):
    """Cases that the radar takes for one outage, until an agent decides.

    With an `incident` they are offered to that one. `matched` are the words and phrases that they share, `score`
    how strongly they are alike, from 0 to 1.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CONFIRMED = "confirmed", "Confirmed"
        DISMISSED = "dismissed", "Dismissed"

    system = models.ForeignKey(System, models.CASCADE, related_name="+", db_index=False)
    incident = models.ForeignKey(
        Incident, models.CASCADE, null=True, blank=True, related_name="suggestions", db_index=False
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    matched = models.JSONField(default=list)
    score = models.FloatField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["system", "state", "made_at"], name="suggestions_of_system")]

    def __str__(self) -> str:
        return f"Suggestion {self.pk}"


class SuggestedCase(models.Model):
    """A case of a suggestion, or one that an agent has `removed` from it, which is not put back."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="members", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    removed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["suggestion", "case"], name="suggested_once")]

    def __str__(self) -> str:
        return f"#{self.case_id} in suggestion {self.suggestion_id}"
