"""Of what one hears, by which ways, and when not."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone

from cases.models import User, Way, Why
from cases.models.notification import Happening, happenings_for
from cases.models.preferences import preferences_of
from cases.queries.notices import Ways, ways_of

DEAF = "You’d hear nothing about your cases: no answers, no requests, no closings. You’d have to check here. Tick the box below if that’s what you want."


class Cell(NamedTuple):
    """One box of the table: whether one hears of this by this way."""

    name: str
    value: str
    label: str
    is_offered: bool
    is_chosen: bool


class NotificationsForm(forms.Form):
    zone = forms.ChoiceField(
        label="Your time zone", choices=lambda: [(name, name) for name in sorted(available_timezones())]
    )
    quiet_from = forms.TimeField(label="Quiet from", required=False, widget=forms.TimeInput({"type": "time"}))
    quiet_until = forms.TimeField(label="until", required=False, widget=forms.TimeInput({"type": "time"}))
    deaf = forms.BooleanField(label="Don’t email me about my cases", required=False)

    def __init__(self, data: Any = None, *, person: User) -> None:
        preferences = preferences_of(person)
        zone = preferences.zone or timezone.get_current_timezone_name()
        super().__init__(
            data,
            initial={
                "zone": zone,
                "quiet_from": preferences.quiet_from and f"{preferences.quiet_from:%H:%M}",
                "quiet_until": preferences.quiet_until and f"{preferences.quiet_until:%H:%M}",
            },
        )
        self.happenings, self.stored = happenings_for(person), ways_of(person)
        for why, happening in self.happenings.items():
            self.fields[why.value] = forms.MultipleChoiceField(
                label=happening.label,
                required=False,
                initial=sorted(self.stored[why]),
                choices=[(way.value, way.label) for way in Way if way in happening.ways],
            )

    @property
    def offered_ways(self) -> list[Way]:
        """The columns of the table: the ways that there are for anything in it."""
        return [way for way in Way if any(way in one.ways for one in self.happenings.values())]

    def rows(self) -> Iterator[tuple[Happening, list[Cell]]]:
        for why, happening in self.happenings.items():
            chosen = self[why.value].value() or []
            yield (
                happening,
                [
                    Cell(
                        why.value,
                        way.value,
                        f"{way.label}: {happening.label}",
                        way in happening.ways,
                        way in chosen,
                    )
                    for way in self.offered_ways
                ],
            )

    @property
    def ways(self) -> Ways:
        return {why: {Way(way) for way in self.cleaned_data[why.value]} for why in self.happenings}

    @property
    def asks(self) -> bool:
        """Whether they are asked if they really want to hear nothing of their cases."""
        return self.is_bound and DEAF in self.non_field_errors()

    def clean(self) -> None:
        super().clean()
        if any(why.value in self.errors for why in self.happenings):
            self.add_error(None, "One of these ways is not offered. Look at the table, then save again.")
        start, end = self.cleaned_data.get("quiet_from"), self.cleaned_data.get("quiet_until")
        if {"quiet_from", "quiet_until"} & self.errors.keys():
            pass
        elif (start is None) != (end is None):
            self.add_error("quiet_until", "Enter both a start and an end, or neither.")
        elif start is not None and start == end:
            self.add_error("quiet_until", "Quiet hours start and end at the same time. Choose another end.")
        is_deaf = Why.OWN in self.happenings and not self.cleaned_data.get(Why.OWN.value)
        if is_deaf and self.stored[Why.OWN] and not self.cleaned_data.get("deaf"):
            self.add_error(None, DEAF)
