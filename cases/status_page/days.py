"""How each system was on each of the last 90 days, by the public incidents."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from cases.models import Guest, Incident, Severity, System
from cases.models.incident import OPEN_STAGES
from cases.text.spans import duration
from cases.text.times_of_day import time_of_day

DAYS = 90
WHOLE_DAY = timedelta(days=1)
WORDS = {"down": "outage", "troubled": "problem"}


class Trouble(NamedTuple):
    """A time in which a public incident was open, still so without an `end`."""

    system: int
    severity: int
    start: datetime
    end: datetime | None

    @property
    def state(self) -> str:
        return "down" if self.severity == Severity.CRITICAL else "troubled"


class Day(NamedTuple):
    state: str  # empty for a day without a problem
    words: str


class Row(NamedTuple):
    """One system that everybody may know of."""

    name: str
    state: str  # of now, empty when all is well
    words: str
    days: list[Day]
    bad: int


def systems(now: datetime) -> list[Row]:
    """Each system that customers are shown, with its state and its days, the oldest first."""
    offered = list(System.objects.offered_to(Guest()))
    days = [timezone.localdate(now) - timedelta(days=back) for back in reversed(range(DAYS))]
    troubles = _troubles([system.pk for system in offered], _midnight(days[0]))
    return [_row(system, [one for one in troubles if one.system == system.pk], days) for system in offered]


def _troubles(systems: list[int], since: datetime) -> list[Trouble]:
    public = Incident.objects.visible_to(Guest()).filter(system__in=systems)
    found = public.filter(Q(status__in=OPEN_STAGES) | Q(resolved_at__gte=since)).order_by("opened_at")
    fields = found.values_list("system", "severity", "opened_at", "resolved_at", "status")
    return [
        Trouble(system, severity, start, None if status in OPEN_STAGES else end)
        for system, severity, start, end, status in fields
    ]


def _row(system: System, troubles: list[Trouble], dates: list[date]) -> Row:
    days = [_day(day, troubles) for day in dates]
    state = _worst(one for one in troubles if one.end is None)
    words = WORDS.get(state, "working").capitalize()
    return Row(system.name, state, words, days, sum(bool(day.state) for day in days))


def _day(day: date, troubles: list[Trouble]) -> Day:
    start, end = _midnight(day), _midnight(day + WHOLE_DAY)
    then = [one for one in troubles if one.start < end and (one.end is None or one.end > start)]
    named = f"{day:%-d %b}"
    if not then:
        return Day("", f"{named}: no problem")
    state = _worst(then)
    if day == timezone.localdate() and any(one.end is None for one in then):
        first = max(min(one.start for one in then if one.end is None), start)
        since = f"since {time_of_day(timezone.localtime(first))}" if first > start else "all day so far"
        return Day(state, f"{named}: {WORDS[state]} {since}")
    length = _together([(max(one.start, start), min(one.end or end, end)) for one in then])
    said = "all day" if length >= end - start else duration(length)
    return Day(state, f"{named}: {WORDS[state]}, {said}")


def _worst(troubles: Iterable[Trouble]) -> str:
    states = {one.state for one in troubles}
    return next((state for state in WORDS if state in states), "")


def _together(spans: list[tuple[datetime, datetime]]) -> timedelta:
    """How long all of these last, of which some may overlap. They come in the order in which they begin."""
    length, until = timedelta(), spans[0][0]
    for start, end in spans:
        length += max(end - max(start, until), timedelta())
        until = max(until, end)
    return length


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
