"""How the hour is written for whoever reads: "14:30", or "2:30 pm"."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from cases.models.profile import ClockFormat

# Where twelve hours are usual, by the country of a language: "en-US".
TWELVE = frozenset("AU BD CA CO EG IN KR MY NZ PH PK SA US".split())
_is_twelve: ContextVar[bool] = ContextVar("is_twelve", default=False)


def time_of_day(local: datetime) -> str:
    if _is_twelve.get():
        return f"{local:%-I:%M} {'am' if local.hour < 12 else 'pm'}"
    return f"{local:%H:%M}"


def hours() -> int:
    """How many hours a clock has for whoever reads: 12 or 24."""
    return 12 if _is_twelve.get() else 24


def write_as(clock: str, languages: str = "") -> None:
    """From now on, until the `reading` is over. `languages` is what a browser says that its reader speaks."""
    _is_twelve.set(
        clock == ClockFormat.HALF_DAY or (clock == ClockFormat.OF_LANGUAGE and _twelve_in(languages))
    )


@contextmanager
def reading(clock: str = ClockFormat.FULL_DAY) -> Iterator[None]:
    token = _is_twelve.set(clock == ClockFormat.HALF_DAY)
    try:
        yield
    finally:
        _is_twelve.reset(token)


def _twelve_in(languages: str) -> bool:
    first = re.match(r"\s*[a-zA-Z]+(?:-[a-zA-Z]{4})?-([a-zA-Z]{2})\b", languages)
    return bool(first and first[1].upper() in TWELVE)
