"""The course of a clock in words, for someone who was not there."""

from collections.abc import Callable
from datetime import datetime, timedelta

from .clocks import Clock

MINUTE = timedelta(minutes=1)


def duration(span: timedelta) -> str:
    """A length of time: "2 h 10 min", "3 d 4 h"."""
    minutes = span // MINUTE
    hours, days = minutes // 60, minutes // 1440
    if days:
        return _both((days, "d"), (hours % 24, "h"))
    return open_time(span)


def open_time(span: timedelta) -> str:
    """A length of open time, in hours, since a day of work is not a day: "30 h 15 min"."""
    minutes = span // MINUTE
    return _both((minutes // 60, "h"), (minutes % 60, "min")) or "less than a minute"


def explain(clock: Clock, say: Callable[[datetime], str]) -> list[str]:
    """How the clock came to stand where it stands: phrases in order, for a list or a sentence with commas.

    `say` writes a time as its reader wants it.
    """
    phrases = [f"started {say(clock.started)}"]
    phrases += [
        f"paused {duration(lasted)} while {pause}"
        for pause, lasted in clock.paused.items()
        if lasted >= MINUTE
    ]
    if clock.closed >= MINUTE:
        phrases.append(f"outside business hours {duration(clock.closed)}")
    phrases.append(f"ran {_spent(clock)} of {open_time(clock.target)}")
    if clock.missed:
        phrases.append(f"was due {say(clock.missed)}")
    if clock.ended:
        phrases.append(f"done {say(clock.ended)}" if clock.missed else f"done in time {say(clock.ended)}")
    elif clock.pause:
        phrases.append(f"now {clock.pause}" + ("" if clock.missed else f" with {open_time(clock.left)} left"))
    elif clock.due and not clock.missed:
        phrases.append(f"due {say(clock.due)}")
    return phrases


def _spent(clock: Clock) -> str:
    return open_time(clock.spent) if clock.spent else "0 min"


def _both(*parts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
