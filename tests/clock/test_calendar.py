"""Open time passes while the clock on the wall shows open hours, and only then."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.clock.calendar import ALWAYS, OFFICE, BadCalendar, Calendar

from .minutes import MINUTE, Wall
from .strategies import CHANGES, DAYS, calendars, steady, times

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def at(*parts, zone=UTC, fold=0):
    return datetime(*parts, tzinfo=zone, fold=fold)


def daily(*hours, zone=BERLIN, holidays=()):
    return Calendar(zone, (tuple((time(*a), time(*b)) for a, b in hours),) * 7, frozenset(holidays))


def test_the_office_is_open_from_nine_until_five_on_weekdays():
    assert OFFICE.is_open(at(2026, 11, 20, 9))
    assert OFFICE.is_open(at(2026, 11, 20, 16, 59))
    assert not OFFICE.is_open(at(2026, 11, 20, 17))
    assert not OFFICE.is_open(at(2026, 11, 21, 12))


def test_open_time_leaves_nights_and_weekends_out():
    assert OFFICE.open_between(at(2026, 11, 20, 16), at(2026, 11, 23, 10)) == 2 * HOUR
    assert OFFICE.after(at(2026, 11, 20, 16), 2 * HOUR) == at(2026, 11, 23, 10)
    assert OFFICE.before(at(2026, 11, 23, 10), 2 * HOUR) == at(2026, 11, 20, 16)


def test_a_span_that_just_fits_into_a_day_ends_when_the_day_closes():
    assert OFFICE.after(at(2026, 11, 20, 16), HOUR) == at(2026, 11, 20, 17)
    assert OFFICE.before(at(2026, 11, 23, 10), HOUR) == at(2026, 11, 23, 9)


def test_a_span_of_nothing_ends_at_once_even_at_night():
    night = at(2026, 11, 21, 3)
    assert OFFICE.after(night, timedelta()) == OFFICE.before(night, timedelta()) == night


def test_no_open_time_passes_backwards():
    for calendar in (OFFICE, ALWAYS):
        assert calendar.open_between(at(2026, 11, 20, 12), at(2026, 11, 20, 11)) == timedelta()


def test_a_holiday_is_closed():
    calendar = Calendar(OFFICE.zone, OFFICE.weekly, frozenset([date(2026, 12, 25)]))
    assert calendar.after(at(2026, 12, 24, 16), 2 * HOUR) == at(2026, 12, 28, 10)


def test_a_lunch_break_is_closed():
    calendar = daily(((9,), (12,)), ((13,), (17,)), zone=ZoneInfo("UTC"))
    assert calendar.after(at(2026, 11, 20, 11), 2 * HOUR) == at(2026, 11, 20, 14)
    assert calendar.before(at(2026, 11, 20, 14), 2 * HOUR) == at(2026, 11, 20, 11)


def test_hours_of_the_night_in_which_clocks_go_forward_count_as_they_elapse():
    whole_day = daily(((0,), (0,)))
    assert whole_day.open_between(at(2026, 3, 29, zone=BERLIN), at(2026, 3, 30, zone=BERLIN)) == 23 * HOUR
    assert whole_day.open_between(at(2026, 10, 25, zone=BERLIN), at(2026, 10, 26, zone=BERLIN)) == 25 * HOUR
    assert whole_day.after(at(2026, 3, 28, 12, zone=BERLIN), 24 * HOUR) == at(2026, 3, 29, 13, zone=BERLIN)


def test_an_opening_at_half_past_two_is_at_three_when_there_is_no_half_past_two():
    calendar = daily(((2, 30), (10,)))
    assert calendar.spans(date(2026, 3, 29)) == [
        (at(2026, 3, 29, 3, zone=BERLIN), at(2026, 3, 29, 10, zone=BERLIN))
    ]


def test_hours_that_the_clock_leaves_out_are_not_open():
    assert daily(((2,), (3,))).spans(date(2026, 3, 29)) == []


def test_hours_that_happen_twice_are_open_twice():
    assert daily(((2,), (3,))).spans(date(2026, 10, 25)) == [
        (at(2026, 10, 25, 0), at(2026, 10, 25, 1)),
        (at(2026, 10, 25, 1), at(2026, 10, 25, 2)),
    ]
    assert daily(((2, 30), (4,))).spans(date(2026, 10, 25)) == [
        (at(2026, 10, 25, 0, 30), at(2026, 10, 25, 1)),
        (at(2026, 10, 25, 1, 30), at(2026, 10, 25, 3)),
    ]


def test_a_day_that_never_was_is_not_open():
    assert daily(((0,), (0,)), zone=ZoneInfo("Pacific/Apia")).spans(date(2011, 12, 30)) == []


def test_around_the_clock_is_plain_addition():
    start = at(2026, 3, 28, 12, 0, 1, 5, zone=BERLIN)
    for calendar in (ALWAYS, daily(((0,), (0,)))):
        assert calendar.after(start, 5000 * 24 * HOUR) == start.astimezone(UTC) + 5000 * 24 * HOUR
        assert calendar.open_between(start, calendar.after(start, 5000 * 24 * HOUR)) == 5000 * 24 * HOUR
        assert calendar.before(calendar.after(start, HOUR), HOUR) == start


def test_around_the_clock_but_for_a_holiday_is_a_day_longer():
    calendar = daily(((0,), (0,)), holidays=[date(2026, 12, 25)])
    assert calendar.after(at(2026, 12, 24, zone=BERLIN), 48 * HOUR) == at(2026, 12, 27, zone=BERLIN)


def test_an_hour_that_comes_again_after_midnight_still_belongs_to_the_day_before():
    calendar = daily(((23,), (0,)), zone=ZoneInfo("America/St_Johns"))
    assert calendar.open_between(at(2010, 11, 6, 12), at(2010, 11, 7, 12)) == HOUR + 59 * MINUTE


def test_the_minute_after_midnight_before_the_clock_is_set_back_to_the_day_before_counts():
    calendar = Calendar(ZoneInfo("America/St_Johns"), ((),) * 6 + (((time(0), time(0)),),))
    assert calendar.open_between(at(2010, 11, 7, 2), at(2010, 11, 7, 2, 31)) == MINUTE
    assert calendar.open_between(at(2010, 11, 7, 2, 30, 30), at(2010, 11, 7, 2, 40)) == MINUTE / 2


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ((), "There are no open hours in the week."),
        ((((17,), (9,)),), "On Mondays, 17:00 to 09:00 ends before it begins."),
        ((((9,), (9,)),), "On Mondays, 09:00 to 09:00 ends before it begins."),
        ((((9,), (13,)), ((12,), (17,))), "On Mondays, the hours from 12:00 overlap those before."),
        ((((9,), (0,)), ((12,), (17,))), "On Mondays, the hours from 12:00 overlap those before."),
    ],
)
def test_a_calendar_that_cannot_be_kept_says_why(hours, complaint):
    with pytest.raises(BadCalendar, match=complaint):
        daily(*hours).check()


def test_a_calendar_that_can_be_kept_passes():
    ALWAYS.check()
    OFFICE.check()
    daily(((9,), (12,)), ((12,), (0,))).check()


def test_a_calendar_that_never_opens_is_given_up():
    years = frozenset(date(2026, 1, 1) + timedelta(days=number) for number in range(25 * 365))
    for calendar in (daily(), daily(((9,), (17,)), holidays=years)):
        with pytest.raises(BadCalendar, match="twenty years"):
            calendar.after(at(2026, 11, 20), MINUTE)
    with pytest.raises(BadCalendar, match="twenty years"):
        daily().before(at(2026, 11, 20), MINUTE)


@pytest.mark.parametrize("calendar", [ALWAYS, OFFICE])
def test_a_span_longer_than_anyone_waits_is_given_up(calendar):
    for count in (calendar.after, calendar.before):
        with pytest.raises(BadCalendar, match="twenty years"):
            count(at(2026, 11, 20), timedelta.max)


@steady
@given(st.data(), calendars())
def test_open_time_is_the_minutes_at_which_the_wall_shows_open(data, drawn):
    calendar, middle = drawn
    wall = Wall(calendar)
    start, end = sorted(data.draw(st.tuples(times(middle), times(middle))))
    assert calendar.open_between(start, end) == len(wall.open_minutes(start, end)) * MINUTE
    assert calendar.is_open(start) == wall.shows_open(start)


@steady
@given(st.data(), calendars())
def test_after_and_before_count_the_open_minutes_of_their_span(data, drawn):
    calendar, middle = drawn
    start, end = sorted(data.draw(st.tuples(times(middle), times(middle))))
    shown = Wall(calendar).open_minutes(start, end)
    assume(shown)
    count = data.draw(st.integers(1, len(shown)))
    assert calendar.after(start, count * MINUTE) == shown[count - 1] + MINUTE
    assert calendar.before(end, count * MINUTE) == shown[-count]


@pytest.mark.parametrize("name", sorted({name for name, _ in CHANGES}))
def test_many_weeks_at_once_are_as_long_as_their_minutes(name):
    holidays = frozenset([date(2026, 3, 18), date(2026, 4, 3)])
    calendar = Calendar(
        ZoneInfo(name), (((time(0, 30), time(2, 45)), (time(9), time(17))),) * 6 + ((),), holidays
    )
    start, end = at(2026, 2, 20, 10, 1), at(2026, 5, 1, 9, 31)
    span = len(Wall(calendar).open_minutes(start, end)) * MINUTE
    assert calendar.open_between(start, end) == span
    assert calendar.open_between(start, calendar.after(start, span)) == span
    assert calendar.after(start, span) <= end < calendar.after(start, span + MINUTE)


@steady
@given(
    st.sampled_from(CHANGES),
    st.tuples(*[DAYS] * 7).filter(any),
    st.frozensets(st.dates(date(2025, 1, 1), date(2029, 1, 1)), max_size=30),
    st.integers(0, 1000 * 1440),
    st.integers(1, 300 * 60),
)
def test_after_is_the_first_moment_when_that_much_has_passed(place, weekly, holidays, minute, count):
    calendar = Calendar(ZoneInfo(place[0]), weekly, holidays)
    start, span = at(2025, 6, 1) + minute * MINUTE, count * MINUTE
    assume(sum(map(len, Wall(calendar).open)) > 8 * 60)  # minutes a week
    due = calendar.after(start, span)
    assert calendar.open_between(start, due) == span
    assert calendar.open_between(start, due - MINUTE) < span
    since = calendar.before(due, span)
    assert calendar.open_between(since, due) == span
    assert calendar.open_between(since + MINUTE, due) < span
