"""A clock's course reads right to someone who was not there."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.clock.calendar import ALWAYS, OFFICE
from cases.clock.clocks import Moment, Targets, What, course
from cases.clock.words import duration, explain, open_time


def mon(hour, minute=0):
    return datetime(2026, 11, 16, hour, minute, tzinfo=UTC)


def tue(hour, minute=0):
    return mon(hour, minute) + timedelta(days=1)


def told(targets, *moments, now, calendar=OFFICE):
    return course(targets, calendar, [Moment(mon(10), What.OPENED), *moments], now)


def say(at):
    return f"{at:%a %H:%M}"


@pytest.mark.parametrize(
    ("minutes", "words", "of_work"),
    [
        (0, "less than a minute", "less than a minute"),
        (0.9, "less than a minute", "less than a minute"),
        (1, "1 min", "1 min"),
        (60, "1 h", "1 h"),
        (130, "2 h 10 min", "2 h 10 min"),
        (24 * 60, "1 d", "24 h"),
        (24 * 60 + 59, "1 d", "24 h 59 min"),
        (76 * 60 + 5, "3 d 4 h", "76 h 5 min"),
    ],
)
def test_lengths_of_time_are_told_in_two_units(minutes, words, of_work):
    assert duration(timedelta(minutes=minutes)) == words
    assert open_time(timedelta(minutes=minutes)) == of_work


def test_a_running_clock_tells_its_pauses_and_when_it_is_due():
    clock = told(
        Targets(resolution=timedelta(hours=8)),
        Moment(mon(11), What.REQUESTED, "a screenshot"),
        Moment(mon(13, 10), What.ASKED),
        Moment(mon(14), What.SNOOZED),
        Moment(mon(14, 40), What.WOKEN),
        now=tue(9, 30),
    ).resolution
    assert explain(clock, say) == [
        "started Mon 10:00",
        "paused 2 h 10 min while waiting for a screenshot",
        "paused 40 min while snoozed",
        "outside business hours 16 h",
        "ran 4 h 40 min of 8 h",
        "due Tue 12:50",
    ]


def test_a_paused_clock_tells_what_is_left():
    clock = told(
        Targets(resolution=timedelta(hours=4)), Moment(mon(11), What.REQUESTED, "a log"), now=mon(12)
    ).resolution
    assert explain(clock, say) == [
        "started Mon 10:00",
        "paused 1 h while waiting for a log",
        "ran 1 h of 4 h",
        "now waiting for a log with 3 h left",
    ]


def test_a_clock_that_ended_in_time_says_so():
    clock = told(
        Targets(first_response=timedelta(hours=1)), Moment(mon(10, 20), What.ANSWERED), now=tue(9)
    ).first_response
    assert explain(clock, say) == ["started Mon 10:00", "ran 20 min of 1 h", "done in time Mon 10:20"]


def test_a_clock_that_was_missed_tells_when_it_was_due():
    late = Moment(mon(12), What.ANSWERED)
    targets = Targets(first_response=timedelta(hours=1), resolution=timedelta(minutes=30))
    found = told(targets, late, now=mon(13))
    assert explain(found.first_response, say)[-3:] == [
        "ran 2 h of 1 h",
        "was due Mon 11:00",
        "done Mon 12:00",
    ]
    assert explain(found.resolution, say)[-2:] == ["was due Mon 10:30", "now waiting for the customer"]
    assert explain(told(targets, now=mon(13)).first_response, say)[-2:] == [
        "ran 3 h of 1 h",
        "was due Mon 11:00",
    ]


def test_a_clock_that_just_began_has_not_run():
    assert explain(told(Targets(timedelta(hours=1)), now=mon(10), calendar=ALWAYS).first_response, say) == [
        "started Mon 10:00",
        "ran 0 min of 1 h",
        "due Mon 11:00",
    ]


def test_what_lasted_less_than_a_minute_is_not_worth_a_word():
    clock = told(
        Targets(resolution=timedelta(hours=4)),
        Moment(mon(11), What.SNOOZED),
        Moment(mon(11) + timedelta(seconds=9), What.WOKEN),
        now=mon(12),
    ).resolution
    assert explain(clock, say) == ["started Mon 10:00", "ran 1 h 59 min of 4 h", "due Mon 14:00"]
