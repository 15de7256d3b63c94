"""How long somebody worked, as they type it."""

import re

CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
HOURS = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?) ?h(?:ours?|rs?)?")
BOTH = re.compile(r"(\d{1,4}) ?h(?:ours?|rs?)? ?(\d{1,4})(?: ?m(?:in(?:utes?|s)?)?)?")
MINUTES = re.compile(r"(\d{1,6})(?: ?m(?:in(?:utes?|s)?)?)?")


def minutes_in(text: str) -> int | None:
    """The minutes in "90", "1:20", "1h 20m" or "1.5 h", less than none with a minus before them. None for all else."""
    text = " ".join(text.lower().split())
    worked = text.removeprefix("-").removeprefix("−").strip()
    sign = 1 if worked == text else -1
    if found := CLOCK.fullmatch(worked) or BOTH.fullmatch(worked):
        return sign * (int(found[1]) * 60 + int(found[2]))
    if found := HOURS.fullmatch(worked):
        return sign * round(float(found[1].replace(",", ".")) * 60)
    if found := MINUTES.fullmatch(worked):
        return sign * int(found[1])
    return None
