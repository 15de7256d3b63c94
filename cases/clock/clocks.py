"""Service levels: what was promised for every case, and how the clocks of one case went.

Time counts only in the open hours of a calendar, and only while the case is in our hands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from .calendar import ZERO, Calendar

SNOOZED = "snoozed"
RESOLVED = "resolved"


class Measure(StrEnum):
    """What is measured."""

    FIRST_RESPONSE = "first_response"
    NEXT_UPDATE = "next_update"
    RESOLUTION = "resolution"


@dataclass(frozen=True)
class Targets:
    """How much open time each may take; None is not measured."""

    first_response: timedelta | None = None
    next_update: timedelta | None = None
    resolution: timedelta | None = None


class What(Enum):
    """What can happen to a case that matters to its clocks."""

    OPENED = auto()
    ASKED = auto()  # the customer wrote: our turn; it wakes the case
    ANSWERED = auto()  # an agent's public word that leaves the customer the turn
    UPDATED = auto()  # an agent's public word that keeps the turn with us
    REQUESTED = auto()  # an agent's public word that asks for something, the `reason`
    SNOOZED = auto()
    WOKEN = auto()
    RESOLVED = auto()  # it ends the sleep too
    REOPENED = auto()
    CLOSED = auto()


OUR_WORDS = {What.ANSWERED, What.UPDATED, What.REQUESTED}
ENDS = {What.RESOLVED, What.CLOSED}
WAKES = {What.WOKEN, What.ASKED, What.REOPENED} | ENDS


@dataclass(frozen=True)
class Moment:
    """Something that happened to the case."""

    at: datetime
    what: What
    reason: str = ""


@dataclass(frozen=True)
class Stretch:
    """A part of a clock's course. It runs unless there is a reason for a pause."""

    start: datetime
    end: datetime | None  # None: still
    pause: str  # "waiting for a screenshot", "snoozed", "resolved"; "" where it runs
    lasted: timedelta  # by the clock on the wall, until now where it goes on
    ran: timedelta  # what of that counts


@dataclass(frozen=True)
class Clock:
    """One measure of one case, up to now."""

    measure: Measure
    target: timedelta
    started: datetime
    ended: datetime | None
    due: datetime | None  # None while it is paused and when it has ended
    missed: datetime | None  # when the target passed, if it did before the end
    course: list[Stretch]

    @property
    def spent(self) -> timedelta:
        """The open time in which it ran."""
        return sum((stretch.ran for stretch in self.course), ZERO)

    @property
    def left(self) -> timedelta:
        """What is left of the target; nothing when it is used up."""
        return max(self.target - self.spent, ZERO)

    @property
    def closed(self) -> timedelta:
        """How long it would have run outside the open hours."""
        return sum((stretch.lasted - stretch.ran for stretch in self.course if not stretch.pause), ZERO)

    @property
    def paused(self) -> dict[str, timedelta]:
        """How long it was paused, by reason."""
        total: dict[str, timedelta] = {}
        for stretch in self.course:
            if stretch.pause:
                total[stretch.pause] = total.get(stretch.pause, ZERO) + stretch.lasted
        return total

    @property
    def pause(self) -> str:
        """Why it is paused now, or nothing."""
        return self.course[-1].pause if self.course and not self.ended else ""


class Due(NamedTuple):
    at: datetime
    measure: Measure


@dataclass(frozen=True)
class Course:
    """All clocks of a case. A measure without a target has none; every round of updates has its own."""

    first_response: Clock | None
    updates: list[Clock]
    resolution: Clock | None

    @property
    def clocks(self) -> list[Clock]:
        """All of them."""
        return [clock for clock in (self.first_response, *self.updates, self.resolution) if clock]

    @property
    def due(self) -> Due | None:
        """What is due first of that which runs, be it past."""
        return min((Due(clock.due, clock.measure) for clock in self.clocks if clock.due), default=None)


def course(targets: Targets, calendar: Calendar, moments: Iterable[Moment], now: datetime) -> Course:
    """How the clocks went until now. What happened before the case was opened, or happens later, does not count."""
    now = now.astimezone(UTC)
    first, updates, resolution = _watch(moments, now)

    def clock(measure: Measure, target: timedelta | None, watch: _Watch | None) -> Clock | None:
        return _clock(measure, target, watch, calendar, now) if watch and target is not None else None

    rounds = (clock(Measure.NEXT_UPDATE, targets.next_update, watch) for watch in updates)
    return Course(
        clock(Measure.FIRST_RESPONSE, targets.first_response, first),
        [each for each in rounds if each],
        clock(Measure.RESOLUTION, targets.resolution, resolution),
    )


@dataclass
class _Watch:
    """From when on a clock runs or is paused, and why. It ends where it has no more part in the case."""

    started: datetime
    marks: list[tuple[datetime, str]] = field(default_factory=list)
    ended: datetime | None = None

    def mark(self, at: datetime, pause: str) -> None:
        if self.marks and self.marks[-1][0] == at:
            self.marks.pop()
        if not self.marks or self.marks[-1][1] != pause:
            self.marks.append((at, pause))


@dataclass
class _State:
    """Where a case stands after its moments so far."""

    answered: bool = False
    ours: bool = True
    wanted: str = ""
    snoozed: bool = False
    over: bool = False

    def take(self, what: What, reason: str) -> None:
        match what:
            case What.ASKED | What.UPDATED | What.REOPENED:
                self.ours, self.wanted = True, ""
            case What.ANSWERED | What.REQUESTED:
                self.ours, self.wanted = False, reason or self.wanted
        self.answered |= what in OUR_WORDS | ENDS
        self.snoozed = what is What.SNOOZED or (self.snoozed and what not in WAKES)
        self.over = what in ENDS

    @property
    def sleep(self) -> str:
        return SNOOZED if self.snoozed else ""

    @property
    def pause(self) -> str:
        """Why nobody works on its resolution."""
        if self.over:
            return RESOLVED
        return self.sleep if self.ours else f"waiting for {self.wanted or 'the customer'}"


def _watch(moments: Iterable[Moment], now: datetime) -> tuple[_Watch | None, list[_Watch], _Watch | None]:
    state = _State()
    first = resolution = None
    updates: list[_Watch] = []
    timed = [(moment.at.astimezone(UTC), moment) for moment in moments]
    for at, moment in sorted(timed, key=lambda pair: (pair[0], pair[1].what is not What.OPENED)):
        if at > now:
            break
        if first is None or resolution is None:
            if moment.what is not What.OPENED:
                continue
            first, resolution = _Watch(at), _Watch(at)
        elif state.over and moment.what is not What.REOPENED:
            continue
        state.take(moment.what, moment.reason)

        if not first.ended:
            first.mark(at, state.sleep)
            first.ended = at if state.answered else None

        is_running = bool(updates) and not updates[-1].ended
        is_wanted = state.answered and state.ours and not state.over
        if is_running and (moment.what is What.UPDATED or not is_wanted):
            updates[-1].ended, is_running = at, False
        if is_wanted and not is_running:
            updates.append(_Watch(at))
        if is_wanted:
            updates[-1].mark(at, state.sleep)

        resolution.mark(at, state.pause)
        resolution.ended = resolution.marks[-1][0] if state.over else None
    return first, updates, resolution


def _clock(measure: Measure, target: timedelta, watch: _Watch, calendar: Calendar, now: datetime) -> Clock:
    parts: list[Stretch] = []
    due = missed = None
    spent = ZERO
    marks = [mark for mark in watch.marks if watch.ended is None or mark[0] < watch.ended]
    ends = [*(at for at, _ in marks[1:]), watch.ended]
    for (start, pause), end in zip(marks, ends, strict=False):
        until = end or now
        ran = ZERO if pause else calendar.open_between(start, until)
        if pause:
            due = None
        elif missed or spent + ran >= target or end is None:
            due = missed or calendar.after(start, target - spent)
            # Who answers in the very moment it is due is in time.
            if due < until or (due == until and end is None):
                missed = due
        spent += ran
        parts.append(Stretch(start, end, pause, until - start, ran))
    return Clock(measure, target, watch.started, watch.ended, None if watch.ended else due, missed, parts)
