"""Times as people and programs write them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = "(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\\.?,?\\s+)?"
_DAY = re.compile(
    rf"""(?:
      (?P<year>\d{{4}})(?P<dash>[-/.])(?P<month>\d{{1,2}})(?P=dash)(?P<day>\d{{1,2}})
    | (?P<compact>\d{{8}})(?=T\d)
    | (?P<first>\d{{1,2}})(?P<slash>[-/.])(?P<second>\d{{1,2}})(?P=slash)(?P<year2>\d{{4}})
    | {_WEEKDAY}(?P<name3>{_MONTH})\.?\s+(?P<day3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year3>\d{{4}})
    | {_WEEKDAY}(?P<day4>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?P<name4>{_MONTH})\.?,?[\s-]+(?P<year4>\d{{4}})
    )(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_OFFSETS: dict[str, float] = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_OFFSETS |= {"CET": 1, "CEST": 2, "BST": 1, "IST": 5.5}
_CLOCK = re.compile(
    rf"""(?:
      (?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:[.,](?P<fraction>\d+))?)?
      (?:\s?(?P<half>[ap])\.?m\b\.?)?
    | (?P<hour2>\d{{1,2}})\s?(?P<half2>[ap])\.?m\b\.?
    | (?<=T)(?P<compact>\d{{6}})
    )(?!\d)
    (?:\s?\(?(?P<zone>(?-i:{"|".join(_OFFSETS)}))\b\)?)?
    (?:\s?\(?(?:UTC|GMT|Z)\b\)?)?
    (?:\s?(?P<sign>[+\u2212-])(?P<hours>\d{{2}}|\d(?=:)|(?<=[CT][+-])\d)(?::?(?P<minutes>\d{{2}}))?(?![\d/]|:\d))?
    (?:\s?\(?(?:UTC|GMT|Z)\b\)?)?""",
    re.IGNORECASE | re.VERBOSE,
)
_GAP = re.compile(r"T|_|\s*,?\s*(?:\bat\b|\bon\b|@|[-–—|])?\s*", re.IGNORECASE)
_EPOCH = re.compile(r"(?P<seconds>\d{10})(?P<millis>\d{3})?(?:\.\d+)?")


class Stamp(NamedTuple):
    """A day, a time of day, or both, as written up to `end`. A stamp nobody can read has neither."""

    day: date | None
    clock: time | None
    end: int

    @property
    def whole(self) -> bool:
        return self.day is not None and self.clock is not None

    def moment(self, day: date | None = None) -> datetime | None:
        """The time in UTC; a bare time of day is taken on `day`."""
        day = self.day or (day if self.clock else None)
        if day is None:
            return None
        try:
            return datetime.combine(day, self.clock or time(tzinfo=UTC)).astimezone(UTC)
        except OverflowError:
            return None


def stamp(text: str, start: int = 0) -> Stamp | None:
    """The stamp that begins exactly at `start`: a day, a time, or both in either order."""
    if day := _DAY.match(text, start):
        clock = _CLOCK.match(text, _gap(text, day.end()))
    elif clock := _CLOCK.match(text, start):
        day = _DAY.match(text, _gap(text, clock.end()))
    last = max(part.end() for part in (day, clock) if part) if day or clock else None
    if last is None or text[last : last + 1].isalnum():
        return None
    try:
        return Stamp(day and _day(day), clock and _clock(clock), last)
    except ValueError:
        return Stamp(None, None, last)


def find(text: str) -> Stamp | None:
    """The first stamp within a field's value, one with a day before one without."""
    text = text[:200]
    if epoch := _EPOCH.fullmatch(text.strip()):
        moment = datetime.fromtimestamp(int(epoch["seconds"]) + int(epoch["millis"] or 0) / 1000, UTC)
        return Stamp(moment.date(), moment.timetz(), len(text))
    stamps = [found for word in re.finditer(r"\b\w", text) if (found := stamp(text, word.start()))]
    return next((found for found in stamps if found.day), stamps[0] if stamps else None)


def after(clock: datetime, previous: datetime | None) -> datetime:
    """A bare time of day much earlier than the one before it is past midnight."""
    if previous and previous - clock > timedelta(hours=12):
        return clock + timedelta(days=1)
    return clock


def _gap(text: str, start: int) -> int:
    gap = _GAP.match(text, start)
    return gap.end() if gap else start


def _day(match: re.Match[str]) -> date:
    part = match.groupdict()
    if part["year"]:
        return date(int(part["year"]), int(part["month"]), int(part["day"]))
    if part["compact"]:
        return datetime.strptime(part["compact"] + "+0000", "%Y%m%d%z").date()
    if part["year2"]:
        first, second = int(part["first"]), int(part["second"])
        if first <= 12 and second <= 12 and first != second:
            raise ValueError("day and month cannot be told apart")
        return date(int(part["year2"]), min(first, second), max(first, second))
    which = "3" if part["year3"] else "4"
    month = _MONTHS.index(part["name" + which][:3].lower()) + 1
    return date(int(part["year" + which]), month, int(part["day" + which]))


def _clock(match: re.Match[str]) -> time:
    part = match.groupdict()
    if part["compact"]:
        hour, minute, second = (int(part["compact"][i : i + 2]) for i in (0, 2, 4))
    else:
        hour = int(part["hour"] or part["hour2"])
        minute, second = int(part["minute"] or 0), int(part["second"] or 0)
    if half := part["half"] or part["half2"]:
        hour = hour % 12 + (12 if half in "pP" else 0)
    offset = timedelta(hours=_OFFSETS.get(part["zone"] or "", 0))
    if part["hours"]:
        offset = timedelta(hours=int(part["hours"]), minutes=int(part["minutes"] or 0))
        offset = offset if part["sign"] == "+" else -offset
    micro = int(f"{part['fraction'] or 0:0<6}"[:6])
    return time(hour, minute, second, micro, timezone(offset) if offset else UTC)
