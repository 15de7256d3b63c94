"""What pauses the clocks of a case, and what ends them."""

from datetime import timedelta

from cases.clock.clocks import Period
from cases.clock.progress import ClockEvent
from cases.clock.progress import ClockEventKind as Kind

from .minutes import MINUTE
from .week import HOUR, clocks, mon, on


def test_the_resolution_waits_for_what_we_asked_for():
    case = clocks(
        ClockEvent(mon(11), Kind.REQUESTED, "a screenshot"),
        ClockEvent(mon(13, 10), Kind.ASKED),
        now=mon(13, 20),
    )
    assert case.resolution.paused == {"waiting for a screenshot": 130 * MINUTE}
    assert case.resolution.due == on(1, 20, 10)
    assert case.resolution.periods == [
        Period(mon(10), mon(11), "", HOUR, HOUR),
        Period(mon(11), mon(13, 10), "waiting for a screenshot", 130 * MINUTE, timedelta()),
        Period(mon(13, 10), None, "", 10 * MINUTE, 10 * MINUTE),
    ]


def test_a_further_reply_does_not_forget_what_we_wait_for():
    case = clocks(
        ClockEvent(mon(11), Kind.REQUESTED, "a log"), ClockEvent(mon(12), Kind.ANSWERED), now=mon(13)
    )
    assert case.resolution.pause == "waiting for a log"
    again = clocks(
        ClockEvent(mon(11), Kind.REQUESTED, "a log"),
        ClockEvent(mon(12), Kind.ASKED),
        ClockEvent(mon(13), Kind.ANSWERED),
        now=mon(14),
    )
    assert again.resolution.pause == "waiting for the customer"


def test_while_the_customer_has_the_turn_nothing_is_due():
    case = clocks(ClockEvent(mon(11), Kind.ANSWERED), now=on(5, 12))
    assert [clock.due for clock in case.all if clock.due] == []
    assert (case.resolution.due, case.resolution.left, case.resolution.pause) == (
        None,
        7 * HOUR,
        "waiting for the customer",
    )


def test_a_snooze_pauses_every_clock_until_the_case_wakes_or_the_customer_writes():
    asleep = [ClockEvent(mon(10, 10), Kind.SNOOZED)]
    case = clocks(*asleep, now=mon(11))
    assert (case.first_response.due, case.first_response.left, case.first_response.pause) == (
        None,
        50 * MINUTE,
        "snoozed",
    )
    for end in (Kind.WOKEN, Kind.ASKED):
        case = clocks(*asleep, ClockEvent(mon(12, 10), end), now=mon(12, 20))
        assert (case.first_response.due, case.resolution.due) == (mon(13), mon(20))
        assert case.first_response.paused == {"snoozed": 2 * HOUR}


def test_a_snooze_pauses_the_next_update_too():
    case = clocks(
        ClockEvent(mon(10, 30), Kind.UPDATED),
        ClockEvent(mon(11), Kind.SNOOZED),
        ClockEvent(mon(12), Kind.WOKEN),
        now=mon(12),
    )
    assert case.updates[0].due == mon(13, 30)


def test_a_case_that_waits_for_the_customer_is_not_snoozed_as_well():
    case = clocks(
        ClockEvent(mon(11), Kind.REQUESTED, "a log"), ClockEvent(mon(12), Kind.SNOOZED), now=mon(13)
    )
    assert case.resolution.paused == {"waiting for a log": 2 * HOUR}


def test_a_resolution_ends_every_clock():
    case = clocks(
        ClockEvent(mon(10, 30), Kind.UPDATED),
        ClockEvent(mon(11), Kind.RESOLVED),
        ClockEvent(mon(11, 30), Kind.RESOLVED),
        ClockEvent(mon(12), Kind.CLOSED),
        now=on(4, 12),
    )
    assert {clock.ended for clock in (*case.updates, case.resolution)} == {mon(11)}
    assert case.resolution.paused == {}
    assert [clock.due for clock in case.all if clock.due] == []


def test_a_reopened_case_goes_on_with_what_was_left():
    case = clocks(
        ClockEvent(mon(11), Kind.RESOLVED),
        ClockEvent(mon(15), Kind.CLOSED),
        ClockEvent(on(2, 10), Kind.REOPENED),
        now=on(2, 10, 30),
    )
    assert case.resolution.due == on(2, 17)
    assert case.resolution.paused == {"resolved": 23 * HOUR}
    assert case.first_response.ended == mon(11)
    assert [update.due for update in case.updates] == [on(2, 12)]


def test_a_resolution_taken_back_in_the_same_moment_leaves_no_trace():
    case = clocks(ClockEvent(mon(11), Kind.RESOLVED), ClockEvent(mon(11), Kind.REOPENED), now=mon(12))
    assert case.resolution.periods == [Period(mon(10), None, "", 2 * HOUR, 2 * HOUR)]


def test_what_was_missed_before_a_pause_stays_missed_then():
    case = clocks(
        ClockEvent(mon(19), Kind.ANSWERED),
        ClockEvent(mon(20), Kind.ASKED),
        now=mon(20, 30),
    )
    assert (case.resolution.missed, case.resolution.due) == (mon(18), mon(18))
