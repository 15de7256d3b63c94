"""Business hours: the open hours of the week, holidays, and a time zone."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

Hours = tuple[time, time]
Span = tuple[datetime, datetime]

ZERO, DAY, WEEK = timedelta(), timedelta(days=1), timedelta(days=7)
FARTHEST = timedelta(days=20 * 365)
TOO_LITTLE = "The open hours of twenty years are not enough for this."
WEEKDAYS = "Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays".split()


class BadCalendar(ValueError):
    """A calendar by which no clock can run, with a plain sentence that says why."""


@dataclass(frozen=True)
class Calendar:
    """The open hours of each weekday, Monday first, in `zone`.

    Hours of one day follow each other and do not overlap; a day that closes at midnight closes at `time(0)`.
    The clock on the wall counts: where it is set back, an open hour that happens twice is open twice; where
    it is set forward, an hour that is left out is not open.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Hours, ...], ...]
    holidays: frozenset[date] = frozenset()

    def check(self) -> None:
        """Raise BadCalendar unless there are open hours and they follow each other."""
        if not any(self.weekly):
            raise BadCalendar("There are no open hours in the week.")
        for weekday, hours in zip(WEEKDAYS, self.weekly, strict=True):
            last = ZERO
            for opens, closes in hours:
                if _end(closes) <= _since_midnight(opens):
                    raise BadCalendar(f"On {weekday}, {opens:%H:%M} to {closes:%H:%M} ends before it begins.")
                if _since_midnight(opens) < last:
                    raise BadCalendar(f"On {weekday}, the hours from {opens:%H:%M} overlap those before.")
                last = _end(closes)

    def spans(self, day: date) -> list[Span]:
        """Return from when to when we are open on this day, in UTC."""
        if day in self.holidays:
            return []
        midnight = datetime.combine(day, time(0), UTC)
        hours = [
            (midnight + _since_midnight(opens), midnight + _end(closes))
            for opens, closes in self.weekly[day.weekday()]
        ]
        before, after = self._offset(day), self._offset(day + DAY, fold=1)
        if before == after:
            return [(opens - before, closes - before) for opens, closes in hours]
        change = self._change(day, after)
        parts = [(opens - before, min(closes - before, change)) for opens, closes in hours]
        parts += [(max(opens - after, change), closes - after) for opens, closes in hours]
        return [(opens, closes) for opens, closes in parts if opens < closes]

    def is_open(self, at: datetime) -> bool:
        """Whether we are open at this time."""
        return any(opens <= at < closes for opens, closes in self.spans(self._day(at)))

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much open time passes from start to end."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if self._always:
            return max(end - start, ZERO)
        total, first, last = ZERO, self._day(start), self._day(end)
        day = min(first, last) - DAY  # the clock may be set back to the day before
        while day <= last + DAY:
            if first < day <= last - WEEK and self._is_usual(day):
                total += self._week
                day += WEEK
            else:
                spans = self.spans(day)
                total += sum(
                    (max(min(closes, end) - max(opens, start), ZERO) for opens, closes in spans), ZERO
                )
                day += DAY
        return total

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return when `span` of open time has passed since start, in UTC. Raises BadCalendar if not in twenty years."""
        start = start.astimezone(UTC)
        if span <= ZERO or (self._always and span < FARTHEST):
            return start + max(span, ZERO)
        day = first = self._day(start)
        while day < first + FARTHEST and self._week:
            if day > first and span > self._week and self._is_usual(day):
                span -= self._week
                day += WEEK
                continue
            for opens, closes in self.spans(day):
                opens = max(opens, start)
                if opens < closes and span <= closes - opens:
                    return opens + span
                span -= max(closes - opens, ZERO)
            day += DAY
        raise BadCalendar(TOO_LITTLE)

    def before(self, end: datetime, span: timedelta) -> datetime:
        """Return since when `span` of open time has passed at end, in UTC. Raises BadCalendar as `after` does."""
        end = end.astimezone(UTC)
        if span <= ZERO or (self._always and span < FARTHEST):
            return end - max(span, ZERO)
        day = last = self._day(end)
        while day > last - FARTHEST and self._week:
            for opens, closes in reversed(self.spans(day)):
                closes = min(closes, end)
                if opens < closes and span <= closes - opens:
                    return closes - span
                span -= max(closes - opens, ZERO)
            day -= DAY
        raise BadCalendar(TOO_LITTLE)

    @cached_property
    def _always(self) -> bool:
        return not self.holidays and self._week == WEEK

    @cached_property
    def _week(self) -> timedelta:
        """The open time of a week without holidays in which no clock is changed."""
        return sum(
            (_end(closes) - _since_midnight(opens) for day in self.weekly for opens, closes in day), ZERO
        )

    def _is_usual(self, day: date) -> bool:
        """Whether the seven days from here on have no holiday and no change of the clock."""
        week = (day + timedelta(days=number) for number in range(7))
        return self.holidays.isdisjoint(week) and self._offset(day) == self._offset(day + WEEK, fold=1)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _offset(self, day: date, fold: int = 0) -> timedelta:
        """How far the zone is ahead of UTC at midnight, before a change of the clock then, or with `fold` after it."""
        return datetime.combine(day, time(0, fold=fold), self.zone).utcoffset() or ZERO

    def _change(self, day: date, after: timedelta) -> datetime:
        """Return the second in which the clock is changed on this day."""
        start = datetime.combine(day, time(0), UTC) - DAY

        def is_after(second: int) -> bool:
            return (start + timedelta(seconds=second)).astimezone(self.zone).utcoffset() == after

        return start + timedelta(seconds=bisect_left(range(3 * 86_400), True, key=is_after))


def _since_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)


def _end(closes: time) -> timedelta:
    return _since_midnight(closes) or DAY


ALWAYS = Calendar(ZoneInfo("UTC"), (((time(0), time(0)),),) * 7)
OFFICE = Calendar(ZoneInfo("UTC"), (((time(9), time(17)),),) * 5 + ((), ()))
