"""The progress of a case as its clocks see it: a fold of what happens, from which every clock can be told."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any, Self

from .calendar import ZERO

SNOOZED = "snoozed"
RESOLVED = "resolved"
MICROSECOND = timedelta(microseconds=1)


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


@dataclass
class Timeline:
    """From when on a clock runs, or is paused and why. It ends where the clock has no more part in the case.

    What came before its first mark may be settled: it is told by how long the clock ran, and when its target passed.
    """

    started: datetime
    marks: list[tuple[datetime, str]] = field(default_factory=list)
    ended: datetime | None = None
    spent: timedelta = ZERO
    missed: datetime | None = None

    def mark(self, at: datetime, pause: str) -> None:
        if self.marks and self.marks[-1][0] == at:
            self.marks.pop()
        if not self.marks or self.marks[-1][1] != pause:
            self.marks.append((at, pause))

    def as_json(self) -> dict[str, Any]:
        return {
            "started": self.started.isoformat(),
            "marks": [[at.isoformat(), pause] for at, pause in self.marks],
            "ended": self.ended and self.ended.isoformat(),
            "spent": self.spent // MICROSECOND,
            "missed": self.missed and self.missed.isoformat(),
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(
            datetime.fromisoformat(kept["started"]),
            [(datetime.fromisoformat(at), pause) for at, pause in kept["marks"]],
            _time(kept["ended"]),
            kept["spent"] * MICROSECOND,
            _time(kept["missed"]),
        )


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


@dataclass
class Progress:
    """Where the clocks of a case stand after what happened so far: one `apply` for each event, in their order."""

    state: _CaseState = field(default_factory=_CaseState)
    first: Timeline | None = None  # the first response
    updates: list[Timeline] = field(default_factory=list)  # by round, the last of which may run
    resolution: Timeline | None = None
    at: datetime | None = None

    def when(self, event: ClockEvent) -> datetime:
        """When it happened: never before the last, though the host that says so may be behind another."""
        at = event.at.astimezone(UTC)
        return max(at, self.at) if self.at else at

    def apply(self, event: ClockEvent) -> None:
        """What happens before the case is opened does not count, nor what happens while it is over."""
        self.at = at = self.when(event)
        if self.first is None or self.resolution is None:
            if event.kind is not _Kind.OPENED:
                return
            self.first, self.resolution = Timeline(at), Timeline(at)
        elif self.state.over and event.kind is not _Kind.REOPENED:
            return
        self.state.apply(event)
        if not self.first.ended:
            self.first.mark(at, RESOLVED if self.state.over else self.state.snooze)
            self.first.ended = at if self.state.answered else None
        self._follow_updates(at, event)
        self.resolution.mark(at, self.state.pause)
        self.resolution.ended = self.resolution.marks[-1][0] if self.state.over else None

    def _follow_updates(self, at: datetime, event: ClockEvent) -> None:
        """End the current round of updates, begin the next, or mark whether it is paused."""
        is_running = bool(self.updates) and not self.updates[-1].ended
        if is_running and (event.kind in UPDATES or not self.state.owes_update):
            self.updates[-1].ended, is_running = at, False
        if self.state.owes_update and not is_running:
            self.updates.append(Timeline(at))
        if self.state.owes_update:
            self.updates[-1].mark(at, self.state.snooze)

    def as_json(self) -> dict[str, Any]:
        return {
            "state": asdict(self.state),
            "first": self.first and self.first.as_json(),
            "updates": [update.as_json() for update in self.updates],
            "resolution": self.resolution and self.resolution.as_json(),
            "at": self.at and self.at.isoformat(),
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(
            _CaseState(**kept["state"]),
            kept["first"] and Timeline.read(kept["first"]),
            [Timeline.read(update) for update in kept["updates"]],
            kept["resolution"] and Timeline.read(kept["resolution"]),
            _time(kept["at"]),
        )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
