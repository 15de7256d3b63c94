import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.functional import cached_property

from .addresses import AddressField, is_one_spelling
from .case_indexes import INDEXES
from .case_indexes import NEEDS_US as NEEDS_US
from .case_indexes import NEVER as NEVER
from .case_indexes import QUEUE_ORDER as QUEUE_ORDER
from .case_indexes import QUEUED as QUEUED
from .case_queryset import CaseManager
from .choices import (
    ACTIVE,
    DONE,
    Area,
    Priority,
    Severity,
    Status,
    WaitingOn,
    contradiction,
    suggested_priority,
)
from .deadline import Due
from .people import Organisation, User
from .search import LANGUAGE
from .system import System
from .team import Team

if TYPE_CHECKING:
    from .promise import Promise
    from .request import Request


class _Moved(Exception):
    """It goes on elsewhere than it did a moment ago."""


class Case(models.Model):
    """One customer's problem. Written only by `cases.actions`, where each change leaves an event."""

    number = models.BigAutoField(primary_key=True)
    reference = models.CharField(
        "case ID", max_length=200, default=uuid.uuid4, help_text="For import, export and mail."
    )
    system = models.ForeignKey(System, models.PROTECT, related_name="cases", db_index=False)
    system_as_reported = models.TextField(
        blank=True, help_text="The imported description, where it differs from the system's own."
    )
    customer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    customer_name = models.TextField(blank=True, help_text="As given in this report.")
    first_name_given = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="The name under which it was reported, once it was moved to another customer.",
    )
    unproven = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Reported by a visitor who has not proven their address. Such a case has no customer.",
    )
    claimed_email = AddressField(
        max_length=254,
        blank=True,
        default="",
        db_default="",
        help_text="The address that the visitor typed, unless its owner has said that it was not them.",
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    summary = models.TextField(blank=True)

    severity = models.SmallIntegerField(choices=Severity, default=Severity.UNSTATED)
    priority = models.SmallIntegerField(choices=Priority, null=True, blank=True)
    status = models.CharField(max_length=13, choices=Status, default=Status.OPEN)
    waiting_on = models.SmallIntegerField(choices=WaitingOn, default=WaitingOn.US)
    waiting_since = models.DateTimeField(default=timezone.now)
    area = models.CharField(max_length=8, choices=Area, blank=True)
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="assigned_cases", db_index=False
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    promised_at = models.DateTimeField(
        null=True, blank=True, help_text="By when the customer was promised the next word."
    )
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="The next thing due: of promises, service levels and escalations."
    )
    due_for = models.SmallIntegerField(choices=Due, null=True, blank=True)
    escalated_to = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text="When it closes by itself unless the customer answers."
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    nobodys_since = models.DateTimeField(null=True, blank=True)  # while it has no assignee
    take_by = models.DateTimeField(null=True, blank=True)  # when its lead is told that nobody has taken it
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    incident = models.ForeignKey(
        "cases.Incident", models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )

    resolution = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    is_bug = models.BooleanField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    last_public_at = models.DateTimeField(
        default=timezone.now, help_text="When the customer last saw something happen."
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    generated_at = models.DateTimeField(
        null=True, blank=True, help_text="When an imported document was written."
    )
    minutes_spent = models.PositiveIntegerField(default=0, db_default=0)
    imported = models.BooleanField(
        default=False,
        db_default=False,
        help_text="It came as a document: nobody here undertook anything then, so it has no clocks.",
    )
    spam = models.BooleanField(
        default=False, db_default=False, help_text="Nobody asked for help: it counts nowhere."
    )
    anonymised = models.BooleanField("knows no customer any more", default=False, db_default=False)
    document_digest = models.CharField(max_length=64, blank=True, help_text="Of the document last imported.")
    last_sequence = models.PositiveIntegerField(default=0)
    clock_fold = models.JSONField(
        null=True, editable=False, help_text="How its clocks stood after its last event, to go on from there."
    )
    last_public_sequence = models.PositiveIntegerField(default=0, db_default=0)
    search = models.GeneratedField(
        expression=SearchVector(
            Left("summary", 2000), "reference", Left("customer_name", 500), config=LANGUAGE
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CaseManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_case_per_reference"),
            models.CheckConstraint(
                condition=~Q(status__in=DONE) | Q(resolved_at__isnull=False),
                name="resolved_case_has_resolved_at",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="case_status_is_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="case_severity_is_known"),
            models.CheckConstraint(
                condition=Q(priority__isnull=True) | Q(priority__in=Priority.values),
                name="case_priority_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED) | Q(waiting_on=WaitingOn.NOBODY),
                name="closed_waits_on_nobody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ACTIVE) | Q(snoozed_until__isnull=True), name="only_active_cases_sleep"
            ),
            models.CheckConstraint(
                condition=Q(unproven=False, claimed_email="")
                | Q(unproven=True, customer__isnull=True, organisation__isnull=True),
                name="unproven_case_has_no_customer",
            ),
            models.CheckConstraint(
                condition=is_one_spelling("claimed_email"), name="claimed_email_has_one_spelling"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status=Status.CLOSED), name="merged_case_is_closed"
            ),
            models.CheckConstraint(condition=Q(spam=False) | Q(status=Status.CLOSED), name="spam_is_closed"),
        ]
        indexes = INDEXES

    def __str__(self) -> str:
        return f"#{self.number} {self.summary}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def priority_contradicts_severity(self) -> bool:
        """Whether the priority lies two or more steps from what is suggested, as with critical and P4."""
        return contradiction(self.suggested_priority or Severity.UNSTATED, self.priority)

    @property
    def suggested_priority(self) -> Priority | None:
        return suggested_priority(self.severity, self.customers_hit)

    @cached_property
    def customers_hit(self) -> int:
        """How many customers report what this case does: those of its incident, or its own alone."""
        return Case.objects.customers_hit(self.incident_id)

    @property
    def reason_of_priority(self) -> str:
        """Why this priority is suggested: "High severity, 4 customers hit"."""
        unstated = self.severity == Severity.UNSTATED
        bad = "Severity not stated" if unstated else f"{self.get_severity_display()} severity"
        return f"{bad}, {self.customers_hit} customers hit" if self.customers_hit > 1 else bad

    @cached_property
    def open_requests(self) -> "list[Request]":
        """What the customer was asked for and has not given yet, the oldest first."""
        return list(self.requests.running().order_by("pk"))

    @cached_property
    def open_promises(self) -> "list[Promise]":
        """What is promised in it and not over yet, and what is only proposed, the next due first."""
        return list(self.promises.running().select_related("agent").order_by("due_at", "pk"))

    def locked(self) -> "Case":
        """This case, read anew and held against other writers until the transaction ends."""
        return type(self).objects.select_for_update(no_key=True).get(pk=self.pk)

    def merged_target(self) -> "Case":
        """The case in which this one goes on: itself, unless it was merged."""
        return self.merged_into.merged_target() if self.merged_into else self

    def locked_target(self) -> "Case":
        """The case in which this one goes on, itself unless it was merged: both read anew and held like `locked`."""
        end = self.merged_target().pk
        while True:
            with suppress(_Moved), transaction.atomic():  # a savepoint lets go what is held for nothing
                held = type(self).objects.held([self.pk, end])
                if held[end].merged_into_id is None and held[self.pk].merged_target().pk == end:
                    return cast(Case, held[end])
                raise _Moved
            end = type(self).objects.get(pk=self.pk).merged_target().pk
