"""Times that agents choose by name, in their own zone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone


class Preset(NamedTuple):
    """A time that is named instead of typed."""

    label: str
    moment: Callable[[], datetime]


Presets = dict[str, Preset]


def _in(label: str, **length: int) -> Preset:
    return Preset(label, lambda: timezone.now() + timedelta(**length))


def _at(label: str, hour: int, days: int) -> Preset:
    return Preset(label, lambda: _on_the_hour(hour, days))


def _on_the_hour(hour: int, days: int) -> datetime:
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def _next_monday() -> datetime:
    return _on_the_hour(9, 7 - timezone.localtime().weekday())


HOURS: Presets = {"1h": _in("In 1 hour", hours=1), "4h": _in("In 4 hours", hours=4)}
MORNINGS: Presets = {
    "tomorrow": _at("Tomorrow 9:00", 9, days=1),
    "monday": Preset("Monday 9:00", _next_monday),
    "week": _at("In a week, 9:00", 9, days=7),
}


SNOOZE: Presets = HOURS | MORNINGS
LATER: Presets = HOURS | MORNINGS
DUE: Presets = HOURS | {"today": _at("Today 17:00", 17, days=0)} | MORNINGS


def offered(presets: Presets) -> list[tuple[str, str]]:
    """Those that lie ahead, as name and label."""
    return [(name, preset.label) for name, preset in presets.items() if preset.moment() > timezone.now()]


class MomentField(forms.DateTimeField):
    """A day and a time on the clock of the viewer.

    A time that the clock leaves out is as much later. Of one that it shows twice the first is meant that lies ahead,
    or what lies nearer to `near`, where it is known what was shown.
    """

    near: datetime | None = None

    def __init__(self, **kwargs: Any) -> None:
        missing = "Choose a day and a time."
        super().__init__(error_messages={"required": missing, "invalid": missing}, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as problem:
            if problem.code != "ambiguous_timezone" or not problem.params:
                raise
            typed = problem.params["datetime"].replace(tzinfo=timezone.get_current_timezone())
        first, second = (typed.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        if self.near:
            return min(first, second, key=lambda at: abs(at - self.near))
        return second if first <= timezone.now() < second else first
