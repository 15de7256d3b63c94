"""What people chose of how they look to others, and pages to them."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .business_hours import check_zone


class ClockFormat(models.TextChoices):
    """How times of day are written."""

    FULL_DAY = "24", "14:30"
    HALF_DAY = "12", "2:30 pm"
    OF_LANGUAGE = "language", "As in my browser’s language"


class Profile(models.Model):
    """Columns of a person, so that a page asks for nothing more."""

    chosen_zone = models.CharField(
        "time zone", max_length=60, blank=True, default="", db_default="", validators=[check_zone]
    )
    clock = models.CharField(
        max_length=8, choices=ClockFormat, default=ClockFormat.FULL_DAY, db_default=ClockFormat.FULL_DAY
    )
    sends_and = models.CharField(max_length=20, blank=True, default="", db_default="", editable=False)
    single_keys = models.BooleanField(default=True, db_default=True)
    picture = models.UUIDField(
        null=True, editable=False, help_text="The key of their face, if they gave one."
    )

    away_from = models.DateTimeField(null=True, editable=False)
    away_until = models.DateTimeField(null=True, editable=False)
    capacity = models.PositiveSmallIntegerField(
        "cases at once",
        null=True,
        blank=True,
        help_text="How many open cases that need us they have before none is dealt to them. Empty: as their team says.",
    )

    class Meta:
        abstract = True

    @property
    def is_away(self) -> bool:
        """Whether they have said that they are not here now."""
        return bool(self.away_from and self.away_until and self.away_from <= timezone.now() < self.away_until)

    @property
    def goes_away(self) -> bool:
        """Whether they are away, or have said that they will be."""
        return bool(self.away_until and timezone.now() < self.away_until)


def who_are_away(at: datetime) -> Q:
    """People who have said that they are not here then."""
    return Q(away_from__lte=at, away_until__gt=at)
