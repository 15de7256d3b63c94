"""Promises are found in what agents write, and nothing else is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.clock.calendar import OFFICE, Calendar
from cases.text.promises.find import find

from .phrasings import NONE, ONCE, REPEATED, SEVERAL, VAGUE

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


def test_a_repeated_promise_with_an_hour_begins_at_the_next_one():
    assert due("Each day at 4 we'll send you the figures.") == at("11 16:00")
    assert due("I'll send a recap at the end of each day.") == at("11 17:00")
    assert due("We'll post updates on the hour.", at("11 10:20")) == at("11 11:00")


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


def test_a_day_that_has_closed_lasts_until_midnight():
    evening = datetime(2026, 3, 11, 18, tzinfo=BERLIN)
    assert due("We'll send it today.", evening) == at("11 23:59")


def test_tomorrow_on_a_friday_is_saturday_unless_business_days_are_said():
    friday = datetime(2026, 3, 13, 18, tzinfo=BERLIN)
    assert due("We'll send it tomorrow.", friday) == at("14 17:00")
    assert due("We'll send it on the next business day.", friday) == at("16 17:00")
    assert due("We'll reply within 2 business days.", friday) == at("17 17:00")
    assert due("We'll reply within 3 business hours.", friday) == at("16 12:00")


def test_a_time_that_has_passed_is_of_the_next_day_unless_it_says_today():
    afternoon = datetime(2026, 3, 11, 16, tzinfo=BERLIN)
    assert due("I'll call you by 3 pm.", afternoon) == at("12 15:00")
    assert due("I'll call you today by 3 pm.", afternoon) == at("11 15:00")


def test_an_hour_without_am_or_pm_is_the_next_one():
    assert due("I'll call you by 3.", at("11 08:00")) == at("11 15:00")
    assert due("I'll call you by 9.", at("11 14:00")) == at("12 09:00")
    assert due("I'll call you by 3.", at("11 23:00")) == at("12 03:00")
    assert due("I'll call you tomorrow at 9.", at("11 08:00")) == at("12 09:00")


def test_a_day_of_the_week_is_the_next_one():
    monday = at("09 10:00")
    assert due("We'll do it on Monday.", monday) == at("16 17:00")
    assert due("We'll do it by Friday.", monday) == at("13 17:00")
    assert due("We'll do it next Friday.", monday) == at("20 17:00")
    assert due("We'll do it this Friday.", monday) == at("13 17:00")


def test_how_long_is_elapsed_time_and_the_clock_is_wall_time_when_the_clocks_change():
    before = datetime(2026, 3, 28, 22, tzinfo=BERLIN)  # at 2:00 it is 3:00
    assert due("We'll have it within 6 hours.", before) == datetime(2026, 3, 29, 3, tzinfo=UTC)
    assert due("We'll have it within 6 hours.", before).hour == 5
    assert due("We'll have it tomorrow at 9 am.", before) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 22, tzinfo=BERLIN)
    assert due("We'll have it within 6 hours.", autumn).hour == 3
    assert due("We'll have it tomorrow at 9 am.", autumn) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_days_go_over_the_ends_of_months_and_years():
    silvester = datetime(2026, 12, 31, 10, tzinfo=BERLIN)
    assert due("We'll call you tomorrow at 9 am.", silvester) == datetime(2027, 1, 1, 9, tzinfo=BERLIN)
    assert due("You'll have it by January 5th.", silvester) == datetime(2027, 1, 5, 17, tzinfo=BERLIN)
    assert due("You'll have it by the 4th.", silvester) == datetime(2027, 1, 4, 17, tzinfo=BERLIN)
    assert due("You'll have it by the end of the month.", silvester) == datetime(
        2026, 12, 31, 17, tzinfo=BERLIN
    )
    assert due("You'll have it by the end of next month.", silvester) == datetime(
        2027, 1, 31, 17, tzinfo=BERLIN
    )


def test_a_day_that_does_not_exist_is_no_time():
    assert told("We'll have it by 2026-02-30.") == []
    assert told("We'll have it by February 30th.") == []


def test_times_are_of_the_zone_that_is_written_or_else_of_the_given_one():
    tokyo, new_york = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
    now = datetime(2026, 3, 11, 9, tzinfo=UTC)
    assert due("We'll call you by 8 pm.", now, tokyo) == datetime(2026, 3, 11, 11, tzinfo=UTC)
    assert due("We'll call you by 8 pm UTC.", now, tokyo) == datetime(2026, 3, 11, 20, tzinfo=UTC)
    assert due("We'll call you by 2pm ET.", now, tokyo) == datetime(2026, 3, 11, 18, tzinfo=UTC)
    assert due("We'll call you by 9:30 IST.", now, new_york) == datetime(2026, 3, 12, 4, tzinfo=UTC)
    assert due("We'll call you at 15:00 UTC+2.", now, new_york) == datetime(2026, 3, 11, 13, tzinfo=UTC)
    assert due("We'll call you by 8 pm.", now, tokyo).tzinfo is tokyo


def test_the_calendar_tells_when_a_day_closes_and_which_are_open():
    short = Calendar(BERLIN, (*OFFICE.weekly[:4], ((OFFICE.weekly[0][0][0], at("11 14:00").time()),), (), ()))
    assert due("You'll have it by Friday.", calendar=short) == at("13 14:00")
    closed = Calendar(BERLIN, OFFICE.weekly, frozenset({date(2026, 3, 12)}))
    assert due("You'll have it within 1 business day.", calendar=closed) == at("13 17:00")
    assert due("You'll have it tomorrow.", calendar=closed) == at("12 17:00")
    never = Calendar(BERLIN, ((),) * 7)
    assert due("You'll have it within 1 business day.", calendar=never) == at("12 17:00")
    assert due("You'll have it within 2 business hours.", calendar=never) == at("11 12:00")


def test_a_phrase_is_what_the_text_says():
    text = "Hi,\n\nWe’ll be done **by 3 p.m.** tomorrow, and I'll send\nUpdates every 30 minutes."
    phrases = [promise.phrase for promise in told(text)]
    assert phrases[1:] == ["Updates every 30 minutes"]
    assert phrases[0] == "by 3 p.m.** tomorrow"


WORDS = (
    "we will you I'll by 3 pm within the hour every 30 minutes tomorrow Monday EOD shortly once if not please update"
    " fix ETA 2h , . ? > \" ' \n - 99 0 24 13:00 2026-02-30 in next week 31st UTC+9 and or between half ` ( ) a İ ß’"
).split(" ")


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)))
def test_any_text_is_read_and_phrases_lie_in_it(text):
    last = 0
    for promise in told(text):
        assert last <= promise.start < promise.end <= len(text)
        assert text[promise.start : promise.end] == promise.phrase
        assert promise.vague == (promise.due is None)
        last = promise.end


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), st.datetimes(timezones=st.just(BERLIN)))
def test_it_may_be_any_time(text, now):
    assert isinstance(told(text, now), list)


@pytest.mark.parametrize(
    "piece", ["we will ", "by ", "3 ", "1-", "once you ", "'a ", '" ', "\n", "and update you ", "a"]
)
def test_very_long_texts_are_read(piece):
    assert isinstance(told(piece * (20_000 // len(piece))), list)
