"""How the clocks of a case came to stand where they stand, for somebody who was not there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cases.clock.clocks import Clock, Measure, Period
from cases.models import Case
from cases.models import Clock as Row
from cases.queries.clock_events import events_of
from cases.queries.deadlines import clocks_of
from cases.queries.service_levels import levels_of
from cases.text.spans import duration, open_time

from .times import short

ROUNDS = 5  # of updates are described one by one, the latest
MINUTE = timedelta(minutes=1)
NAMES = {
    Measure.FIRST_RESPONSE: "First response",
    Measure.NEXT_UPDATE: "Next update",
    Measure.RESOLUTION: "Resolution",
}


@dataclass(frozen=True)
class ClockHistory:
    """What one clock did, in sentences and line by line."""

    name: str
    sentences: list[str]
    stretches: list[tuple[Period, str]]


@dataclass(frozen=True)
class CaseClocks:
    """All clocks of a case, under the policy of that name."""

    policy: str
    clocks: list[ClockHistory]
    earlier: str = ""  # of the rounds of updates that are not described one by one


def clock_histories(case: Case, now: datetime) -> CaseClocks:
    """A case that came as a document has no clocks."""
    levels = levels_of(case)
    clocks: list[Clock] = []
    if not case.imported and levels.minutes:
        clocks = list(clocks_of(case, levels, events_of(case), now).values())
    rounds = [clock for clock in clocks if clock.measure == Measure.NEXT_UPDATE]
    left_out = rounds[:-ROUNDS]
    return CaseClocks(
        levels.name, [history_of(clock) for clock in clocks if clock not in left_out], _earlier(left_out)
    )


def lines_of(case: Case) -> list[Row]:
    """The clocks of the case as they are kept, the latest of each measure."""
    latest = case.clocks.order_by("measure", "-started_at").distinct("measure")
    return list(latest)


def history_of(clock: Clock) -> ClockHistory:
    sentences = [_standing(clock)]
    if clock.missed or not clock.ended:
        sentences.append(f"Ran {_ran(clock)}.")
    if lost := _not_counted(clock):
        sentences.append(lost)
    return ClockHistory(
        NAMES[clock.measure], sentences, [(stretch, _line(stretch)) for stretch in clock.periods]
    )


def _standing(clock: Clock) -> str:
    """How it stands, or ended."""
    if clock.ended:
        done = "Resolved" if clock.measure == Measure.RESOLUTION else "Answered"
        how = f"too late: it was due {_at(clock.missed)}" if clock.missed else f"after {_ran(clock)}"
        return f"{done} {_at(clock.ended)}, {how}."
    if clock.missed:
        paused = f" Now paused while {clock.pause}." if clock.pause else ""
        return f"Overdue since {_at(clock.missed)}.{paused}"
    if clock.pause:
        return f"Paused while {clock.pause}, with {open_time(clock.left)} left."
    return f"Due {_at(clock.due)}." if clock.due else "Not due."


def _ran(clock: Clock) -> str:
    return f"{_count(clock.spent)} of {open_time(clock.target)}"


def _not_counted(clock: Clock) -> str:
    """What went by without being counted, and why."""
    pauses = [
        f"{duration(lasted)} while {pause}" for pause, lasted in clock.paused.items() if lasted >= MINUTE
    ]
    parts = [f"paused {', '.join(pauses)}"] if pauses else []
    if clock.closed >= MINUTE:
        parts.append(f"{duration(clock.closed)} outside business hours")
    if not parts:
        return ""
    words = "; ".join(parts)
    return f"{words[0].upper()}{words[1:]}." if pauses else f"{words} did not count."


def _line(stretch: Period) -> str:
    lasted = duration(stretch.lasted)
    if stretch.pause:
        return f"Paused {lasted} while {stretch.pause}"
    closed = stretch.lasted - stretch.ran
    outside = f", {duration(closed)} outside business hours" if closed >= MINUTE else ""
    return f"Ran {_count(stretch.ran)}{outside}"


def _count(span: timedelta) -> str:
    return open_time(span) if span else "0 min"


def _at(at: datetime | None) -> str:
    if at is None:
        return ""
    return f"today {short(at)}" if timezone.localdate(at) == timezone.localdate() else short(at)


def _earlier(rounds: Iterable[Clock]) -> str:
    counted = Counter("late" if clock.missed else "in time" for clock in rounds)
    words = ", ".join(f"{counted[how]} {how}" for how in ("in time", "late") if counted[how])
    number = counted.total()
    return f"{number} earlier update{'s' if number > 1 else ''}: {words}." if number else ""
