"""The clocks of a case as a fold of its events, which is kept with the case and goes on from there with each new event."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from cases.clock.clocks import CaseClocks, clocks_on, settled
from cases.clock.progress import Progress
from cases.models import Case, Kind

from .clock_events import events_of, told, wakes
from .service_levels import Levels
from .standing import Standing, effective

# Raise it when what is kept changes, or a rule by which it comes about: then all events are read anew.
FORMAT = 1


@dataclass
class ClockFold:
    """How a case and its clocks stand after its events so far."""

    standing: Standing = field(default_factory=Standing)
    progress: Progress = field(default_factory=Progress)

    def follow(self, events: Iterable[Any]) -> Self:
        """Go on with the next events. `UNMERGED` leaves out what was counted before, and so begins anew."""
        for event, brought in effective(events):
            for moment in told(self.standing, event, brought):
                self.progress.apply(moment)
        return self

    def clocks(self, levels: Levels, severity: int, at: datetime) -> CaseClocks:
        """The clocks as they stand then. Raises BadCalendar."""
        now = max(at, self.progress.at or at)  # another host's clock may be ahead of ours
        progress = self.progress
        for waking in wakes(self.standing):
            if waking.at <= now:
                progress = deepcopy(progress)
                progress.apply(waking)
        return clocks_on(progress, levels.targets(severity), levels.calendar, now)

    def kept(self, case: Case, levels: Levels) -> dict[str, Any]:
        """What to keep with the case, to go on from there after its last event. Raises BadCalendar."""
        progress = settled(self.progress, levels.targets(case.severity), levels.calendar)
        return {
            "levels": _digest(case, levels),
            "sequence": case.last_sequence,
            "standing": self.standing.as_json(),
            "progress": progress.as_json(),
        }


def fold_of(case: Case, levels: Levels) -> ClockFold:
    """The fold of all events of a case: from where it was kept, as long as the same levels hold."""
    kept = case.clock_fold
    if kept and kept["levels"] == _digest(case, levels):
        new = events_of(case, after=kept["sequence"])
        if not any(event.kind in (Kind.UNMERGED, Kind.UNSPAM) for event in new):
            return ClockFold(Standing.read(kept["standing"]), Progress.read(kept["progress"])).follow(new)
    return ClockFold().follow(events_of(case))


def _digest(case: Case, levels: Levels) -> str:
    """Of the levels by which the clocks of the case are told."""
    calendar = levels.calendar
    hours = calendar.zone.key, calendar.weekly, sorted(calendar.holidays)
    told_by = FORMAT, levels.targets(case.severity), hours
    return sha256(repr(told_by).encode()).hexdigest()[:16]
