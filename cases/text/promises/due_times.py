"""When a time that was told is.

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
morning, afternoon, evening       12:00, 17:00, 21:00; tonight 21:00, overnight 9:00 of the next day, first thing 10:00,
                                  noon and lunch 12:00, after lunch 14:00, start of business the opening or 9:00
before Friday                     the close of business of the day before
on the hour                       the next full hour
every 30 minutes, hourly          from now on; "every day at 9" begins at the next 9 o'clock
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.clock.calendar import Calendar

from .units import span
from .written_time import WrittenTime

PARTS = {
    "early morning": 9, "morning": 12, "mid morning": 11, "afternoon": 17, "early afternoon": 14, "mid afternoon": 15, "evening": 21,
    "night": 21, "tonight": 21, "overnight": 9, "first thing": 10,
}  # fmt: skip
NIGHT = (7 * 60, 19 * 60)
FAR = 400  # days in which to look for an open one


def due(told: WrittenTime, now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime | None:
    """In `zone`; None for a day that does not exist."""
    try:
        return _due(told, now, zone, calendar).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _due(told: WrittenTime, now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
    here = now.astimezone(told.zone or zone)
    if told.length:
        return _later(*told.length, now.astimezone(UTC), here, calendar)
    if (
        told.every
        and told.part != "top"
        and (told.every < timedelta(days=1) or not (told.clock or told.day or told.part))
    ):
        return now.astimezone(UTC) + told.every
    if told.part == "top":
        return (now.astimezone(UTC) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    day = _day(told.day, here, calendar)
    if told.clock:
        return _on_the_clock(told, day, here)
    if told.part and told.part not in ("close", "open"):
        return _in_part(told.part, day, told.day, here)
    if told.part == "open":
        return _opening(day or here.date(), here, calendar, now)
    if told.before and day and not told.part:
        day -= timedelta(days=1)
    closing = _closing(day or here.date(), here, calendar)
    if closing <= now and (day or here.date()) == here.date():
        return _at(here.date() + timedelta(days=1), 0, here) - timedelta(minutes=1)
    return closing


def _at(day: date, minute: int, here: datetime) -> datetime:
    wall = datetime.combine(day, time(0)) + timedelta(minutes=minute)
    return wall.replace(tzinfo=here.tzinfo).astimezone(UTC)


def _closing(day: date, here: datetime, calendar: Calendar) -> datetime:
    spans = calendar.spans(day)
    return spans[-1][1] if spans else _at(day, 17 * 60, here)


def _opening(day: date, here: datetime, calendar: Calendar, now: datetime) -> datetime:
    for ahead in range(2):
        spans = calendar.spans(day + timedelta(days=ahead))
        opens = spans[0][0] if spans else _at(day + timedelta(days=ahead), 9 * 60, here)
        if opens > now:
            return opens
    return opens


def _later(count: float, unit: str, now: datetime, here: datetime, calendar: Calendar) -> datetime:
    if unit == "month":
        months = here.month - 1 + round(count)
        return _month_end(here.year + months // 12, months % 12 + 1, here)
    if unit == "business day" or unit == "business week":
        days = max(1, round(count * (5 if unit.endswith("week") else 1)))
        return _closing(_open_day(here.date(), days, calendar), here, calendar)
    if unit in ("business hour", "business minute"):
        return _open_time(span(count, unit), now, here.date(), calendar)
    return now + span(count, unit)


def _month_end(year: int, month: int, here: datetime) -> datetime:
    first = date(year + month // 12, month % 12 + 1, 1)
    day = min(here.day, (first - timedelta(days=1)).day)
    return _at(date(year, month, day), here.hour * 60 + here.minute, here)


def _open_day(day: date, count: int, calendar: Calendar) -> date:
    fallback = day + timedelta(days=count)
    for _ in range(FAR):
        day += timedelta(days=1)
        count -= bool(calendar.spans(day))
        if not count:
            return day
    return fallback


def _open_time(wanted: timedelta, now: datetime, day: date, calendar: Calendar) -> datetime:
    fallback = now + wanted
    for ahead in range(-1, FAR):
        for opens, closes in calendar.spans(day + timedelta(days=ahead)):
            open_for = closes - max(opens, now)
            if open_for >= wanted:
                return max(opens, now) + wanted
            wanted -= max(open_for, timedelta(0))
    return fallback


def _day(told: tuple[str, int, int, int] | None, here: datetime, calendar: Calendar) -> date | None:
    if not told:
        return None
    kind, a, b, c = told
    today = here.date()
    monday = today - timedelta(days=today.weekday())
    if kind == "ahead":
        return today + timedelta(days=a)
    if kind == "open":
        return _open_day(today, a, calendar)
    if kind in ("weekday", "this", "weekend"):
        ahead = (a - today.weekday()) % 7
        return today + timedelta(days=ahead or (7 if kind == "weekday" else 0))
    if kind == "next":
        return monday + timedelta(days=7 + a)
    if kind == "week":
        friday = monday + timedelta(days=7 * a + b)
        return friday if friday >= today else friday + timedelta(days=7)
    if kind == "month":
        months = today.month + a
        return date(today.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)
    if kind == "ordinal":
        return _ordinal(a, today)
    if kind == "date":
        return date(a, b, c) if a else _next(today, b, c)
    days = [_made(a, today, month, day) for month, day in ((c, b), (b, c))]
    return min(day for day in days if day)


def _made(year: int, today: date, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else _next(today, month, day)
    except ValueError:
        return None


def _next(today: date, month: int, day: int) -> date:
    """This year's, or next year's if this year's is half a year ago."""
    this = date(today.year, month, day)
    return this if this >= today - timedelta(days=180) else date(today.year + 1, month, day)


def _ordinal(day: int, today: date) -> date:
    for ahead in range(13):
        months = today.month - 1 + ahead
        found = _made(today.year + months // 12, today, months % 12 + 1, day)
        if found and found >= today:
            return found
    raise ValueError


def _on_the_clock(told: WrittenTime, day: date | None, here: datetime) -> datetime:
    options = told.clock or ()
    part = told.part
    if part in ("afternoon", "evening", "night", "tonight", "close") and len(options) > 1:
        options = options[1:]
    elif part and len(options) > 1:
        options = options[:1]
    if day or (part and told.day):
        best = options[0] if len(options) == 1 or options[0] >= NIGHT[0] else options[1]
        if day == here.date() and len(options) > 1:
            best = next((at for at in options if _at(day, at, here) > here and at >= NIGHT[0]), best)
        return _at(day or here.date(), best, here)
    now = here.astimezone(UTC)
    times = [_at(here.date() + timedelta(days=ahead), at, here) for ahead in range(2) for at in options]
    if len(options) == 1:
        return next(at for at in times if at > now)
    soon = now + timedelta(hours=6)
    fit = [
        at
        for at in times
        if at > now
        and (
            at <= soon
            or NIGHT[0]
            <= at.astimezone(here.tzinfo).hour * 60 + at.astimezone(here.tzinfo).minute
            <= NIGHT[1]
        )
    ]
    return min(fit or [at for at in times if at > now])


def _in_part(part: str, day: date | None, told: object, here: datetime) -> datetime:
    minute = PARTS[part] * 60
    if day:
        found = _at(day, minute, here)
        if part == "tonight" and found <= here:
            return _at(day, 24 * 60 - 1, here)
        return found
    found = _at(here.date(), minute, here)
    return found if found > here else _at(here.date() + timedelta(days=1), minute, here)
