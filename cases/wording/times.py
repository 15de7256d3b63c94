"""Times that agents choose, in their own zone, and how pages say them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.utils import timezone

from cases.access import AssumedZone
from cases.text.times_of_day import time_of_day

WEEK = timedelta(days=6)


def _with_assumed_zone(say: Callable[[datetime], str]) -> Callable[[datetime], str]:
    """The time with its zone behind it, where we only assume that it is the reader's."""

    @wraps(say)
    def said(at: datetime) -> str:
        local = timezone.localtime(at)
        return f"{say(at)} {local.tzname()}" if isinstance(local.tzinfo, AssumedZone) else say(at)

    return said


def ahead(seconds: float) -> str:
    """How far a time lies ahead: "in 12 min", "in 1 h 5 min", "in 2 d 3 h". Live pages repeat this rule."""
    minutes = int(seconds // 60)
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return "in less than a minute"
    parts = [(days, "d"), (hours % 24, "h")] if days else [(hours, "h"), (minutes % 60, "min")]
    return "in " + " ".join(f"{number} {unit}" for number, unit in parts if number)


def exact(at: datetime) -> str:
    """A time in full, in the zone of whoever reads: "Mon 23 Nov 2026, 09:00 CET"."""
    local = timezone.localtime(at)
    return f"{local:%a %-d %b %Y}, {time_of_day(local)} {local.tzname()}"


@_with_assumed_zone
def spoken(at: datetime) -> str:
    """A time to come within a sentence: "today at 14:30", "on Friday at 09:00", "on 23 November at 09:00"."""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return f"today at {time_of_day(local)}"
    if abs(local.date() - today) <= WEEK:
        return f"on {local:%A} at {time_of_day(local)}"
    return f"on {local:%-d %B}{f' {local:%Y}' if local.year != today.year else ''} at {time_of_day(local)}"


@_with_assumed_zone
def short(at: datetime) -> str:
    """A time near now, as briefly as it is clear: "14:30", "Mon 09:00", "23 Nov, 09:00"."""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return time_of_day(local)
    if abs(local.date() - today) <= WEEK:
        return f"{local:%a} {time_of_day(local)}"
    return f"{local:%-d %b}{f' {local:%Y}' if local.year != today.year else ''}, {time_of_day(local)}"


@_with_assumed_zone
def day(at: datetime) -> str:
    """A time to come, with its day in full: "Friday 14:30", "Friday 27 November, 14:30"."""
    local = timezone.localtime(at)
    near = abs(local.date() - timezone.localdate()) <= WEEK
    return f"{local:%A} {time_of_day(local)}" if near else f"{local:%A %-d %B}, {time_of_day(local)}"
