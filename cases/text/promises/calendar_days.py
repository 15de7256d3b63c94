"""Which day a text names: "Monday", "the 14th", "the end of next week"."""

from datetime import date, timedelta

from cases.clock.calendar import Calendar

FAR = 400  # days in which to look for an open one


def named_day(name: tuple[str, int, int, int], today: date, calendar: Calendar) -> date:
    """Return the day of that name, as a WrittenTime has it. Raises ValueError for a day that does not exist."""
    kind, first, second, third = name
    monday = today - timedelta(days=today.weekday())
    match kind:
        case "ahead":
            return today + timedelta(days=first)
        case "open":
            return open_day(today, first, calendar)
        case "weekday" | "this" | "weekend":
            ahead = (first - today.weekday()) % 7
            return today + timedelta(days=ahead or (7 if kind == "weekday" else 0))
        case "next":
            return monday + timedelta(days=7 + first)
        case "week":
            day = monday + timedelta(days=7 * first + second)
            return day if day >= today else day + timedelta(days=7)
        case "month":
            months = today.month + first
            return date(today.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)
        case "ordinal":
            return _ordinal(first, today)
        case "date":
            return date(first, second, third) if first else _next(today, second, third)
    readings = [_if_it_exists(first, today, month, day) for month, day in ((third, second), (second, third))]
    return min(day for day in readings if day)


def open_day(day: date, count: int, calendar: Calendar) -> date:
    """Return the open day that is `count` after `day`; where nothing opens, the day that is."""
    fallback = day + timedelta(days=count)
    for _ in range(FAR):
        day += timedelta(days=1)
        count -= bool(calendar.spans(day))
        if not count:
            return day
    return fallback


def _if_it_exists(year: int, today: date, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else _next(today, month, day)
    except ValueError:
        return None


def _next(today: date, month: int, day: int) -> date:
    """Return the date in this year, or in the next if this year's is half a year ago."""
    this_year = date(today.year, month, day)
    return this_year if this_year >= today - timedelta(days=180) else date(today.year + 1, month, day)


def _ordinal(number: int, today: date) -> date:
    """Return the next day of that number in its month: "the 14th"."""
    for ahead in range(13):
        months = today.month - 1 + ahead
        day = _if_it_exists(today.year + months // 12, today, months % 12 + 1, number)
        if day and day >= today:
            return day
    raise ValueError
