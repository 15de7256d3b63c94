"""The clocks show what a simulation shows that asks in every minute how the case stands."""

from datetime import time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cases.clock.calendar import Calendar
from cases.clock.clocks import ClockEvent, ClockEventKind, Targets, case_clocks

from .minutes import MINUTE, simulate
from .strategies import calendars, steady, times

HOUR = timedelta(hours=1)
KINDS = st.sampled_from(ClockEventKind)
REASONS = st.sampled_from(["", "", "a screenshot", "a log"])
SPANS = st.integers(0, 1500).map(lambda number: number * MINUTE)
TIGHT = st.integers(0, 120).map(lambda number: number * MINUTE)


@steady
@given(st.data(), calendars(), st.builds(Targets, TIGHT | SPANS, TIGHT | SPANS, TIGHT | SPANS))
def test_every_clock_goes_as_it_does_minute_by_minute(data, drawn, targets):
    calendar, middle = drawn
    always_some = tuple(hours or ((time(12), time(13)),) for hours in calendar.weekly)
    calendar = Calendar(calendar.zone, always_some, calendar.holidays)
    # Often in the same minute, sometimes before the case is opened.
    at = times(middle, days=2) | st.integers(-4, 96).map(lambda number: middle + (number / 2 - 24) * HOUR)
    events = data.draw(st.lists(st.builds(ClockEvent, at, KINDS, REASONS), max_size=14))
    opened = ClockEvent(middle - 24 * HOUR, ClockEventKind.OPENED)
    now = data.draw(at)
    events = sorted([opened, *events], key=lambda event: (event.at, event.kind is not ClockEventKind.OPENED))
    clocks = case_clocks(targets, calendar, events, now)
    shown = [
        {
            "measure": clock.measure,
            "started": clock.started,
            "ended": clock.ended,
            "missed": clock.missed,
            "due": clock.due,
            "spent": clock.spent,
            "closed": clock.closed,
            "paused": {pause: lasted for pause, lasted in clock.paused.items() if lasted},
        }
        for clock in clocks.all
    ]
    assert shown == simulate(targets, calendar, events, now)
    for clock in clocks.all:
        assert clock.left == max(clock.target - clock.spent, timedelta())
        whole = sum((period.lasted for period in clock.periods), timedelta())
        assert whole == (clock.ended or max(now, clock.started)) - clock.started
        assert all(period.start < period.end for period in clock.periods if period.end)
        assert all(before.pause != after.pause for before, after in pairwise(clock.periods))
        assert [period.end for period in clock.periods[:-1]] == [period.start for period in clock.periods[1:]]
