"""What people chose of how they look to others, and pages to them."""

from django.db import models

from .business_hours import check_zone


class ClockFormat(models.TextChoices):
    """How times of day are written."""

    FULL_DAY = "24", "14:30"
    HALF_DAY = "12", "2:30 pm"
    OF_LANGUAGE = "language", "As my browser’s language has it"


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

    class Meta:
        abstract = True
