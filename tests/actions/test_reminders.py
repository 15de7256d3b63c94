"""Time runs by itself: once, whoever looks, whatever else is done, and in pieces after it stood."""

import asyncio
import gc
import threading
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.actions import promises, reminders
from cases.models import Kind, Promise
from cases.tasks import keep_time
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
        case.promises.update(due_at=passed, act_at=passed)
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
    monkeypatch.setattr("cases.tasks.MOST_RIPE", 4)
    cases = [late() for _ in range(10)]
    done = []
    for _ in range(4):
        keep_time(0)
        done.append(sum(map(broken, cases)))
    assert done == [4, 8, 10, 10]
    assert not any(case.events.filter(kind=Kind.WARNED).exists() for case in cases)


def test_what_is_wrong_with_one_keeps_time_from_nobody(late, monkeypatch):
    cases = [late() for _ in range(2)]
    act = reminders.act

    def fails_once(thing, *, at):
        if thing.case_id == cases[0].pk:
            raise ValueError
        return act(thing, at=at)

    monkeypatch.setattr(reminders, "act", fails_once)
    keep_time(0)
    assert [broken(case) for case in cases] == [0, 1]


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
