"""When we are at work: open hours of the week, holidays, and a time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Hours = tuple[time, time]


@dataclass(frozen=True)
class Calendar:
    """The open hours of each weekday, Monday first, in `zone`.

    Hours of one day follow each other and do not overlap; a day that closes at midnight closes at `time(0)`.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Hours, ...], ...]
    holidays: frozenset[date] = frozenset()

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when we are open on this day, in UTC."""
        if day in self.holidays:
            return []
        return [self._span(day, *hours) for hours in self.weekly[day.weekday()]]

    def _span(self, day: date, opens: time, closes: time) -> tuple[datetime, datetime]:
        last = day if closes > time(0) else day + timedelta(days=1)
        start = datetime.combine(day, opens, self.zone)
        return start.astimezone(UTC), datetime.combine(last, closes, self.zone).astimezone(UTC)


ALWAYS = Calendar(ZoneInfo("UTC"), (((time(0), time(0)),),) * 7)
OFFICE = Calendar(ZoneInfo("UTC"), (((time(9), time(17)),),) * 5 + ((), ()))
