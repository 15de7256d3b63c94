"""What people chose of how we tell them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .business_hours import check_zone
from .notification import Way, Why
from .people import User

ONE_DAY = timedelta(days=1)
MORNING = time(8)


class NoticeChoice(models.Model):
    """By which ways somebody hears of something, where that is not as usual: see HAPPENINGS."""

    person = models.ForeignKey(User, models.CASCADE, related_name="notice_choices", db_index=False)
    why = models.CharField(max_length=9, choices=Why)
    ways = ArrayField(models.CharField(max_length=6, choices=Way), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "why"], name="one_choice_of_each")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.why} by {', '.join(self.ways) or 'no way'}"


class Preferences(models.Model):
    """When somebody is told, and in which time zone they live."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="preferences")
    zone = models.CharField(max_length=60, blank=True, validators=[check_zone])
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    digest_at = models.DateTimeField(
        null=True, blank=True, help_text="The next morning, for whoever chose to hear of something then."
    )

    class Meta:
        indexes = [
            models.Index(fields=["digest_at"], condition=Q(digest_at__isnull=False), name="digests_by_time")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=models.F("quiet_until"))
                ),
                name="quiet_hours_begin_and_end",
            )
        ]
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.person_id}"

    @property
    def time_zone(self) -> ZoneInfo:
        """Theirs, or ours where we do not know it."""
        return ZoneInfo(self.zone) if self.zone else ZoneInfo(timezone.get_default_timezone_name())

    def morning_after(self, at: datetime) -> datetime:
        """When the next digest goes out."""
        morning = datetime.combine(at.astimezone(self.time_zone).date(), MORNING, tzinfo=self.time_zone)
        return morning if morning > at else morning + ONE_DAY

    def quiet_until_after(self, at: datetime) -> datetime | None:
        """When the quiet hours end in which this time lies; None outside of them."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        local = at.astimezone(self.time_zone)
        clock, day = local.time(), local.date()
        if self.quiet_from < self.quiet_until:
            is_quiet = self.quiet_from <= clock < self.quiet_until
        else:
            is_quiet = clock >= self.quiet_from or clock < self.quiet_until
        if not is_quiet:
            return None
        ends = day if clock < self.quiet_until else day + ONE_DAY
        return datetime.combine(ends, self.quiet_until, tzinfo=self.time_zone)


def preferences_of(person: User) -> Preferences:
    """Theirs, saved or not."""
    found = Preferences.objects.filter(person=person).first() or Preferences()
    found.person = person
    return found


def is_quiet_for(person: User) -> bool:
    """Whether their quiet hours run."""
    return preferences_of(person).quiet_until_after(timezone.now()) is not None
