from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Left

from .case import Case
from .kinds import SEARCHED, Kind, Role
from .people import User, Viewer
from .rights import Right
from .search import LANGUAGE, PENDING, Block

# What is found by search.
SAID = Q(kind__in=SEARCHED)


def sequence_for(viewer: Viewer) -> str:
    """The field by which this viewer knows events. Gaps would tell customers of internal ones."""
    return "sequence" if viewer.may(Right.READ_DESK) else "public_sequence"


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The events this viewer may read: agents all, others the public ones of their cases."""
        if isinstance(viewer, User) and viewer.may(Right.READ_DESK):
            return self.filter(viewer.limit.within("case__")) if viewer.limit else self
        return self.filter(public=True, case__in=Case.objects.visible_to(viewer))

    def conversation(self) -> Self:
        """What customer and agents said to each other."""
        return self.filter(kind=Kind.REPLY)


class EventManager(models.Manager.from_queryset(EventQuerySet)):  # type: ignore[misc]
    """Leaves the search vector in the database: it is long, and nobody reads it."""

    def get_queryset(self) -> EventQuerySet:
        return super().get_queryset().defer("search")


class Event(models.Model):
    """One line of a case's history, never changed once written (a database trigger sees to it).

    `body` is what a person wrote. `details` are what the event names, as its row in KINDS lists them. `changes` maps
    each field of the case that changed to `[old, new]`. Both hold JSON values.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveIntegerField()
    public_sequence = models.PositiveIntegerField(
        null=True, blank=True, help_text="Among the public events of its case, by which customers know it."
    )
    kind = models.CharField(max_length=12, choices=Kind)
    role = models.CharField(max_length=8, choices=Role)
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    public = models.BooleanField()
    body = models.TextField(blank=True)
    details = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    changes = models.JSONField(default=dict, blank=True)
    attachments = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        blank=True,
        help_text="What came with it: key, name, type, size and digest of each file.",
    )
    at = models.DateTimeField()
    token = models.UUIDField(
        null=True, blank=True, help_text="Of the form that sent it, so that it counts once."
    )
    search = models.GeneratedField(
        expression=SearchVector(Left("body", 200_000), config=LANGUAGE),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EventManager()
    continued_in: int | None = None  # the case that was opened for it, as far as a timeline shows that

    class Meta:
        ordering = ["case", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="sequence_unique_within_case"),
            models.UniqueConstraint(
                fields=["token"], condition=Q(token__isnull=False), name="form_counts_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="event_kind_is_known"),
            models.UniqueConstraint(
                fields=["case", "public_sequence"],
                condition=Q(public=True),
                name="public_sequence_unique_within_case",
            ),
            models.CheckConstraint(
                condition=Q(public=True, public_sequence__isnull=False)
                | Q(public=False, public_sequence__isnull=True),
                name="public_events_are_counted",
            ),
            models.CheckConstraint(condition=~Q(kind="note") | Q(public=False), name="note_is_internal"),
        ]
        indexes = [
            GinIndex(
                "search", Block("case"), condition=SAID, name="event_words", gin_pending_list_limit=PENDING
            )
        ]

    def __str__(self) -> str:
        return f"#{self.case_id}.{self.sequence} {self.kind}"
