"""Service levels: how soon we answer, update and resolve, in which hours, and the clocks of each case."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from .case import Case, Severity
from .deadline import Due, Timed
from .system import System

YEAR = 366 * 24 * 60


def check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"There is no time zone “{name}”. Write it like Europe/Berlin.")


class BusinessHours(models.Model):
    """When somebody is at work."""

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[check_zone])

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "business hours"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class OpenHours(models.Model):
    class Day(models.IntegerChoices):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    business_hours = models.ForeignKey(BusinessHours, models.CASCADE, related_name="open_hours")
    day = models.SmallIntegerField(choices=Day)
    opens = models.TimeField()
    closes = models.TimeField(help_text="00:00 is the end of the day.")

    class Meta:
        ordering = ["day", "opens"]
        verbose_name_plural = "open hours"

    def __str__(self) -> str:
        return f"{self.get_day_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"


class Holiday(models.Model):
    business_hours = models.ForeignKey(BusinessHours, models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["business_hours", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()


class Policy(models.Model):
    """What we undertake to do, by severity. What it leaves open it takes from the policy it is `based_on`.

    A case has its organisation's policy, or its system's, or the usual one.
    """

    name = models.CharField(max_length=80, unique=True)
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bases",
        help_text="Gives what this policy leaves open.",
    )
    business_hours = models.ForeignKey(
        BusinessHours,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="policies",
        help_text="Clocks run in these hours. Without any they run day and night.",
    )
    usual = models.BooleanField(default=False, help_text="For every case that has no other policy.")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                fields=["usual"],
                condition=Q(usual=True),
                name="one_usual_policy",
                violation_error_message="Another policy is the usual one. Take that from it first.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        seen: list[Any] = [self.pk]
        base = self.based_on
        while base:
            if base.pk in seen and base.pk is not None:
                raise ValidationError({"based_on": f"{base} would be based on itself. Choose another."})
            seen.append(base.pk)
            base = base.based_on


def _minutes(help_text: str) -> Any:
    return models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(YEAR)],
        help_text=f"{help_text} In minutes.",
    )


class Target(models.Model):
    """How soon, for cases of one severity, in minutes of business hours."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="targets")
    severity = models.SmallIntegerField(choices=Severity)
    first_response = _minutes("Until our first answer.")
    next_update = _minutes("Until each later answer.")
    resolution = _minutes("Until the case is resolved.")
    escalation = _minutes("Until a team answers what was escalated to it.")
    vague_promise = _minutes("What “shortly” means in a reply.")

    class Meta:
        ordering = ["severity"]
        constraints = [models.UniqueConstraint(fields=["policy", "severity"], name="one_target_per_severity")]

    def __str__(self) -> str:
        return f"{self.get_severity_display()} of {self.policy}"


class Clock(Timed):
    """One service level of one case, as far as it has come. Kept by `cases.actions.deadlines`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks", db_index=False)
    measure = models.SmallIntegerField(choices=Due)
    started_at = models.DateTimeField()
    system = models.ForeignKey(System, models.PROTECT, related_name="+", db_index=False)

    class Meta(Timed.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "measure", "started_at"], name="clock_starts_once")
        ]
        indexes = [
            *Timed.Meta.indexes,
            models.Index(
                fields=["ended_at"],
                include=["measure", "broken_at", "system"],
                condition=Q(ended_at__isnull=False),
                name="clocks_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} of #{self.case_id}"
