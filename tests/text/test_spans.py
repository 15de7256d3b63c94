"""Lengths of time in words."""

from datetime import timedelta

import pytest

from cases.text.spans import duration, open_time


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
def test_a_length_of_time_is_said_in_two_units_and_open_time_in_hours(minutes, words, of_work):
    assert duration(timedelta(minutes=minutes)) == words
    assert open_time(timedelta(minutes=minutes)) == of_work
