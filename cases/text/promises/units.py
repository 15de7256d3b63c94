"""Numbers, units, hours and time zones as they are written, and what they come to."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from cases.text.patterns import joined

NUMBERS = {
    "a": 1, "an": 1, "another": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "twenty four": 24,
    "twenty five": 25, "thirty": 30, "forty": 40, "forty five": 45, "forty eight": 48, "fifty": 50, "sixty": 60,
    "seventy two": 72, "ninety": 90, "½": 0.5,
}  # fmt: skip
WEEKDAYS = "mon tue wed thu fri sat sun".split()
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
OFFSETS = {
    "utc": 0, "gmt": 0, "z": 0, "zulu": 0, "wet": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "ist": 5.5, "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "aest": 10, "aedt": 11, "nzst": 12,
    "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
PLACES = {
    "et": "America/New_York", "eastern": "America/New_York", "ct": "America/Chicago", "central": "America/Chicago",
    "mt": "America/Denver", "mountain": "America/Denver", "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "uk": "Europe/London", "london": "Europe/London", "berlin": "Europe/Berlin",
    "paris": "Europe/Paris", "sydney": "Australia/Sydney", "india": "Asia/Kolkata",
}  # fmt: skip
FEW = r"(?:an?\ )?(?:couple(?:\ of)?|few|several)"
NUMBER = joined(rf"""
    (?:
      \d{{1,3}}(?:[.,]\d{{1,2}})?|forty[ -](?:five|eight)|twenty[ -]four|seventy[ -]two|one|two|three|four
      |five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|½|{FEW}
      |another(?= (?:hour|minute|day|week))
      |an?
    )
""")
UNIT = joined(r"""
    (?:(?:business|working|work|office|banking)[ -])?(?:
      minutes?|mintues?|minuets?|mins?|hours?|hrs?|days?|weeks?|wks?|fortnights?|months?|seconds?|secs?
      |(?<=\d)[hmd']|(?<=\d )[hd]
    )(?!\w)
""")
HOUR = r"(?:\d{1,2}(?:[:.h]\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
ZONE = joined(rf"""
    (?:
      [ ]?\(?(?P<zone>
        (?:utc|gmt) ?[+-] ?\d{{1,2}}(?::?\d\d)?
        |[+-]\d\d:?\d\d|{"|".join(OFFSETS)}|et|ct|mt|pt
        |(?:
          eastern|central|mountain|pacific|uk|london|berlin|paris|sydney|india
        )(?: (?:standard|daylight))? time
        |eastern|pacific
        |(?:in )?(?:your|our|my|local)(?: local)? time(?: ?zone)?
      )(?!\w)\)?
    )
""")
WEEKDAY = joined(r"""
    (?:
      (?:mon|tues|wednes|thurs|fri|satur|sun)day
      |wednsday|thrusday|weds|thurs?|tues?|mon|wed|fri|sat|sun
    )(?!\w|'s)
""")
MONTH = joined(r"""
    (?:
      jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?
      |oct(?:ober)?|nov(?:ember)?|dec(?:ember)?
    )(?!\w)
""")
THE_DAY = rf"(?:today|tomorrow|{WEEKDAY})"
AT_ZONE = ZONE.replace("?P<zone>", "?:")
# After a bare number that is an hour, and no count of something.
ENDS = joined(rf"""
    (?=
      [ ]*(?:
        $|[;!?)\n-]|[,.](?!\d)
        |(?:
          today|tonight|tomorrow|on|at the latest|latest|if|or|but|and|with|so|this|in the|sharp
          |(?:we|i|you)(?:'ll| will)|for (?:sure|you)|{WEEKDAY}
        )
        |{AT_ZONE}
      )
    )
""")
LENGTH_AHEAD = joined(rf"""
    (?:
      about |around |roughly |another |up to |at least |a further |approximately |until[ ]
    )?(?:{NUMBER}|half|~)[ -]
""")


UNITS = {
    "m": "minute",
    "'": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "f": "fortnight",
    "s": "second",
}  # by their first letter; the month is apart


def number(word: str, unit: str = "") -> float:
    """Return a number: "2", "two" and "a couple of" are 2; "a few" are 3, of minutes 5."""
    word = " ".join(word.replace("-", " ").split())
    if "few" in word or "several" in word:
        return 5 if unit in ("minute", "second") else 3
    return 2 if "couple" in word else NUMBERS.get(word) or float(word.replace(",", "."))


def unit_of(word: str) -> str:
    """Return a unit of time by one name: "mins" is "minute", "working day" is "business day"."""
    plain = re.sub(r"^(?:business|working|work|office|banking)[ -]", "", word)
    name = "month" if plain.startswith("mon") else UNITS[plain[0]]
    return name if plain == word else f"business {name}"


def span(count: float, unit: str) -> timedelta:
    """Return a length of elapsed time; business time counts as if it never closed."""
    unit = unit.removeprefix("business ")
    days = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
    if unit in days:
        return timedelta(days=count * days[unit])
    return timedelta(**{unit + "s": count})


def minutes(word: str, half: str | None = None) -> tuple[int, ...]:
    """Return the minutes of the day that an hour may mean: of "3" those of 3:00 and of 15:00, of "25" none."""
    match = re.match(r"(\d{1,2})(?:[:.h](\d\d))?$", word)
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (int(NUMBERS[word]), 0)
    if hour > 24 or minute > 59:
        return ()
    if half and hour <= 12:
        return (hour % 12 * 60 + minute + (720 if half[0] == "p" else 0),)
    if hour > 12 or hour == 0 or (match and match[1][0] == "0"):
        return (hour * 60 + minute,)
    return (hour % 12 * 60 + minute, (hour % 12 + 12) * 60 + minute)


def zone_of(word: str | None) -> tzinfo | None:
    """Return a time zone: of "UTC+2", "CET", "Pacific time"; None for "your time", which is the usual one."""
    word = (word or "").strip()
    if match := re.match(r"(?:utc|gmt)?\s?([+-])\s?(\d{1,2}):?(\d\d)?$", word):
        hours = int(match[2]) + int(match[3] or 0) / 60
        return timezone(timedelta(hours=-hours if match[1] == "-" else hours)) if hours < 24 else None
    if word in OFFSETS:
        return timezone(timedelta(hours=OFFSETS[word])) if OFFSETS[word] else UTC
    name = next((place for start, place in PLACES.items() if re.match(rf"{start}\b", word)), None)
    return ZoneInfo(name) if name else None
