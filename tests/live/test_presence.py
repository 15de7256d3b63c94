"""Who reads and who writes, as two web processes see it: two hubs on one database."""

import asyncio
import threading
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, drafts
from cases.live import readers
from cases.live.readers import Readers, write
from cases.live.stream import granted_topics
from cases.models import Draft, Presence
from cases.models.draft import SILENCE
from cases.models.presence import EXPIRY

from .test_stream import SOON, Browser, listening, run, scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(readers, "GATHERING", 0.02)


@pytest.fixture
def opened(case, browser_of):
    """The request of an agent's page for its stream."""
    return lambda agent, number=case.number: scope(f"on={number}&on=people", browser_of(agent))


@pytest.fixture
def shown(case, abe, browser_of):
    """What Abe's page is told of the others."""
    return lambda: browser_of(abe).get(reverse("desk_people", args=[case.number])).text


@asynccontextmanager
async def a_process():
    async with listening() as hub:
        try:
            yield hub.stream
        finally:
            await hub.stream.readers.stop()


async def becomes(count):
    async with asyncio.timeout(SOON):
        while await asyncio.to_thread(rows) != count:
            await asyncio.sleep(0.01)


def rows():
    try:
        return Presence.objects.count()
    finally:
        connection.close()


async def leave(*browsers):
    for browser in browsers:
        browser.left.set()
    for browser in browsers:
        await browser.ends()


def test_the_other_process_hears_who_comes_and_who_goes(ada, abe, opened, shown):
    first, second = opened(abe), opened(ada)

    async def story():
        async with a_process() as one, a_process() as other:
            watching = Browser(one, first)
            await watching.hears("ready")
            await becomes(1)
            reading = Browser(other, second)
            await watching.hears("ready", "people")
            assert "Ada is reading" in await asyncio.to_thread(shown)
            assert reading.said == ["ready"]  # whoever comes knows it
            await leave(reading)
            await watching.hears("ready", "people", "people")
            assert "Ada" not in await asyncio.to_thread(shown)
            assert "changed" not in watching.said
            await leave(watching)
            await becomes(0)

    run(story())


def test_a_second_tab_and_a_page_loaded_anew_change_nothing(ada, abe, opened, monkeypatch):
    monkeypatch.setattr(readers, "GATHERING", 0.2)
    first, second, third = opened(abe), opened(ada), opened(ada)

    async def story():
        async with a_process() as one, a_process() as other:
            watching = Browser(one, first)
            tab = Browser(one, second)
            await watching.hears("ready", "people")
            await becomes(2)
            elsewhere = Browser(other, third)
            await elsewhere.hears("ready")
            await becomes(3)
            await leave(tab)
            again = Browser(one, opened_again)
            await again.hears("ready")
            await asyncio.sleep(0.6)
            assert watching.said.count("people") == 1
            await leave(again)
            await becomes(2)
            assert watching.said.count("people") == 1
            await leave(elsewhere)
            await watching.hears("ready", "people", "people")
            await leave(watching)

    opened_again = opened(ada)
    run(story())


def test_a_process_that_died_is_forgotten_and_the_others_are_told(case, ada, abe, opened, shown, monkeypatch):
    monkeypatch.setattr(readers, "REFRESH", 0.1)
    first = opened(abe)
    dead = Readers(None).process
    write(dead, {(case.number, ada.pk)}, set())
    assert "Ada is reading" in shown()
    Presence.objects.update(seen_at=timezone.now() - EXPIRY + timedelta(seconds=1))
    assert "Ada is reading" in shown()

    async def story():
        async with a_process() as one:
            watching = Browser(one, first)
            await becomes(2)
            await asyncio.to_thread(expire)
            await watching.hears("ready", "people")
            assert await asyncio.to_thread(rows) == 1
            await leave(watching)

    def expire():
        Presence.objects.filter(process=dead).update(seen_at=timezone.now() - EXPIRY - timedelta(seconds=1))
        connection.close()

    run(story())
    assert "Ada" not in shown()


def test_who_stays_is_said_again_from_time_to_time_and_nobody_is_nudged(ada, abe, opened, monkeypatch):
    monkeypatch.setattr(readers, "REFRESH", 0.1)
    first, second = opened(ada), opened(abe)

    def seen():
        try:
            return Presence.objects.get().seen_at
        finally:
            connection.close()

    async def story():
        async with a_process() as one:
            reading, other = Browser(one, first), Browser(one, second)
            await reading.hears("ready", "people")
            await leave(other)
            await reading.hears("ready", "people", "people")
            before = await asyncio.to_thread(seen)
            await asyncio.sleep(0.4)
            assert await asyncio.to_thread(seen) > before
            assert reading.said.count("people") == 2
            await leave(reading)

    run(story())


def test_what_the_table_lost_comes_back(ada, opened, monkeypatch):
    monkeypatch.setattr(readers, "REFRESH", 0.1)
    first = opened(ada)

    def lose():
        Presence.objects.all().delete()
        connection.close()

    async def story():
        async with a_process() as one:
            reading = Browser(one, first)
            await becomes(1)
            await asyncio.to_thread(lose)
            await becomes(1)
            assert not reading.task.done()
            await leave(reading)

    run(story())


def test_who_left_while_nothing_could_be_written_is_not_left_standing(ada, opened, monkeypatch):
    monkeypatch.setattr(readers, "AGAIN", 0.05)
    first, failed = opened(ada), []

    def away(*_):
        failed.append(1)
        raise OperationalError

    async def story():
        async with a_process() as one:
            reading = Browser(one, first)
            await becomes(1)
            with monkeypatch.context() as broken:
                broken.setattr(readers, "write", away)
                await leave(reading)
                async with asyncio.timeout(SOON):
                    while not failed:
                        await asyncio.sleep(0.01)
            await becomes(0)

    run(story())
    assert failed


def test_who_comes_back_while_their_leaving_is_written_is_there(ada, abe, opened, monkeypatch):
    first, again, staying = opened(ada), opened(ada), opened(abe)
    leaving, came_back = threading.Event(), threading.Event()

    def slowly(process, came, went):
        if went:
            leaving.set()
            came_back.wait(SOON)
        write(process, came, went)

    monkeypatch.setattr(readers, "write", slowly)

    async def story():
        async with a_process() as one:
            other, reading = Browser(one, staying), Browser(one, first)
            await becomes(2)
            await leave(reading)
            await asyncio.to_thread(leaving.wait, SOON)
            back = Browser(one, again)
            await back.hears("ready")
            came_back.set()
            await asyncio.sleep(0.3)
            assert await asyncio.to_thread(rows) == 2
            await leave(back, other)

    run(story())


def test_a_process_that_stops_takes_its_own_along(ada, abe, opened):
    first, second = opened(ada), opened(abe)

    async def story():
        async with a_process() as one:
            async with a_process() as other:
                staying, leaving = Browser(one, first), Browser(other, second)
                await becomes(2)
            await leaving.ends()
            assert await asyncio.to_thread(rows) == 1
            await leave(staying)

    run(story())


def test_many_streams_are_one_statement_and_one_row_for_each_agent(ada, opened, monkeypatch):
    first, written = opened(ada), []
    monkeypatch.setattr(readers, "GATHERING", 0.3)
    monkeypatch.setattr(readers, "write", lambda *said: written.append(said[1:]) or write(*said))

    async def story():
        async with a_process() as one:
            browsers = [Browser(one, dict(first)) for _ in range(50)]
            for browser in browsers:
                await browser.hears("ready")
            await becomes(1)
            assert len(written) == 1
            await leave(*browsers)
            await becomes(0)
            assert len(written) == 2

    run(story())


def test_customers_write_nothing_and_hear_nothing_of_people(case, cleo, opened):
    request = opened(cleo)
    assert not {topic for topic in granted_topics(request) if topic.startswith("people")}
    assert "reads" not in request


def test_an_agent_is_in_the_cases_that_there_are(case, ada, opened):
    request = opened(ada, 999_999)
    granted_topics(request)
    assert not request.get("reads")


def test_a_page_that_asks_for_no_people_is_not_seen(case, ada, browser_of):
    request = scope(f"on={case.number}", browser_of(ada))
    granted_topics(request)
    assert "reads" not in request


def nudged(monkeypatch):
    topics = []
    monkeypatch.setattr(drafts, "nudge", lambda *said: topics.extend(said))
    return topics


def test_who_begins_and_who_ends_writing_nudges_once(case, ada, monkeypatch):
    topics = nudged(monkeypatch)
    seen = drafts.keep(case, by=ada, kind="reply", fields={"body": "A"}, seen=0).version
    for n in range(5):
        seen = drafts.keep(case, by=ada, kind="reply", fields={"body": f"A {n}"}, seen=seen).version
    assert topics == [f"people-{case.number}/{ada.pk}"]
    Draft.objects.update(at=timezone.now() - SILENCE)
    seen = drafts.keep(case, by=ada, kind="reply", fields={"body": "Again"}, seen=seen).version
    assert len(topics) == 2
    said = {"say": conversation.reply, "fields": {"body": "Again"}, "after": None, "body": "Again"}
    drafts.send(case, by=ada, kind="reply", seen=seen, **said)
    assert len(topics) == 3
