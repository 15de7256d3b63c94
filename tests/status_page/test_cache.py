"""What is made once for everybody who asks at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError

from cases.status_page import cache
from cases.status_page.cache import Kept


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(cache, "monotonic", lambda: Clock.now)
    return Clock


class Maker:
    """Counts how often it was asked, and waits where it is told to."""

    def __init__(self):
        self.asked, self.goes_on, self.began, self.broken = 0, threading.Event(), threading.Event(), False
        self.goes_on.set()

    def __call__(self, *key):
        self.asked += 1
        number = self.asked
        self.began.set()
        assert self.goes_on.wait(10)
        if self.broken:
            raise OperationalError
        return number


@pytest.fixture
def make():
    return Maker()


def test_is_made_anew_after_a_few_seconds_and_not_before(make, clock):
    one = Kept(make, fresh=2, old=4)
    assert [one(), one()] == [1, 1]
    clock.now += 1.9
    assert one() == 1
    clock.now += 0.2
    assert [one(), one()] == [2, 2]


def test_many_who_ask_for_what_is_not_there_wait_for_one_who_makes_it(make):
    make.goes_on.clear()
    one = Kept(make)
    with ThreadPoolExecutor(20) as threads:
        answers = [threads.submit(one) for _ in range(20)]
        assert make.began.wait(10)
        make.goes_on.set()
        assert {answer.result() for answer in answers} == {1}
    assert make.asked == 1


def test_while_one_makes_it_anew_the_others_go_on_with_what_there_is(make, clock):
    one = Kept(make, fresh=2, old=4)
    one()
    clock.now += 3
    make.goes_on.clear()
    make.began.clear()
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(one)
        assert make.began.wait(10)
        assert [one() for _ in range(50)] == [1] * 50
        make.goes_on.set()
        assert first.result() == 2
    assert make.asked == 2


def test_nobody_is_given_what_is_much_too_old(make, clock):
    one = Kept(make, fresh=2, old=4)
    one()
    clock.now += 5
    make.goes_on.clear()
    make.began.clear()
    with ThreadPoolExecutor(5) as threads:
        answers = [threads.submit(one) for _ in range(5)]
        assert make.began.wait(10)
        make.goes_on.set()
        assert {answer.result() for answer in answers} == {2}
    assert make.asked == 2


def test_what_is_forgotten_is_made_anew_even_if_it_was_being_made(make):
    one = Kept(make)
    make.goes_on.clear()
    with ThreadPoolExecutor(1) as thread:
        begun_before = thread.submit(one)
        assert make.began.wait(10)
        one.forget()
        make.goes_on.set()
        begun_before.result()
    assert one() == 2


def test_without_a_database_what_there_is_serves_on_for_an_hour(make, clock):
    one = Kept(make, fresh=2, old=4, without=3600)
    one()
    make.broken = True
    clock.now += 60
    assert [one(), one()] == [1, 1]
    assert make.asked == 2  # and it is tried again only after a few seconds
    clock.now += 3600
    with pytest.raises(OperationalError):
        one()


def test_each_key_has_its_own_and_their_number_is_bounded(make):
    one = Kept(make, most=3)
    assert [one(key) for key in "abcda"] == [1, 2, 3, 4, 5]
    assert one("d") == 4
    assert one("b") == 6
