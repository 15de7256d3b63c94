from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models


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
