"""A case that is opened on Monday, 16 November 2026, at 10:00, and what its clocks show."""

from datetime import UTC, datetime, timedelta

from cases.clock.calendar import ALWAYS
from cases.clock.clocks import Targets, case_clocks
from cases.clock.progress import ClockEvent, ClockEventKind

HOUR = timedelta(hours=1)
TARGETS = Targets(HOUR, 2 * HOUR, 8 * HOUR)


def on(day, hour, minute=0):
    """A time on a day of this week; Monday is 1."""
    return datetime(2026, 11, 15 + day, hour, minute, tzinfo=UTC)


def mon(hour, minute=0):
    return on(1, hour, minute)


OPENED = ClockEvent(mon(10), ClockEventKind.OPENED)


def clocks(*events, now, calendar=ALWAYS, targets=TARGETS):
    return case_clocks(targets, calendar, [OPENED, *events], now)
