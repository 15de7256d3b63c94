"""The administrators' forms for business hours and policies."""

import re
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass

from cases.clock.calendar import BadCalendar, Calendar, Hours
from cases.models import BusinessHours, OpenHours, Policy, Severity, Target
from cases.models.policy import YEAR
from cases.queries.service_levels import MEASURES
from cases.text.spans import open_time

UNITS = {"m": 1, "min": 1, "minute": 1, "h": 60, "hour": 60, "d": 1440, "day": 1440}
PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?")
EXAMPLE = "Write it like 30 min, 4 h or 1 h 30 min."
HOURS_EXAMPLE = "Write it like 09:00-12:30, 13:30-17:00."


class LengthField(forms.Field):
    """A length of time in minutes, typed and shown as people write it: "1 h 30 min". A bare number is minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput({"size": 10, "maxlength": 40}), **options)

    def prepare_value(self, value: Any) -> Any:
        return open_time(timedelta(minutes=value)) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        if not PART.search(text) or PART.sub("", text).strip():
            raise ValidationError(EXAMPLE)
        total = 0.0
        for number, unit in PART.findall(text):
            name = unit.lower()
            minutes = UNITS.get(name) or UNITS.get(name.removesuffix("s")) or (None if unit else 1)
            if minutes is None:
                raise ValidationError(EXAMPLE)
            total += float(number) * minutes
        if total > YEAR:
            raise ValidationError("That’s more than a year. Enter a shorter time, or leave it empty.")
        if round(total) < 1:
            raise ValidationError("Enter at least a minute, or leave it empty.")
        return round(total)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class SpansField(forms.Field):
    """The open hours of one day, typed and shown like "09:00-12:30, 13:30-17:00"."""

    def __init__(self, **options: Any) -> None:
        attrs = {"size": 40, "maxlength": 200, "placeholder": "Closed"}
        super().__init__(required=False, widget=forms.TextInput(attrs), **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return ", ".join(f"{opens:%H:%M}-{_closing(closes)}" for opens, closes in value)
        return value

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if text.casefold() in ("", "closed"):
            return []
        return sorted(self._span(part.strip()) for part in re.split(r"[,;]", text) if part.strip())

    def _span(self, text: str) -> Hours:
        if not (found := SPAN.fullmatch(text)):
            raise ValidationError(HOURS_EXAMPLE)
        first, first_minute, last, last_minute = (int(part or 0) for part in found.groups())
        if (last, last_minute) == (24, 0):
            last = 0
        try:
            return time(first, first_minute), time(last, last_minute)
        except ValueError:
            raise ValidationError(f"“{text}” is no time of the day. {HOURS_EXAMPLE}") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != list(initial or [])
        except ValidationError:
            return True


def _closing(closes: time) -> str:
    return f"{closes:%H:%M}" if closes != time(0) else "24:00"


DAYS = {day.name.lower(): day for day in OpenHours.Day}


class BusinessHoursForm(forms.ModelForm):
    """The hours of each weekday in one line."""

    class Meta:
        model = BusinessHours
        fields = ["name", "time_zone"]
        help_texts = {"time_zone": "Like Europe/Berlin. Hours follow its clock in summer and winter."}

    monday = SpansField(help_text=HOURS_EXAMPLE)
    tuesday = SpansField()
    wednesday = SpansField()
    thursday = SpansField()
    friday = SpansField()
    saturday = SpansField()
    sunday = SpansField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            week: dict[int, list[Hours]] = {}
            for span in self.instance.open_hours.all():
                week.setdefault(span.day, []).append((span.opens, span.closes))
            for name, day in DAYS.items():
                self.initial.setdefault(name, week.get(day, []))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        week = [tuple(cleaned.get(name, ())) for name in DAYS]
        for name, day in DAYS.items():
            if cleaned.get(name):
                self._check(name, [hours if other == day else () for other, hours in enumerate(week)])
        if not any(week) and not any(name in self.errors for name in DAYS):
            self._check("monday", week)
        return cleaned

    def _check(self, name: str, week: list[Any]) -> None:
        try:
            Calendar(ZoneInfo("UTC"), tuple(week)).check()
        except BadCalendar as problem:
            self.add_error(name, str(problem))

    def write_hours(self) -> None:
        """Bring the stored hours up to date."""
        wanted = {(day, *span) for name, day in DAYS.items() for span in self.cleaned_data[name]}
        stored = {(span.day, span.opens, span.closes): span for span in self.instance.open_hours.all()}
        for key, span in stored.items():
            if key not in wanted:
                span.delete()
        for day, opens, closes in wanted - stored.keys():
            OpenHours.objects.create(business_hours=self.instance, day=day, opens=opens, closes=closes)


class HolidaysFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        seen = set()
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            day = typed.get("day")
            if day is None or typed.get("DELETE"):
                continue
            if day in seen:
                form.add_error("day", "This day appears twice. Remove one.")
            seen.add(day)


# Of which people state targets: a case without one is treated as a medium one.
SEVERITIES = [severity for severity in Severity if severity != Severity.UNSTATED]
LABELS = {
    "first_response": "First response",
    "next_update": "Next update",
    "resolution": "Resolution",
    "escalation": "A team’s answer",
    "vague_promise": "“Shortly”",
}


def target_name(severity: Severity, measure: str) -> str:
    return f"{severity.name.lower()}_{measure}"


TargetFields = DeclarativeFieldsMetaclass(
    "TargetFields",
    (),
    {
        target_name(severity, measure): LengthField(label=LABELS[measure])
        for severity in SEVERITIES
        for measure in MEASURES
    },
)


class PolicyForm(TargetFields, forms.ModelForm):  # type: ignore[misc, valid-type]
    """The policy with its targets in a grid."""

    class Meta:
        model = Policy
        fields = ["name", "based_on", "business_hours", "usual"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {target.severity: target for target in self._targets()}
        for severity, target in self.stored.items():
            for measure in MEASURES:
                name = target_name(Severity(severity), measure)
                self.initial.setdefault(name, getattr(target, measure))

    def _targets(self) -> Any:
        return self.instance.targets.exclude(severity=Severity.UNSTATED) if self.instance.pk else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        others = Policy.objects.filter(usual=True).exclude(pk=self.instance.pk)
        if cleaned.get("usual") and (other := others.first()):
            self.add_error("usual", f"{other} is the usual policy. Take that from it first.")
        return cleaned

    def write_targets(self) -> None:
        """Bring the stored targets up to date."""
        for severity in SEVERITIES:
            minutes = {measure: self.cleaned_data[target_name(severity, measure)] for measure in MEASURES}
            if any(minutes.values()):
                Target.objects.update_or_create(policy=self.instance, severity=severity, defaults=minutes)
            elif stored := self.stored.get(severity):
                stored.delete()
