"""Service levels that are ready to be chosen, in hours of work."""

from collections.abc import Iterator
from typing import NamedTuple

from cases.models import Severity

HOUR = 60


class ReadyTarget(NamedTuple):
    """How soon, in minutes: until the first answer, each later one, and the resolution."""

    severity: Severity
    first_response: int
    next_update: int | None = None
    resolution: int | None = None


class ReadyLevel(NamedTuple):
    key: str
    name: str
    words: str
    rows: tuple[ReadyTarget, ...]

    def targets(self) -> Iterator[tuple[Severity, dict[str, int | None]]]:
        for severity, *minutes in self.rows:
            yield severity, dict(zip(("first_response", "next_update", "resolution"), minutes, strict=True))


_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
READY = (
    ReadyLevel(
        "relaxed",
        "Relaxed",
        "For a small team beside its other work: an answer within two days, and nothing undertaken of the end.",
        (
            ReadyTarget(_CRITICAL, 4 * HOUR, 8 * HOUR),
            ReadyTarget(_HIGH, 8 * HOUR),
            ReadyTarget(_MEDIUM, 16 * HOUR),
            ReadyTarget(_LOW, 16 * HOUR),
        ),
    ),
    ReadyLevel(
        "standard",
        "Standard",
        "For a team that answers all day: what is bad within the hour, the rest on the same or the next day.",
        (
            ReadyTarget(_CRITICAL, HOUR, 2 * HOUR, 8 * HOUR),
            ReadyTarget(_HIGH, 4 * HOUR, 8 * HOUR, 24 * HOUR),
            ReadyTarget(_MEDIUM, 8 * HOUR, 16 * HOUR),
            ReadyTarget(_LOW, 16 * HOUR),
        ),
    ),
    ReadyLevel(
        "demanding",
        "Demanding",
        "For a team that customers pay for being quick: someone always looks, and everything has an end.",
        (
            ReadyTarget(_CRITICAL, HOUR // 4, HOUR, 4 * HOUR),
            ReadyTarget(_HIGH, HOUR, 4 * HOUR, 8 * HOUR),
            ReadyTarget(_MEDIUM, 4 * HOUR, 8 * HOUR, 24 * HOUR),
            ReadyTarget(_LOW, 8 * HOUR, 16 * HOUR, 40 * HOUR),
        ),
    ),
)
