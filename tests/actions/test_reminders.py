"""Time runs by itself: once, whoever looks, whatever else is done, and in pieces after it stood."""

import asyncio
import gc
import threading
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from cases.actions import auto_close, promises, reminders, snooze
from cases.models import Case, Kind, Promise, WaitingOn
from cases.tasks import failed, judge_case, keep_time
from tests.factories import CaseFactory

PATIENCE = 20


def broken(case):
    return case.events.filter(kind=Kind.BROKEN).count()


@pytest.fixture
def late(ada):
    """Makes cases whose promised time has passed."""

    def made():
        case = CaseFactory()
        promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
        passed = timezone.now() - timedelta(minutes=1)
        case.promises.update(due_at=passed, next_check_at=passed)
        return case

    return made


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_say_it_once(late):
    case = late()
    both, said = threading.Barrier(2), []

    def work():
        promise = Promise.objects.get(case=case)
        both.wait(PATIENCE)
        said.append(reminders.act(promise, at=timezone.now()))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(event is None for event in said) == [False, True]
    assert broken(case) == 1


def test_after_downtime_it_catches_up_in_pieces_and_warns_of_nothing(late, monkeypatch):
    monkeypatch.setattr("cases.tasks.clock.MOST_RIPE", 4)
    cases = [late() for _ in range(10)]
    done = []
    for _ in range(4):
        keep_time(0)
        done.append(sum(map(broken, cases)))
    assert done == [4, 8, 10, 10]
    assert not any(case.events.filter(kind=Kind.WARNED).exists() for case in cases)


@pytest.fixture
def at(monkeypatch):
    """Lets the clock's job run as if it were so many seconds later."""
    started = timezone.now()

    def pass_(seconds):
        monkeypatch.setattr("django.utils.timezone.now", lambda: started + timedelta(seconds=seconds))
        keep_time(0)

    return pass_


@pytest.fixture
def fails(monkeypatch):
    """Makes an action fail in a case, and says how often it was tried."""

    def made(module, name, case):
        do, tries = getattr(module, name), []

        def failing(thing, **arguments):
            if case.pk in (getattr(thing, "case_id", None), thing.pk):
                tries.append(thing)
                raise ValueError
            return do(thing, **arguments)

        monkeypatch.setattr(module, name, failing)
        return tries

    return made


def test_what_is_wrong_with_one_keeps_time_from_nobody_is_tried_ever_later_and_said_once(
    late, at, fails, caplog
):
    cases = [late() for _ in range(2)]
    tries = fails(reminders, "act", cases[0])
    for seconds in range(0, 600, 5):
        at(seconds)
    assert [broken(case) for case in cases] == [0, 1]
    assert len(tries) == 4  # at once, after a minute, two more, four more
    assert len([record for record in caplog.records if record.exc_info]) == 1
    for hour in range(1, 25):
        at(hour * 3600)
    assert len(tries) > 20  # and not given up


@pytest.mark.parametrize("deed", ["wake", "close"])
def test_one_case_that_cannot_be_woken_or_closed_stops_no_other(ada, at, fails, deed):
    now = timezone.now()
    cases = [CaseFactory() for _ in range(2)]
    for case in cases:
        if deed == "wake":
            snooze.snooze(case, by=ada, until=now + timedelta(minutes=1))
        else:
            Case.objects.filter(pk=case.pk).update(
                closes_at=now + timedelta(minutes=1), waiting_on=WaitingOn.CUSTOMER
            )
    tries = fails(*{"wake": (snooze, "wake"), "close": (auto_close, "close")}[deed], cases[0])
    for seconds in (65, 70, 75):
        at(seconds)
    kind = Kind.WOKEN if deed == "wake" else Kind.CLOSED
    assert [case.events.filter(kind=kind).exists() for case in cases] == [False, True]
    assert len(tries) == 1


def test_many_that_fail_hide_none_that_does_not(late, fails, at, monkeypatch):
    monkeypatch.setattr("cases.tasks.clock.MOST_RIPE", 2)
    cases = [late() for _ in range(3)]
    for case in cases[:2]:
        fails(reminders, "act", case)
    for seconds in (0, 5):
        at(seconds)
    assert [broken(case) for case in cases] == [0, 0, 1]


def test_what_is_due_comes_before_a_thousand_cases_that_wake_and_a_turn_ends(late, ada, at, monkeypatch):
    """As at nine in the morning, when all that was laid aside until then wakes."""
    now = timezone.now()
    sleepers = [CaseFactory() for _ in range(6)]
    for case in sleepers:
        snooze.snooze(case, by=ada, until=now + timedelta(minutes=1))
    clock = iter(range(1000))
    monkeypatch.setattr(
        "cases.tasks.clock.monotonic", lambda: next(clock)
    )  # each look at the clock is a second
    at(65)
    woken = Case.objects.filter(snoozed_until=None, pk__in=[case.pk for case in sleepers]).count()
    assert 0 < woken < 6
    overdue = late()
    at(70)
    assert broken(overdue) == 1
    at(75)
    assert not Case.objects.filter(snoozed_until__isnull=False).exists()


def test_a_job_that_fails_is_tried_for_a_day_and_a_half():
    retry = judge_case.retry_strategy
    waits, attempts = [], 0
    while again := retry.get_retry_exception(
        ValueError(),
        Job(
            id=1,
            status="doing",
            queue="mail",
            lock=None,
            queueing_lock=None,
            task_name="x",
            attempts=attempts,
        ),
    ):
        waits.append(again.retry_decision.retry_at - timezone.now())
        attempts += 1
    assert len(waits) == 10
    assert timedelta(hours=30) < sum(waits, timedelta()) < timedelta(hours=40)
    assert waits == sorted(waits)


@pytest.mark.django_db(transaction=True)
def test_it_runs_while_long_jobs_take_all_other_workers(late, settings):
    from portal import asgi

    settings.RUN_JOBS = True

    case = late()
    begun, go = threading.Semaphore(0), threading.Event()

    @app.task(name="tests.long", queue="bulk")
    def long_job():
        begun.release()
        go.wait(PATIENCE)

    def look():
        try:
            return broken(case)
        finally:
            connection.close()

    async def until_it_is_said():
        stop = asyncio.Event()
        messages = iter([asyncio.sleep(0, {"type": "lifespan.startup"}), stop.wait()])
        portal = asyncio.create_task(
            asgi.application({"type": "lifespan"}, lambda: next(messages), lambda _: asyncio.sleep(0))
        )
        try:
            for _ in range(2):
                assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE)
            async with asyncio.timeout(PATIENCE):
                while not await asyncio.to_thread(look):  # the periodic job, every five seconds
                    await asyncio.sleep(0.1)
            assert not go.is_set()
        finally:
            go.set()
            stop.set()
            await asyncio.wait_for(portal, PATIENCE)
            await sync_to_async(lambda: connection.close())()  # of the thread that defers what is periodic

    try:
        for _ in range(2):
            app.configure_task("tests.long").defer()
        asyncio.run(until_it_is_said())
    finally:
        go.set()
        app.tasks.pop("tests.long")
        gc.collect()  # with the threads, their connections
    assert broken(case) == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_holds_delays_no_other(ada, case):
    other = CaseFactory()
    for one in (case, other):
        promises.promise(one, by=ada, due_at=timezone.now() + timedelta(hours=1))
    late = timezone.now() - timedelta(minutes=1)
    Promise.objects.update(due_at=late, next_check_at=late)
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            case.locked()
            held.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    keep_time(0)
    assert Promise.objects.get(case=other).broken_at
    assert not Promise.objects.get(case=case).broken_at
    done.set()
    holder.join(10)
    failed.clear()
    keep_time(0)
    assert Promise.objects.get(case=case).broken_at
