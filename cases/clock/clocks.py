"""Service levels: how long the clocks of a case have run, and when each is due.

Time counts only in the open hours of a calendar, and only while the case is in our hands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum, auto

from .calendar import ZERO, Calendar

SNOOZED = "snoozed"
RESOLVED = "resolved"


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


class ClockEventKind(Enum):
    """What can happen to a case that matters to its clocks."""

    OPENED = auto()
    ASKED = auto()  # the customer wrote: it is our turn, and the case wakes
    ANSWERED = auto()  # an agent's public reply that leaves the turn to the customer
    UPDATED = auto()  # an agent's public reply that keeps the turn with us
    REQUESTED = auto()  # an agent's public reply that asks for something, the `reason`
    PROMISED = auto()  # by hand: it keeps the turn with us, and answers nothing
    NEEDED = auto()  # the customer still has to give the `reason`; nothing: it is our turn
    SNOOZED = auto()
    WOKEN = auto()
    RESOLVED = auto()  # in an agent's words; it wakes the case too
    REOPENED = auto()
    CLOSED = auto()  # or resolved without a word


_Kind = ClockEventKind
ANSWERS = {_Kind.ANSWERED, _Kind.UPDATED, _Kind.REQUESTED, _Kind.RESOLVED}
UPDATES = {_Kind.UPDATED, _Kind.PROMISED}
ENDS = {_Kind.RESOLVED, _Kind.CLOSED}
WAKES = {_Kind.WOKEN, _Kind.ASKED, _Kind.REOPENED} | ENDS


@dataclass(frozen=True)
class ClockEvent:
    """Something that happened to the case and matters to its clocks."""

    at: datetime
    kind: ClockEventKind
    reason: str = ""


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

    @property
    def spent(self) -> timedelta:
        """The open time in which it ran."""
        return sum((period.ran for period in self.periods), ZERO)

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
    now = now.astimezone(UTC)
    first, updates, resolution = _timelines(events, now)

    def clock(measure: Measure, target: timedelta | None, timeline: _Timeline | None) -> Clock | None:
        return _clock(measure, target, timeline, calendar, now) if timeline and target is not None else None

    rounds = (clock(Measure.NEXT_UPDATE, targets.next_update, timeline) for timeline in updates)
    return CaseClocks(
        clock(Measure.FIRST_RESPONSE, targets.first_response, first),
        [update for update in rounds if update],
        clock(Measure.RESOLUTION, targets.resolution, resolution),
    )


@dataclass
class _Timeline:
    """From when on a clock runs, or is paused and why. It ends where the clock has no more part in the case."""

    started: datetime
    marks: list[tuple[datetime, str]] = field(default_factory=list)
    ended: datetime | None = None

    def mark(self, at: datetime, pause: str) -> None:
        if self.marks and self.marks[-1][0] == at:
            self.marks.pop()
        if not self.marks or self.marks[-1][1] != pause:
            self.marks.append((at, pause))


@dataclass
class _CaseState:
    """Where a case stands after its events so far."""

    answered: bool = False
    our_turn: bool = True
    requested: str = ""
    snoozed: bool = False
    over: bool = False

    def apply(self, event: ClockEvent) -> None:
        match event.kind:
            case _Kind.ASKED | _Kind.UPDATED | _Kind.PROMISED | _Kind.REOPENED:
                self.our_turn, self.requested = True, ""
            case _Kind.NEEDED if not self.our_turn:
                self.our_turn, self.requested = not event.reason, event.reason
            case _Kind.ANSWERED | _Kind.REQUESTED:
                self.our_turn, self.requested = False, event.reason or self.requested
        self.answered |= event.kind in ANSWERS
        self.snoozed = event.kind is _Kind.SNOOZED or (self.snoozed and event.kind not in WAKES)
        self.over = event.kind in ENDS

    @property
    def snooze(self) -> str:
        return SNOOZED if self.snoozed else ""

    @property
    def pause(self) -> str:
        """Why nobody works on its resolution."""
        if self.over:
            return RESOLVED
        return self.snooze if self.our_turn else f"waiting for {self.requested or 'the customer'}"

    @property
    def owes_update(self) -> bool:
        return self.answered and self.our_turn and not self.over


def _timelines(
    events: Iterable[ClockEvent], now: datetime
) -> tuple[_Timeline | None, list[_Timeline], _Timeline | None]:
    """Return the timelines of the first response, of each round of updates, and of the resolution."""
    state = _CaseState()
    first = resolution = None
    updates: list[_Timeline] = []
    for at, event in _timed(events):
        if at > now:
            break
        if first is None or resolution is None:
            if event.kind is not _Kind.OPENED:
                continue
            first, resolution = _Timeline(at), _Timeline(at)
        elif state.over and event.kind is not _Kind.REOPENED:
            continue
        state.apply(event)
        if not first.ended:
            first.mark(at, RESOLVED if state.over else state.snooze)
            first.ended = at if state.answered else None
        _follow_updates(updates, at, event, state)
        resolution.mark(at, state.pause)
        resolution.ended = resolution.marks[-1][0] if state.over else None
    return first, updates, resolution


def _timed(events: Iterable[ClockEvent]) -> list[tuple[datetime, ClockEvent]]:
    """When each happened: never before the last, though the host that says so may be behind another."""
    timed: list[tuple[datetime, ClockEvent]] = []
    for event in events:
        at = event.at.astimezone(UTC)
        timed.append((max(at, timed[-1][0]) if timed else at, event))
    return timed


def _follow_updates(updates: list[_Timeline], at: datetime, event: ClockEvent, state: _CaseState) -> None:
    """End the current round of updates, begin the next, or mark whether it is paused."""
    is_running = bool(updates) and not updates[-1].ended
    if is_running and (event.kind in UPDATES or not state.owes_update):
        updates[-1].ended, is_running = at, False
    if state.owes_update and not is_running:
        updates.append(_Timeline(at))
    if state.owes_update:
        updates[-1].mark(at, state.snooze)


def _clock(
    measure: Measure, target: timedelta, timeline: _Timeline, calendar: Calendar, now: datetime
) -> Clock:
    periods: list[Period] = []
    due = missed = None
    spent = ZERO
    marks = [mark for mark in timeline.marks if timeline.ended is None or mark[0] < timeline.ended]
    ends = [*(at for at, _ in marks[1:]), timeline.ended]
    for (start, pause), end in zip(marks, ends, strict=False):
        until = end or now
        ran = ZERO if pause else calendar.open_between(start, until)
        if pause:
            due = None
        elif missed or spent + ran >= target or end is None:
            due = missed or calendar.after(start, target - spent)
            # Whoever answers in the very moment it is due is in time.
            if due < until or (due == until and end is None):
                missed = due
        spent += ran
        periods.append(Period(start, end, pause, until - start, ran))
    due = None if timeline.ended else due
    return Clock(measure, target, timeline.started, timeline.ended, due, missed, periods)
