"""Service levels: how long the clocks of a case have run, and when each is due.

Time counts only in the open hours of a calendar, and only while the case is in our hands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from .calendar import ZERO, Calendar
from .progress import ClockEvent, Progress, Timeline


class Measure(StrEnum):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response"
    NEXT_UPDATE = "next_update"
    RESOLUTION = "resolution"


@dataclass(frozen=True)
class Targets:
    """How much open time each measure may take. A measure whose target is None has no clock."""

    first_response: timedelta | None = None
    next_update: timedelta | None = None
    resolution: timedelta | None = None


@dataclass(frozen=True)
class Period:
    """A part of a clock's history, in which it either ran or was paused."""

    start: datetime
    end: datetime | None  # None: it still goes on
    pause: str  # "waiting for a screenshot", "snoozed", "resolved"; "" where the clock ran
    lasted: timedelta  # elapsed time, until now where it goes on
    ran: timedelta  # the open time of it, which counts


@dataclass(frozen=True)
class Clock:
    """One measure of one case, up to now."""

    measure: Measure
    target: timedelta
    started: datetime
    ended: datetime | None
    due: datetime | None  # None while it is paused and when it has ended
    missed: datetime | None  # when the target passed, if it did before the end
    periods: list[Period]
    settled: timedelta = ZERO  # the open time in which it ran before the periods

    @property
    def spent(self) -> timedelta:
        """The open time in which it ran."""
        return self.settled + sum((period.ran for period in self.periods), ZERO)

    @property
    def left(self) -> timedelta:
        """What is left of the target; zero when it is used up."""
        return max(self.target - self.spent, ZERO)

    @property
    def closed(self) -> timedelta:
        """How long it would have run outside the open hours."""
        return sum((period.lasted - period.ran for period in self.periods if not period.pause), ZERO)

    @property
    def paused(self) -> dict[str, timedelta]:
        """How long it was paused, by reason."""
        total: dict[str, timedelta] = {}
        for period in self.periods:
            if period.pause:
                total[period.pause] = total.get(period.pause, ZERO) + period.lasted
        return total

    @property
    def pause(self) -> str:
        """Why it is paused now; empty when it is not."""
        return self.periods[-1].pause if self.periods and not self.ended else ""


@dataclass(frozen=True)
class CaseClocks:
    """All clocks of a case. A measure without a target has none; every round of updates has its own."""

    first_response: Clock | None
    updates: list[Clock]
    resolution: Clock | None

    @property
    def all(self) -> list[Clock]:
        return [clock for clock in (self.first_response, *self.updates, self.resolution) if clock]


def case_clocks(
    targets: Targets, calendar: Calendar, events: Iterable[ClockEvent], now: datetime
) -> CaseClocks:
    """Return the clocks of a case as they stand `now`, after these events in the order in which they happened.

    What happened before the case was opened does not count, nor what happens after `now`.
    """
    progress = Progress()
    for event in events:
        if progress.when(event) > now:
            break
        progress.apply(event)
    return clocks_on(progress, targets, calendar, now)


def clocks_on(progress: Progress, targets: Targets, calendar: Calendar, now: datetime) -> CaseClocks:
    """Return the clocks of a case after this progress, as they stand `now`."""
    now = now.astimezone(UTC)

    def clock(measure: Measure, target: timedelta | None, timeline: Timeline | None) -> Clock | None:
        return _clock(measure, target, timeline, calendar, now) if timeline and target is not None else None

    rounds = (clock(Measure.NEXT_UPDATE, targets.next_update, timeline) for timeline in progress.updates)
    return CaseClocks(
        clock(Measure.FIRST_RESPONSE, targets.first_response, progress.first),
        [update for update in rounds if update],
        clock(Measure.RESOLUTION, targets.resolution, progress.resolution),
    )


def settled(progress: Progress, targets: Targets, calendar: Calendar) -> Progress:
    """Return a progress of bounded size that goes on as this one does, as long as targets and calendar stay the same."""

    def settle(timeline: Timeline | None, target: timedelta | None) -> Timeline | None:
        return timeline and _settled(timeline, target, calendar)

    return replace(
        progress,
        first=settle(progress.first, targets.first_response),
        updates=[_settled(update, targets.next_update, calendar) for update in progress.updates[-1:]],
        resolution=settle(progress.resolution, targets.resolution),
    )


def _settled(timeline: Timeline, target: timedelta | None, calendar: Calendar) -> Timeline:
    """What happens next may change the last mark, so that the one before is needed too."""
    running = _RunningClock(target or ZERO, calendar, timeline.spent, timeline.missed)
    if target is not None:
        for (start, pause), (end, _) in pairwise(timeline.marks[:-1]):
            running.move(start, pause, end)
    return replace(timeline, marks=timeline.marks[-2:], spent=running.spent, missed=running.missed)


@dataclass
class _RunningClock:
    """One clock, moved from mark to mark."""

    target: timedelta
    calendar: Calendar
    spent: timedelta
    missed: datetime | None
    due: datetime | None = None

    def move(self, start: datetime, pause: str, end: datetime | None, now: datetime | None = None) -> Period:
        """Move it over a period, which goes on `now` where it has no end."""
        until = end or now or start
        ran = ZERO if pause else self.calendar.open_between(start, until)
        if pause:
            self.due = None
        elif self.missed or self.spent + ran >= self.target or end is None:
            self.due = self.missed or self.calendar.after(start, self.target - self.spent)
            # Whoever answers in the very moment it is due is in time.
            if self.due < until or (self.due == until and end is None):
                self.missed = self.due
        self.spent += ran
        return Period(start, end, pause, until - start, ran)


def _clock(
    measure: Measure, target: timedelta, timeline: Timeline, calendar: Calendar, now: datetime
) -> Clock:
    running = _RunningClock(target, calendar, timeline.spent, timeline.missed)
    marks = [mark for mark in timeline.marks if timeline.ended is None or mark[0] < timeline.ended]
    ends = [*(at for at, _ in marks[1:]), timeline.ended]
    periods = [running.move(start, pause, end, now) for (start, pause), end in zip(marks, ends, strict=False)]
    due = None if timeline.ended else running.due
    return Clock(
        measure, target, timeline.started, timeline.ended, due, running.missed, periods, timeline.spent
    )
