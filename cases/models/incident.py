"""One outage that several cases report, and what the radar takes for one."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from .bulk import Bulk
from .case import Case
from .choices import Area, Severity
from .people import User, Viewer
from .rights import Right
from .system import System

if TYPE_CHECKING:
    from django.db.models.query import QuerySet


class Stage(models.TextChoices):
    """How far we are with an incident."""

    INVESTIGATING = "investigating", "Investigating"
    IDENTIFIED = "identified", "Identified"
    MONITORING = "monitoring", "Monitoring"
    RESOLVED = "resolved", "Resolved"


OPEN_STAGES = [Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING]
# Which stage may follow which. `record_incident_event` in `cases.actions.incident_events` holds to it.
STAGE_TRANSITIONS: dict[Stage, set[Stage]] = {
    **{stage: set(Stage) for stage in OPEN_STAGES},
    Stage.RESOLVED: {Stage.INVESTIGATING},
}


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The incidents this viewer may read: all for agents, for everybody else those that are public.

        Who is limited reads those of their systems, and those that hold a case which they see.
        """
        if not isinstance(viewer, User) or not viewer.may(Right.READ_DESK):
            return self.filter(public=True)
        if viewer.limit is None:
            return self
        held = Case.objects.filter(viewer.limit.within(), incident=OuterRef("pk"))
        return self.filter(Q(system__in=viewer.limit.systems) | Exists(held))

    def open(self) -> Self:
        return self.filter(status__in=OPEN_STAGES)


class Incident(models.Model):
    """Cases are attached to it, never merged into it. Written only by `record_incident_event`.

    `title` is for everybody to read when the incident is `public`: nothing of a customer belongs into it.
    """

    number = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=200)
    system = models.ForeignKey(System, models.PROTECT, related_name="incidents", db_index=False)
    area = models.CharField(max_length=8, choices=Area, blank=True)
    severity = models.SmallIntegerField(choices=Severity, default=Severity.HIGH)
    status = models.CharField(max_length=13, choices=Stage, default=Stage.INVESTIGATING)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    public = models.BooleanField(default=True, help_text="Shown on the status page.")
    resolution = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    is_bug = models.BooleanField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    last_sequence = models.PositiveIntegerField(default=0)

    objects = models.Manager.from_queryset(IncidentQuerySet)()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Stage.values), name="incident_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status=Stage.RESOLVED) | Q(resolved_at__isnull=False),
                name="resolved_incident_has_resolved_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["system", "number"], condition=Q(status__in=OPEN_STAGES), name="incidents_open"
            ),
            models.Index(fields=["-resolved_at"], name="incidents_resolved"),
        ]

    def __str__(self) -> str:
        return f"Incident {self.number}: {self.title}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STAGES

    def locked(self) -> "Incident":
        """This incident, read anew and held against other writers until the transaction ends."""
        return type(self).objects.select_for_update(no_key=True).get(pk=self.pk)

    def updates(self) -> "QuerySet[IncidentEvent]":
        """What everybody may read of it while it is public, the newest first."""
        return self.events.told().exclude(body="").order_by("-sequence")


def _shown_later() -> Exists:
    """Whether the incident was shown later with what had been said before."""
    later = IncidentEvent.objects.filter(incident=OuterRef("incident"), sequence__gt=OuterRef("sequence"))
    return Exists(later.filter(kind=IncidentEvent.Kind.DETAIL, details__earlier=True))


def is_told() -> Q:
    """Whether everybody may read the event once its incident is public.

    They may when it was said while it was public, or shown later by an agent who meant it.
    """
    return Q(public=True) | Q(_shown_later(), kind__in=IncidentEvent.SAID)


class IncidentEventQuerySet(models.QuerySet["IncidentEvent"]):
    def visible_to(self, agent: User) -> Self:
        """Without the coming and going of cases that the agent does not see."""
        if agent.limit is None:
            return self
        number = Cast(KT("details__case"), models.BigIntegerField())
        seen = Case.objects.visible_to(agent).filter(pk=OuterRef("number"))
        moves = (IncidentEvent.Kind.ATTACHED, IncidentEvent.Kind.DETACHED)
        return self.annotate(number=number).filter(~Q(kind__in=moves) | Exists(seen))

    def told(self) -> Self:
        """What everybody may read of a public incident."""
        return self.filter(is_told())

    def withheld(self) -> Self:
        """What was said while the incident was not public, and stays internal."""
        said = self.filter(kind__in=IncidentEvent.SAID, public=False).exclude(body="")
        return said.exclude(_shown_later())


class IncidentEvent(models.Model):
    """One line of an incident's history, never changed once written.

    `public` is whether it was said to everybody then: see `told`.

    `body` is what a person wrote, `details` are what the event names: a case, an owner, promises. `changes` maps each
    field that changed to `[old, new]`. Both hold JSON values.
    An update that goes to the attached cases goes there by its `bulk`.
    """

    class Kind(models.TextChoices):
        OPENED = "opened"
        NOTE = "note"
        UPDATE = "update"
        DETAIL = "detail"
        ATTACHED = "attached"
        DETACHED = "detached"
        RESOLVED = "resolved"
        REOPENED = "reopened"

    SAID = (Kind.UPDATE, Kind.RESOLVED, Kind.REOPENED)  # to customers

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    public = models.BooleanField()
    body = models.TextField(blank=True)
    details = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    changes = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    token = models.UUIDField(null=True, blank=True, unique=True)
    bulk = models.ForeignKey(Bulk, models.PROTECT, null=True, blank=True, related_name="+")

    objects = models.Manager.from_queryset(IncidentEventQuerySet)()

    class Meta:
        ordering = ["incident", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "sequence"], name="sequence_unique_within_incident"),
            models.CheckConstraint(
                condition=~Q(kind="note") | Q(public=False), name="note_of_incident_is_internal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}.{self.sequence} {self.kind}"
