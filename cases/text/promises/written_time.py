"""A time as it is written in a text, and the rules that read one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import timedelta, tzinfo
from typing import Any

from cases.text.patterns import joined


@dataclass(frozen=True)
class WrittenTime:
    """A time as written: what it says of the day, of the clock, or how long it is from now."""

    start: int
    end: int
    length: tuple[float, str] | None = None  # (2, "hour")
    every: timedelta | None = None
    day: tuple[str, int, int, int] | None = None  # ("weekday", 0, 0, 0): how it is named, and its numbers
    clock: tuple[int, ...] | None = None  # minutes of the day that may be meant
    part: str | None = None  # of the day: "morning", "close"
    zone: tzinfo | None = None
    before: bool = False  # "before Friday"
    firm: bool = True  # says by itself that something is due: "in 2 hours", and not "2 hours"

    def merged_with(self, other: "WrittenTime") -> "WrittenTime | None":
        """Return both in one if they tell of the same time, as "tomorrow" and "at 3 pm" do; None if not."""
        if self.length or other.length or (self.every and other.every):
            return None
        added = {name: value for name, value in other._fields("start", "firm").items() if value}
        mine = {name for name, value in self._fields("start", "end", "firm").items() if value}
        if mine & (added.keys() - {"end", "zone", "before"}):
            return None
        return replace(self, **added, firm=self.firm or other.firm)

    def _fields(self, *without: str) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name not in without}


Fields = dict[str, object] | None  # of a WrittenTime; None where the words are no time
Reader = Callable[[re.Match[str]], Fields]


class Rules(list[tuple[re.Pattern[str], Reader]]):
    """Patterns of times, each with what reads the words that it matches."""

    def add(self, pattern: str) -> Callable[[Reader], Reader]:
        """Read what matches the pattern by the function below."""

        def add(read: Reader) -> Reader:
            self.append((re.compile(rf"(?<![\w.:$€£#/+-])(?:{joined(pattern)})"), read))
            return read

        return add
