"""Promises are found in what agents write, and nothing else is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.clock.calendar import OFFICE, Calendar
from cases.clock.promises import find
from tests.clock.phrasings import NONE, ONCE, REPEATED, SEVERAL, VAGUE

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 10, tzinfo=BERLIN)


def told(text, now=NOW, zone=BERLIN, **more):
    return find(text, now, zone, **more)


def due(text, now=NOW, zone=BERLIN, **more):
    """When the only promise of a text is due."""
    (promise,) = told(text, now, zone, **more)
    return promise.due


def at(written):
    return written and datetime.strptime(f"2026-03-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN)


@pytest.mark.parametrize(("text", "when"), ONCE.items())
def test_a_promise_for_once_is_due_at_its_time(text, when):
    (promise,) = told(text)
    assert promise.due == at(when)
    assert promise.every is None
    assert not promise.vague


@pytest.mark.parametrize(("text", "minutes"), REPEATED.items())
def test_a_repeated_promise_is_first_due_after_one_interval(text, minutes):
    (promise,) = told(text)
    assert promise.every == timedelta(minutes=minutes)
    if "morning" not in text:
        assert promise.due == NOW + promise.every


@pytest.mark.parametrize(("text", "phrase"), VAGUE.items())
def test_a_vague_promise_has_no_time(text, phrase):
    (promise,) = told(text)
    assert promise.vague
    assert promise.due is None
    assert promise.phrase == phrase


@pytest.mark.parametrize("text", NONE)
def test_this_is_no_promise(text):
    assert told(text) == []


@pytest.mark.parametrize(("text", "promises"), SEVERAL.items())
def test_several_promises_come_in_the_order_of_the_text(text, promises):
    assert [(promise.phrase, promise.due) for promise in told(text)] == [
        (phrase, at(when)) for phrase, when in promises
    ]


def test_the_table_is_large():
    assert len(ONCE) + len(REPEATED) + len(VAGUE) + len(NONE) + len(SEVERAL) >= 250
    assert len(NONE) >= 80
