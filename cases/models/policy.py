"""Service levels: how soon we answer, update and resolve, in which hours, and the clocks of each case."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from .business_hours import BusinessHours
from .choices import Severity

YEAR = 366 * 24 * 60


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
