"""Calendars, and times around the days on which their clocks are set."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from cases.clock.calendar import Calendar

# The same examples every time; a machine that is busy fails none of them.
steady = settings(deadline=None, derandomize=True)

# Days on which clocks are set, or set nowhere near.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),  # there is no midnight
    ("Africa/Cairo", date(2026, 10, 29)),  # the last hour of the day comes twice
    ("America/Havana", date(2026, 11, 1)),  # the first one does
    ("America/St_Johns", date(2010, 11, 7)),  # a minute of it, then the last hour of the day before again
    ("Pacific/Apia", date(2011, 12, 30)),  # there was no such day
    ("Asia/Kolkata", date(2026, 6, 1)),
    ("Asia/Kathmandu", date(2026, 2, 27)),
    ("UTC", date(2026, 12, 31)),
]


def wall_time(minute):
    return time(minute // 60 % 24, minute % 60)


def hours_of(marks):
    """Hours from the first mark to the second, and from the third to the fourth; none where both are one."""
    marks = sorted(marks)
    spans = zip(marks[::2], marks[1::2], strict=True)
    return tuple((wall_time(opens), wall_time(closes)) for opens, closes in spans if opens < closes)


MARK = st.integers(0, 1440)
HOURS = (st.tuples(MARK, MARK) | st.tuples(MARK, MARK, MARK, MARK)).map(hours_of)
DAYS = HOURS | st.sampled_from(
    [
        (),
        ((time(0), time(0)),),
        ((time(9), time(17)),),
        ((time(2, 30), time(10)),),
        ((time(1, 15), time(2, 30)),),
        ((time(22), time(0)),),
    ]
)


@st.composite
def calendars(draw):
    """A calendar, and the moment about which its times are drawn."""
    name, day = draw(st.sampled_from(CHANGES))
    days = st.integers(-3, 3).map(lambda number: day + timedelta(days=number))
    holidays = draw(st.frozensets(days, max_size=2))
    weekly = draw(st.tuples(*[DAYS] * 7))
    return Calendar(ZoneInfo(name), weekly, holidays), datetime.combine(day, time(0), UTC)


def times(middle, days=3):
    """Whole minutes about the middle, in any zone."""
    zones = st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
    most = days * 1440
    return st.builds(
        lambda number, zone: (middle + timedelta(minutes=number)).astimezone(zone),
        st.integers(-most, most),
        zones,
    )
