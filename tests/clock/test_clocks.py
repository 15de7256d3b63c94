"""The clocks of a case run while it is in our hands and we are at work."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.clock.calendar import ALWAYS, OFFICE, BadCalendar, Calendar
from cases.clock.clocks import Measure, Moment, Stretch, Targets, What, course

from .minutes import MINUTE, simulate
from .strategies import calendars, steady, times

HOUR = timedelta(hours=1)
TARGETS = Targets(HOUR, 2 * HOUR, 8 * HOUR)


def on(day, hour, minute=0):
    """A day of the week that begins with Monday, 16 November."""
    return datetime(2026, 11, 15 + day, hour, minute, tzinfo=UTC)


def mon(hour, minute=0):
    return on(1, hour, minute)


OPENED = Moment(mon(10), What.OPENED)


def went(*moments, now, calendar=ALWAYS, targets=TARGETS):
    return course(targets, calendar, [OPENED, *moments], now)


def test_a_new_case_waits_for_a_first_response_and_a_resolution():
    found = went(now=mon(10, 20))
    assert found.first_response.due == mon(11)
    assert found.first_response.left == 40 * MINUTE
    assert found.resolution.due == mon(18)
    assert found.updates == []
    assert found.due == (mon(11), Measure.FIRST_RESPONSE)


@pytest.mark.parametrize("word", [What.ANSWERED, What.UPDATED, What.REQUESTED, What.RESOLVED, What.CLOSED])
def test_any_public_word_of_ours_is_a_first_response(word):
    first = went(Moment(mon(10, 30), word), now=mon(20)).first_response
    assert (first.ended, first.spent, first.missed, first.due) == (mon(10, 30), 30 * MINUTE, None, None)


def test_what_customers_add_does_not_answer_them():
    assert went(Moment(mon(10, 30), What.ASKED), now=mon(10, 40)).first_response.due == mon(11)


def test_a_first_response_that_came_late_was_missed_when_it_was_due():
    first = went(Moment(mon(11, 30), What.ANSWERED), now=mon(20)).first_response
    assert (first.missed, first.ended, first.spent, first.left) == (
        mon(11),
        mon(11, 30),
        90 * MINUTE,
        timedelta(),
    )


def test_who_answers_in_the_very_moment_it_is_due_is_in_time():
    assert went(Moment(mon(11), What.ANSWERED), now=mon(20)).first_response.missed is None


def test_it_is_missed_in_the_very_moment_it_is_due_and_not_before():
    assert went(now=mon(11) - MINUTE / 60).first_response.missed is None
    assert went(now=mon(11)).first_response.missed == mon(11)


def test_what_is_missed_stays_due_since_then():
    first = went(now=mon(13)).first_response
    assert (first.due, first.missed, first.spent) == (mon(11), mon(11), 3 * HOUR)


def test_nights_do_not_count():
    calendar = OFFICE
    targets = Targets(resolution=8 * HOUR)
    resolution = went(now=on(2, 9, 30), calendar=calendar, targets=targets).resolution
    assert (resolution.due, resolution.spent, resolution.closed) == (
        on(2, 10),
        7 * HOUR + 30 * MINUTE,
        16 * HOUR,
    )


def test_what_is_due_when_we_close_is_missed_by_an_answer_at_night():
    first = went(
        Moment(mon(20), What.ANSWERED),
        now=on(2, 9),
        calendar=OFFICE,
        targets=Targets(first_response=7 * HOUR),
    ).first_response
    assert (first.spent, first.missed) == (7 * HOUR, mon(17))


def test_the_customers_word_after_ours_starts_a_round_that_our_next_word_ends():
    found = went(
        Moment(mon(10, 30), What.ANSWERED),
        Moment(mon(12), What.ASKED),
        Moment(mon(12, 30), What.ANSWERED),
        Moment(mon(14), What.ASKED),
        now=mon(14, 10),
    )
    assert [(each.started, each.ended, each.due) for each in found.updates] == [
        (mon(12), mon(12, 30), None),
        (mon(14), None, mon(16)),
    ]
    assert found.due == (mon(16), Measure.NEXT_UPDATE)


def test_a_second_message_does_not_start_the_round_anew():
    found = went(
        Moment(mon(10, 30), What.ANSWERED),
        Moment(mon(12), What.ASKED),
        Moment(mon(13), What.ASKED),
        now=mon(13, 10),
    )
    assert [each.due for each in found.updates] == [mon(14)]


def test_an_update_that_keeps_the_turn_starts_the_next_round():
    found = went(Moment(mon(10, 30), What.UPDATED), Moment(mon(12), What.UPDATED), now=mon(12, 10))
    assert [(each.started, each.ended, each.due) for each in found.updates] == [
        (mon(10, 30), mon(12), None),
        (mon(12), None, mon(14)),
    ]
    assert found.resolution.paused == {}


def test_the_resolution_waits_for_what_we_asked_for():
    found = went(
        Moment(mon(11), What.REQUESTED, "a screenshot"), Moment(mon(13, 10), What.ASKED), now=mon(13, 20)
    )
    assert found.resolution.paused == {"waiting for a screenshot": 130 * MINUTE}
    assert found.resolution.due == on(1, 20, 10)
    assert found.resolution.course == [
        Stretch(mon(10), mon(11), "", HOUR, HOUR),
        Stretch(mon(11), mon(13, 10), "waiting for a screenshot", 130 * MINUTE, timedelta()),
        Stretch(mon(13, 10), None, "", 10 * MINUTE, 10 * MINUTE),
    ]


def test_asking_after_it_does_not_forget_what_we_wait_for():
    found = went(Moment(mon(11), What.REQUESTED, "a log"), Moment(mon(12), What.ANSWERED), now=mon(13))
    assert found.resolution.pause == "waiting for a log"
    again = went(
        Moment(mon(11), What.REQUESTED, "a log"),
        Moment(mon(12), What.ASKED),
        Moment(mon(13), What.ANSWERED),
        now=mon(14),
    )
    assert again.resolution.pause == "waiting for the customer"


def test_while_the_customer_has_the_turn_nothing_is_due():
    found = went(Moment(mon(11), What.ANSWERED), now=on(5, 12))
    assert found.due is None
    assert (found.resolution.due, found.resolution.left, found.resolution.pause) == (
        None,
        7 * HOUR,
        "waiting for the customer",
    )


def test_sleep_pauses_every_clock_until_it_wakes_or_the_customer_writes():
    asleep = [Moment(mon(10, 10), What.SNOOZED)]
    found = went(*asleep, now=mon(11))
    assert (found.first_response.due, found.first_response.left, found.first_response.pause) == (
        None,
        50 * MINUTE,
        "snoozed",
    )
    for end in (What.WOKEN, What.ASKED):
        found = went(*asleep, Moment(mon(12, 10), end), now=mon(12, 20))
        assert (found.first_response.due, found.resolution.due) == (mon(13), mon(20))
        assert found.first_response.paused == {"snoozed": 2 * HOUR}


def test_sleep_pauses_the_next_update_too():
    found = went(
        Moment(mon(10, 30), What.UPDATED),
        Moment(mon(11), What.SNOOZED),
        Moment(mon(12), What.WOKEN),
        now=mon(12),
    )
    assert found.updates[0].due == mon(13, 30)


def test_who_waits_for_the_customer_does_not_sleep_as_well():
    found = went(Moment(mon(11), What.REQUESTED, "a log"), Moment(mon(12), What.SNOOZED), now=mon(13))
    assert found.resolution.paused == {"waiting for a log": 2 * HOUR}


def test_what_is_resolved_ends_everything():
    found = went(
        Moment(mon(10, 30), What.UPDATED),
        Moment(mon(11), What.RESOLVED),
        Moment(mon(11, 30), What.RESOLVED),
        Moment(mon(12), What.CLOSED),
        now=on(4, 12),
    )
    assert {each.ended for each in (*found.updates, found.resolution)} == {mon(11)}
    assert found.resolution.paused == {}
    assert found.due is None


def test_a_reopened_case_goes_on_with_what_was_left():
    found = went(
        Moment(mon(11), What.RESOLVED),
        Moment(mon(15), What.CLOSED),
        Moment(on(2, 10), What.REOPENED),
        now=on(2, 10, 30),
    )
    assert found.resolution.due == on(2, 17)
    assert found.resolution.paused == {"resolved": 23 * HOUR}
    assert found.first_response.ended == mon(11)
    assert [each.due for each in found.updates] == [on(2, 12)]


def test_what_is_taken_back_in_the_same_moment_leaves_no_trace():
    found = went(Moment(mon(11), What.RESOLVED), Moment(mon(11), What.REOPENED), now=mon(12))
    assert found.resolution.course == [Stretch(mon(10), None, "", 2 * HOUR, 2 * HOUR)]


def test_what_was_missed_before_a_pause_stays_missed_then():
    found = went(
        Moment(mon(19), What.ANSWERED),
        Moment(mon(20), What.ASKED),
        now=mon(20, 30),
    )
    assert (found.resolution.missed, found.resolution.due) == (mon(18), mon(18))


def test_a_measure_without_a_target_has_no_clock():
    found = went(Moment(mon(11), What.UPDATED), now=mon(12), targets=Targets(next_update=HOUR))
    assert (found.first_response, found.resolution, len(found.updates)) == (None, None, 1)
    assert went(now=mon(12), targets=Targets()).clocks == []


def test_before_a_case_is_opened_there_are_no_clocks():
    assert course(TARGETS, ALWAYS, [OPENED], mon(9)).clocks == []
    assert course(TARGETS, ALWAYS, [Moment(mon(9), What.ANSWERED)], mon(10)).clocks == []


def test_what_comes_before_the_opening_does_not_count_and_what_comes_with_it_comes_after_it():
    early = went(Moment(mon(9), What.ANSWERED), now=mon(10, 10))
    assert early.first_response.due == mon(11)
    moments = [Moment(mon(10), What.RESOLVED), OPENED]
    at_once = course(TARGETS, ALWAYS, moments, mon(12))
    assert (at_once.resolution.ended, at_once.resolution.course, at_once.resolution.missed) == (
        mon(10),
        [],
        None,
    )


def test_what_has_not_happened_yet_does_not_count():
    assert went(Moment(mon(11), What.RESOLVED), now=mon(10, 30)).first_response.due == mon(11)


def test_the_second_time_of_an_hour_that_comes_twice_is_later_than_the_first():
    berlin = ZoneInfo("Europe/Berlin")
    opened = Moment(datetime(2026, 10, 25, 2, 50, tzinfo=berlin), What.OPENED)
    answered = Moment(datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1), What.ANSWERED)
    found = course(TARGETS, ALWAYS, [answered, opened], datetime(2026, 10, 26, tzinfo=berlin))
    assert found.first_response.spent == 20 * MINUTE


def test_a_calendar_that_never_opens_is_named():
    never = Calendar(ZoneInfo("UTC"), ((),) * 7)
    with pytest.raises(BadCalendar):
        went(now=mon(11), calendar=never)


WHATS = st.sampled_from(What)
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
    moments = data.draw(st.lists(st.builds(Moment, at, WHATS, REASONS), max_size=14))
    opened = Moment(middle - 24 * HOUR, What.OPENED)
    now = data.draw(at)
    found = course(targets, calendar, [opened, *moments], now)
    told = [
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
        for clock in found.clocks
    ]
    assert told == simulate(targets, calendar, [opened, *moments], now)
    for clock in found.clocks:
        assert clock.left == max(clock.target - clock.spent, timedelta())
        whole = sum((part.lasted for part in clock.course), timedelta())
        assert whole == (clock.ended or max(now, clock.started)) - clock.started
        assert all(part.start < part.end for part in clock.course if part.end)
        assert all(one.pause != other.pause for one, other in pairwise(clock.course))
        assert [part.end for part in clock.course[:-1]] == [part.start for part in clock.course[1:]]
