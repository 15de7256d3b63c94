"""The clocks of a case run while it is in our hands and we are at work."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.clock.calendar import ALWAYS, OFFICE, BadCalendar, Calendar
from cases.clock.clocks import Targets, case_clocks
from cases.clock.progress import ClockEvent
from cases.clock.progress import ClockEventKind as Kind

from .minutes import MINUTE
from .week import HOUR, OPENED, TARGETS, clocks, mon, on


def test_a_new_case_waits_for_a_first_response_and_a_resolution():
    case = clocks(now=mon(10, 20))
    assert case.first_response.due == mon(11)
    assert case.first_response.left == 40 * MINUTE
    assert case.resolution.due == mon(18)
    assert case.updates == []


@pytest.mark.parametrize("word", [Kind.ANSWERED, Kind.UPDATED, Kind.REQUESTED, Kind.RESOLVED])
def test_any_public_reply_of_an_agent_is_a_first_response(word):
    first = clocks(ClockEvent(mon(10, 30), word), now=mon(20)).first_response
    assert (first.ended, first.spent, first.missed, first.due) == (mon(10, 30), 30 * MINUTE, None, None)


def test_what_customers_add_does_not_answer_them():
    assert clocks(ClockEvent(mon(10, 30), Kind.ASKED), now=mon(10, 40)).first_response.due == mon(11)


def test_a_first_response_that_came_late_was_missed_when_it_was_due():
    first = clocks(ClockEvent(mon(11, 30), Kind.ANSWERED), now=mon(20)).first_response
    assert (first.missed, first.ended, first.spent, first.left) == (
        mon(11),
        mon(11, 30),
        90 * MINUTE,
        timedelta(),
    )


def test_an_answer_in_the_very_moment_it_is_due_is_in_time():
    assert clocks(ClockEvent(mon(11), Kind.ANSWERED), now=mon(20)).first_response.missed is None


def test_without_an_answer_it_is_missed_in_the_very_moment_it_is_due():
    assert clocks(now=mon(11) - MINUTE / 60).first_response.missed is None
    assert clocks(now=mon(11)).first_response.missed == mon(11)


def test_a_missed_clock_stays_due_since_then():
    first = clocks(now=mon(13)).first_response
    assert (first.due, first.missed, first.spent) == (mon(11), mon(11), 3 * HOUR)


def test_closed_hours_do_not_count():
    calendar = OFFICE
    targets = Targets(resolution=8 * HOUR)
    resolution = clocks(now=on(2, 9, 30), calendar=calendar, targets=targets).resolution
    assert (resolution.due, resolution.spent, resolution.closed) == (
        on(2, 10),
        7 * HOUR + 30 * MINUTE,
        16 * HOUR,
    )


def test_what_is_due_when_we_close_is_missed_by_an_answer_at_night():
    first = clocks(
        ClockEvent(mon(20), Kind.ANSWERED),
        now=on(2, 9),
        calendar=OFFICE,
        targets=Targets(first_response=7 * HOUR),
    ).first_response
    assert (first.spent, first.missed) == (7 * HOUR, mon(17))


def test_a_customers_message_after_ours_starts_a_round_that_our_next_reply_ends():
    case = clocks(
        ClockEvent(mon(10, 30), Kind.ANSWERED),
        ClockEvent(mon(12), Kind.ASKED),
        ClockEvent(mon(12, 30), Kind.ANSWERED),
        ClockEvent(mon(14), Kind.ASKED),
        now=mon(14, 10),
    )
    assert [(update.started, update.ended, update.due) for update in case.updates] == [
        (mon(12), mon(12, 30), None),
        (mon(14), None, mon(16)),
    ]


def test_a_second_message_does_not_start_the_round_anew():
    case = clocks(
        ClockEvent(mon(10, 30), Kind.ANSWERED),
        ClockEvent(mon(12), Kind.ASKED),
        ClockEvent(mon(13), Kind.ASKED),
        now=mon(13, 10),
    )
    assert [update.due for update in case.updates] == [mon(14)]


def test_an_update_that_keeps_the_turn_starts_the_next_round():
    case = clocks(ClockEvent(mon(10, 30), Kind.UPDATED), ClockEvent(mon(12), Kind.UPDATED), now=mon(12, 10))
    assert [(update.started, update.ended, update.due) for update in case.updates] == [
        (mon(10, 30), mon(12), None),
        (mon(12), None, mon(14)),
    ]
    assert case.resolution.paused == {}


def test_a_measure_without_a_target_has_no_clock():
    case = clocks(ClockEvent(mon(11), Kind.UPDATED), now=mon(12), targets=Targets(next_update=HOUR))
    assert (case.first_response, case.resolution, len(case.updates)) == (None, None, 1)
    assert clocks(now=mon(12), targets=Targets()).all == []


def test_before_a_case_is_opened_there_are_no_clocks():
    assert case_clocks(TARGETS, ALWAYS, [OPENED], mon(9)).all == []
    assert case_clocks(TARGETS, ALWAYS, [ClockEvent(mon(9), Kind.ANSWERED)], mon(10)).all == []


def test_what_comes_before_the_opening_does_not_count_and_what_comes_with_it_comes_after_it():
    early = case_clocks(TARGETS, ALWAYS, [ClockEvent(mon(9), Kind.ANSWERED), OPENED], mon(10, 10))
    assert early.first_response.due == mon(11)
    moments = [OPENED, ClockEvent(mon(10), Kind.RESOLVED)]
    at_once = case_clocks(TARGETS, ALWAYS, moments, mon(12))
    assert (at_once.resolution.ended, at_once.resolution.periods, at_once.resolution.missed) == (
        mon(10),
        [],
        None,
    )


def test_what_a_host_says_whose_clock_is_behind_happened_after_what_was_said_before():
    case = clocks(
        ClockEvent(mon(10, 30), Kind.ANSWERED),
        ClockEvent(mon(12), Kind.ASKED),
        ClockEvent(mon(11, 59), Kind.ANSWERED),
        now=mon(13),
    )
    assert case.resolution.pause == "waiting for the customer"
    assert [(update.started, update.ended) for update in case.updates] == [(mon(12), mon(12))]


def test_what_has_not_happened_yet_does_not_count():
    assert clocks(ClockEvent(mon(11), Kind.RESOLVED), now=mon(10, 30)).first_response.due == mon(11)


def test_the_second_time_of_an_hour_that_comes_twice_is_later_than_the_first():
    berlin = ZoneInfo("Europe/Berlin")
    opened = ClockEvent(datetime(2026, 10, 25, 2, 50, tzinfo=berlin), Kind.OPENED)
    answered = ClockEvent(datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1), Kind.ANSWERED)
    case = case_clocks(TARGETS, ALWAYS, [opened, answered], datetime(2026, 10, 26, tzinfo=berlin))
    assert case.first_response.spent == 20 * MINUTE


def test_a_calendar_that_never_opens_is_named():
    never = Calendar(ZoneInfo("UTC"), ((),) * 7)
    with pytest.raises(BadCalendar):
        clocks(now=mon(11), calendar=never)
