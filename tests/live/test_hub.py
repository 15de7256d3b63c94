"""One LISTEN connection, and all streams that hang on it."""

import asyncio

import pytest
from django.db import connection

from cases.actions import leaving
from cases.live import hub as hubs
from cases.live import stream as streaming
from cases.live.nudge import (
    QUEUE,
    desk_topic,
)

from .test_stream import SOON, Browser, listening, run, say, scope

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_burst_is_gathered_into_few_nudges(case, ada, browser_of):
    request = scope(f"on={case.number}", browser_of(ada))

    async def story():
        async with listening() as hub:
            browser = Browser(hub.stream, request)
            await browser.hears("ready")
            for _ in range(30):
                await say([desk_topic(case.number)])
            await asyncio.sleep(streaming.REST * 3)
            assert 1 <= browser.said.count("changed") <= 6
            browser.left.set()
            await browser.ends()

    run(story())


def test_open_queues_are_told_in_turn_and_each_of_them(ada, browser_of, monkeypatch):
    monkeypatch.setattr(hubs, "QUEUES_A_SECOND", 10)
    request = scope("on=queue", browser_of(ada))

    async def story():
        async with listening() as hub:
            browsers = [Browser(hub.stream, request) for _ in range(4)]
            for browser in browsers:
                await browser.hears("ready")
            await say([QUEUE])
            async with asyncio.timeout(SOON):
                while len(hub.in_turn) != 2:  # half of them wait
                    await asyncio.sleep(0.01)
            assert sum("changed" in browser.said for browser in browsers) <= 2
            for browser in browsers:
                await browser.hears("ready", "changed")
            for browser in browsers:
                assert browser.said == ["ready", "changed"]

    run(story())


def test_a_queue_that_is_left_is_not_waited_for(ada, browser_of, monkeypatch):
    monkeypatch.setattr(hubs, "QUEUES_A_SECOND", 5)
    request = scope("on=queue", browser_of(ada))

    async def story():
        async with listening() as hub:
            first, second, third = (Browser(hub.stream, request) for _ in range(3))
            for browser in (first, second, third):
                await browser.hears("ready")
            await say([QUEUE])
            async with asyncio.timeout(SOON):
                while len(hub.in_turn) != 2:
                    await asyncio.sleep(0.01)
            left = next(one for one in (first, second, third) if "changed" not in one.said)
            left.left.set()
            await left.ends()
            assert len(hub.in_turn) == 1
            for browser in {first, second, third} - {left}:
                await browser.hears("ready", "changed")
            assert left.said == ["ready"]

    run(story())


def test_when_the_listener_loses_postgresql_streams_end_and_it_comes_back(case, ada, browser_of):
    request = scope(f"on={case.number}", browser_of(ada))

    def cut():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        connection.close()

    async def story():
        async with listening() as hub:
            browser = Browser(hub.stream, request)
            await browser.hears("ready")
            await asyncio.to_thread(cut)
            await browser.ends()
            refused = Browser(hub.stream, request)
            await refused.ends()
            assert refused.status == 503
            async with asyncio.timeout(SOON):
                while not hub.listening:
                    await asyncio.sleep(0.01)
            again = Browser(hub.stream, request)
            await again.hears("ready")
            await say([desk_topic(case.number)])
            await again.hears("ready", "changed")
            again.left.set()
            await again.ends()

    run(story())


def test_stopping_ends_every_stream(case, ada, browser_of):
    request = scope(f"on={case.number}", browser_of(ada))

    async def story():
        async with listening() as hub:
            browsers = [Browser(hub.stream, request) for _ in range(20)]
            for browser in browsers:
                await browser.hears("ready")
            hub.end_streams()
            for browser in browsers:
                await browser.ends()
            assert len(hub) == 0

    run(story())


def test_whoever_leaves_hears_no_more_at_once(case, ada, abe, adam, browser_of):
    theirs, anothers = (scope(f"on={case.number}&on=queue", browser_of(agent)) for agent in (ada, abe))

    async def story():
        async with listening() as hub:
            gone, stays = (Browser(hub.stream, request) for request in (theirs, anothers))
            for browser in (gone, stays):
                await browser.hears("ready")
            await asyncio.to_thread(leaving.leave, ada, by=adam)
            await gone.ends()
            assert len(hub) == 1
            stays.left.set()
            await stays.ends()

    run(story())


def test_an_idle_stream_holds_no_database_connection(case, ada, browser_of):
    request = scope(f"on={case.number}", browser_of(ada))

    async def story():
        async with listening() as hub:
            browsers = [Browser(hub.stream, request) for _ in range(20)]
            for browser in browsers:
                await browser.hears("ready")
            count = await asyncio.to_thread(connections)
            assert count <= 6
            for browser in browsers:
                browser.left.set()
                await browser.ends()

    def connections():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            count = cursor.fetchone()[0]
        connection.close()
        return count

    run(story())
