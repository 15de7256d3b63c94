"""When somebody is away, and how many cases they have at once."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from cases.models import User


def _day(label: str, missing: str) -> forms.DateField:
    errors = dict.fromkeys(("required", "invalid"), missing)
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}), error_messages=errors)


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput({"type": "time"}),
        error_messages={"invalid": "Type a time such as 14:30."},
    )


class AbsenceForm(forms.Form):
    """From when until when: whole days, unless times are given. Both are read on the clock of whoever types them."""

    from_day = _day("First day away", "Choose the first day away.")
    from_time = _time("From what time")
    back_day = _day("Back on", "Choose the day of the return.")
    back_time = _time("Back at")

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, auto_id="absence_%s")
        for name, at in (("from", person.away_from), ("back", person.away_until)):
            if at and person.goes_away:
                local = timezone.localtime(at)
                self.initial[f"{name}_day"] = local.date()
                self.initial[f"{name}_time"] = local.time() if local.time() != time.min else None

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return {}
        cleaned = self.cleaned_data
        return {
            "start": _at(cleaned["from_day"], cleaned["from_time"]),
            "end": _at(cleaned["back_day"], cleaned["back_time"]),
        }


def _at(day: date, hour: time | None) -> datetime:
    return datetime.combine(day, hour or time.min, timezone.get_current_timezone())


class CapacityForm(forms.Form):
    """How many open cases that need us somebody has before none is dealt to them."""

    capacity = forms.IntegerField(
        label="Open cases at once",
        required=False,
        min_value=0,
        max_value=999,
        help_text="While so many need us, their team deals them no other. Empty: as their team says.",
        error_messages={"invalid": "Type a number, or nothing."},
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={"capacity": person.capacity})
