"""When a written time is due.

in 20 minutes, within the hour    that much later, as time passes; "a few" are three, of minutes five; "a couple" are
                                  two; of a range, the later end
within 2 business days            the close of business of the second open day after today
by 3 pm, at 15:00 CET             the next such time on the clock; the past one, if it says "today"
by 3, by 3:30                     the next one, am or pm; one of the night (19:00 to 7:00) only within six hours
today, end of day, on Monday      the close of business of that day; 17:00 where that day is not open; midnight, when
                                  today's business has closed
this week, next week              the close of business of its Friday; "early" of its Tuesday, "mid" of its Wednesday
by the weekend, at the weekend    the close of business of its Friday, 17:00 of its Sunday
Monday, next Monday               the first one after today; the one in the next week, which begins on a Monday
morning, afternoon, evening       12:00, 17:00, 21:00; tonight 21:00, overnight 9:00 of the next day, first thing
                                  10:00, noon and lunch 12:00, after lunch 14:00, start of business the opening or
                                  9:00
before Friday                     the close of business of the day before
on the hour                       the next full hour
every 30 minutes, hourly          from now on; "every day at 9" begins at the next 9 o'clock
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.clock.calendar import Calendar

from .calendar_days import FAR, named_day, open_day
from .units import span
from .written_time import WrittenTime

PARTS = {
    "first thing": 10,
    "early morning": 9,
    "morning": 12,
    "mid morning": 11,
    "early afternoon": 14,
    "afternoon": 17,
    "mid afternoon": 15,
    "evening": 21,
    "night": 21,
    "tonight": 21,
    "overnight": 9,
}  # the hour in which each ends
LATE_PARTS = ("afternoon", "evening", "night", "tonight", "close")
DAYTIME = (7 * 60, 19 * 60)  # minutes of the day
SOON = timedelta(hours=6)


def due_time(written: WrittenTime, now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime | None:
    """Return when the written time is, in `zone`; None for a day that does not exist."""
    try:
        return _due_time(written, now, zone, calendar).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _due_time(written: WrittenTime, now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
    here = now.astimezone(written.zone or zone)
    if written.length:
        return _later(*written.length, now.astimezone(UTC), here, calendar)
    if written.part == "top":
        return (now.astimezone(UTC) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    if written.every and (
        written.every < timedelta(days=1) or not (written.clock or written.day or written.part)
    ):
        return now.astimezone(UTC) + written.every
    day = named_day(written.day, here.date(), calendar) if written.day else None
    if written.clock:
        return _on_the_clock(written, written.clock, day, here)
    if written.part and written.part not in ("close", "open"):
        return _in_part(written.part, day, here)
    if written.part == "open":
        return _opening(day or here.date(), here, calendar, now)
    if written.before and day and not written.part:
        day -= timedelta(days=1)
    return _end_of_day(day or here.date(), here, calendar, now)


def _at(day: date, minute: int, here: datetime) -> datetime:
    """Return the time on the wall, in UTC."""
    wall = datetime.combine(day, time(0)) + timedelta(minutes=minute)
    return wall.replace(tzinfo=here.tzinfo).astimezone(UTC)


def _end_of_day(day: date, here: datetime, calendar: Calendar, now: datetime) -> datetime:
    """Return the close of business, or the last minute of today when today's business has closed."""
    closing = _closing(day, here, calendar)
    if closing <= now and day == here.date():
        return _at(day + timedelta(days=1), 0, here) - timedelta(minutes=1)
    return closing


def _closing(day: date, here: datetime, calendar: Calendar) -> datetime:
    spans = calendar.spans(day)
    return spans[-1][1] if spans else _at(day, 17 * 60, here)


def _opening(day: date, here: datetime, calendar: Calendar, now: datetime) -> datetime:
    """Return the start of business of the day, or of the next one if that is past."""
    for opens_on in (day, day + timedelta(days=1)):
        spans = calendar.spans(opens_on)
        opens = spans[0][0] if spans else _at(opens_on, 9 * 60, here)
        if opens > now:
            return opens
    return opens


def _later(count: float, unit: str, now: datetime, here: datetime, calendar: Calendar) -> datetime:
    """Return when a length of time has passed."""
    if unit == "month":
        return _months_later(round(count), here)
    if unit in ("business day", "business week"):
        days = max(1, round(count * (5 if unit == "business week" else 1)))
        return _closing(open_day(here.date(), days, calendar), here, calendar)
    if unit in ("business hour", "business minute"):
        return _open_time(span(count, unit), now, here.date(), calendar)
    return now + span(count, unit)


def _months_later(count: int, here: datetime) -> datetime:
    """Return the same day of a later month, or its last one."""
    months = here.month - 1 + count
    year, month = here.year + months // 12, months % 12 + 1
    first_after = date(year + month // 12, month % 12 + 1, 1)
    day = min(here.day, (first_after - timedelta(days=1)).day)
    return _at(date(year, month, day), here.hour * 60 + here.minute, here)


def _open_time(left: timedelta, now: datetime, day: date, calendar: Calendar) -> datetime:
    """Return when that much open time has passed; where nothing opens, when that much time has."""
    fallback = now + left
    for ahead in range(-1, FAR):
        for opens, closes in calendar.spans(day + timedelta(days=ahead)):
            open_for = closes - max(opens, now)
            if open_for >= left:
                return max(opens, now) + left
            left -= max(open_for, timedelta(0))
    return fallback


def _on_the_clock(
    written: WrittenTime, options: tuple[int, ...], day: date | None, here: datetime
) -> datetime:
    """Return which of the minutes of the day is meant, of the named day or of the next one."""
    if written.part and len(options) > 1:
        options = options[1:] if written.part in LATE_PARTS else options[:1]
    if day:
        return _on_day(options, day, here)
    times = [
        _at(here.date() + timedelta(days=ahead), minute, here) for ahead in range(2) for minute in options
    ]
    times = [at for at in times if at > here]
    if len(options) == 1:
        return times[0]
    soon = here.astimezone(UTC) + SOON
    return min([at for at in times if at <= soon or _is_daytime(at.astimezone(here.tzinfo))] or times)


def _on_day(options: tuple[int, ...], day: date, here: datetime) -> datetime:
    """Return the one by day; today, the next one by day."""
    best = options[0] if len(options) == 1 or options[0] >= DAYTIME[0] else options[1]
    if day == here.date() and len(options) > 1:
        by_day = (minute for minute in options if minute >= DAYTIME[0] and _at(day, minute, here) > here)
        best = next(by_day, best)
    return _at(day, best, here)


def _is_daytime(wall: datetime) -> bool:
    return DAYTIME[0] <= wall.hour * 60 + wall.minute <= DAYTIME[1]


def _in_part(part: str, day: date | None, here: datetime) -> datetime:
    """Return the end of a part of the day: of the named one, or of the next."""
    minute = PARTS[part] * 60
    if day is None:
        today = _at(here.date(), minute, here)
        return today if today > here else _at(here.date() + timedelta(days=1), minute, here)
    end = _at(day, minute, here)
    return _at(day, 24 * 60 - 1, here) if part == "tonight" and end <= here else end
