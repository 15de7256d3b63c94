"""The clocks show what a simulation shows that asks in every minute how the case stands."""

from datetime import time, timedelta
from itertools import pairwise
from json import dumps, loads

from hypothesis import given
from hypothesis import strategies as st

from cases.clock.calendar import Calendar
from cases.clock.clocks import Measure, Targets, case_clocks, clocks_on, settled
from cases.clock.progress import ClockEvent, ClockEventKind, Progress

from .minutes import MINUTE, simulate
from .strategies import calendars, steady, times

HOUR = timedelta(hours=1)
KINDS = st.sampled_from(ClockEventKind)
REASONS = st.sampled_from(["", "", "a screenshot", "a log"])
SPANS = st.integers(0, 1500).map(lambda number: number * MINUTE)
TIGHT = st.integers(0, 120).map(lambda number: number * MINUTE)


def histories(middle, calendar):
    """A calendar that opens every day, and what happens to a case, in order."""
    always_some = tuple(hours or ((time(12), time(13)),) for hours in calendar.weekly)
    # Often in the same minute, sometimes before the case is opened.
    at = times(middle, days=2) | st.integers(-4, 96).map(lambda number: middle + (number / 2 - 24) * HOUR)
    events = st.lists(st.builds(ClockEvent, at, KINDS, REASONS), max_size=14)
    opened = ClockEvent(middle - 24 * HOUR, ClockEventKind.OPENED)
    ordered = events.map(
        lambda found: sorted(
            [opened, *found], key=lambda event: (event.at, event.kind is not ClockEventKind.OPENED)
        )
    )
    return Calendar(calendar.zone, always_some, calendar.holidays), ordered, at


@steady
@given(st.data(), calendars(), st.builds(Targets, TIGHT | SPANS, TIGHT | SPANS, TIGHT | SPANS))
def test_every_clock_goes_as_it_does_minute_by_minute(data, drawn, targets):
    calendar, middle = drawn
    calendar, history, at = histories(middle, calendar)
    events, now = data.draw(history), data.draw(at)
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


def stands(clock):
    return (
        clock.measure,
        clock.started,
        clock.ended,
        clock.due,
        clock.missed,
        clock.spent,
        clock.left,
        clock.pause,
    )


@steady
@given(st.data(), calendars(), st.builds(Targets, *[st.none() | TIGHT | SPANS] * 3))
def test_a_course_that_is_settled_and_kept_after_each_event_goes_on_as_if_it_had_not_been(
    data, drawn, targets
):
    calendar, middle = drawn
    calendar, history, _ = histories(middle, calendar)
    kept, whole = Progress(), Progress()
    for event in data.draw(history):
        kept.apply(event)
        whole.apply(event)
        now = whole.at + data.draw(SPANS)
        wanted = [stands(clock) for clock in clocks_on(whole, targets, calendar, now).all]
        shown = [stands(clock) for clock in clocks_on(kept, targets, calendar, now).all]
        ended = [clock for clock in wanted if clock not in shown]
        assert [clock for clock in wanted if clock not in ended] == shown
        assert all(measure == Measure.NEXT_UPDATE and end and end < whole.at for measure, _, end, *_ in ended)
        kept = Progress.read(loads(dumps(settled(kept, targets, calendar).as_json())))
        assert len(kept.updates) <= 1
        assert all(len(line.marks) <= 2 for line in (kept.first, *kept.updates, kept.resolution) if line)
