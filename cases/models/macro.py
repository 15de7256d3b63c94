from hashlib import sha256

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .choices import ACTIVE, Area, Priority, Severity, Status
from .shared import Shared, SharedQuerySet
from .team import Team


class Macro(Shared):
    """A text with placeholders and the changes that go with it. What is empty or null changes nothing."""

    body = models.TextField(
        blank=True, help_text="{customer}, {agent}, {case}, {system} and {summary} are filled in."
    )
    internal = models.BooleanField(default=False, help_text="A note instead of a reply.")
    status = models.CharField(max_length=13, blank=True, choices=Status)
    severity = models.SmallIntegerField(choices=Severity, null=True, blank=True)
    priority = models.SmallIntegerField(choices=Priority, null=True, blank=True)
    area = models.CharField(max_length=8, choices=Area, blank=True)
    assignee = models.CharField(max_length=20, blank=True, help_text="me, none, or the number of an agent.")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    checklist = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    snooze_hours = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(shared_with=None), name="macro_has_one_circle")
        ]

    @property
    def version(self) -> str:
        """Differs where what it says or does differs, so that what was chosen is told from what it became."""
        does = (
            self.body,
            self.internal,
            self.status,
            self.severity,
            self.priority,
            self.area,
            self.assignee,
            self.team_id,
            self.tags,
            self.snooze_hours,
            self.checklist,
        )
        return sha256(repr(does).encode()).hexdigest()[:16]

    @property
    def has_changes(self) -> bool:
        """Whether it does more than say something."""
        sets = (
            self.severity,
            self.priority,
            self.area,
            self.assignee,
            self.team_id,
            self.tags,
            self.checklist,
            self.snooze_hours,
        )
        return any(sets) or self.status in ACTIVE or (self.status == Status.RESOLVED and bool(self.body))

    @property
    def composer(self) -> str:
        """Where its text belongs: in a reply, a note, or the resolution."""
        if self.status == Status.RESOLVED:
            return "resolve"
        return "note" if self.internal else "reply"
