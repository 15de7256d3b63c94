"""The hub and the stream, against the real PostgreSQL, without a browser."""

import asyncio
import gc
from contextlib import asynccontextmanager

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.utils import connector_params

from cases.access import GUEST_CASES
from cases.actions import conversation
from cases.live import stream as streaming
from cases.live.hub import Hub
from cases.live.nudge import (
    QUEUE,
    case_topic,
    desk_topic,
    ends_topic,
    notices_topic,
    nudge,
    organisation_topic,
    person_topic,
)
from cases.live.stream import Stream, granted_topics

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 10


def scope(query, client=None):
    headers = []
    if client and "sessionid" in client.cookies:
        headers.append((b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode()))
    return {
        "type": "http",
        "method": "GET",
        "path": "/live/",
        "query_string": query.encode(),
        "headers": headers,
    }


class Browser:
    """The other end of one stream: what was said so far, and a way to leave."""

    def __init__(self, stream, request):
        self.said, self.status, self.left, self.news = [], None, asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(stream(request, self.receive, self.send))

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.said += [
                line[7:] for line in message["body"].decode().splitlines() if line.startswith("event: ")
            ]
        self.news.set()

    async def hears(self, *events):
        async with asyncio.timeout(SOON):
            while self.said[: len(events)] != list(events):
                self.news.clear()
                await self.news.wait()

    async def ends(self):
        async with asyncio.timeout(SOON):
            await self.task


@asynccontextmanager
async def listening():
    hub = Hub(connector_params)
    hub.stream = Stream(hub)
    hub.start()
    async with asyncio.timeout(SOON):
        while not hub.listening:
            await asyncio.sleep(0.01)
    try:
        yield hub
    finally:
        await hub.stop()
        hub.stream.threads.shutdown()
        gc.collect()  # with the threads, their connections


async def say(topics):
    def send():
        nudge(*topics)
        connection.close()

    await asyncio.to_thread(send)


def run(coroutine):
    asyncio.run(coroutine)


def test_an_agent_may_hear_of_the_queue_and_of_every_case(case, ada, browser_of):
    assert granted_topics(scope(f"on=queue&on={case.number}", browser_of(ada))) == {
        QUEUE,
        desk_topic(case.number),
    }


def test_an_auditor_hears_what_agents_hear_and_is_not_told_of_as_a_reader(case, otto, ada, browser_of):
    query = f"on=queue&on=people&on=notices&on={case.number}"
    heard, agents = scope(query, browser_of(otto)), scope(query, browser_of(ada))
    assert granted_topics(heard) == granted_topics(agents) - {notices_topic(ada.pk)}
    assert "reads" not in heard
    assert agents["reads"] == [(case.number, ada.pk)]


def test_a_customer_hears_of_their_own_cases_alone(case, cleo, mallory, browser_of):
    query = f"on=queue&on=mine&on={case.number}"
    assert granted_topics(scope(query, browser_of(cleo))) == {
        case_topic(case.number),
        person_topic(cleo.pk),
        organisation_topic(cleo.organisation_id),
    }
    assert granted_topics(scope(query, browser_of(mallory))) == {person_topic(mallory.pk)}


@pytest.mark.parametrize(
    "query", ["", "on=queue", "on=mine", "on=1&on=2", "on=x", "on=" + "9" * 50, "%ff=%00"]
)
def test_a_visitor_hears_of_nothing(query):
    assert granted_topics(scope(query)) == frozenset()


def test_a_session_cookie_that_we_never_gave_is_a_visitors():
    request = scope("on=queue&on=mine") | {"headers": [(b"cookie", rb'sessionid="\000aaaaaaaaaa"')]}
    assert granted_topics(request) == frozenset()


def test_a_stream_says_that_something_changed_and_not_what(case, ada, browser_of):
    request = scope(f"on={case.number}", browser_of(ada))

    async def story():
        async with listening() as hub:
            browser = Browser(hub.stream, request)
            await browser.hears("ready")
            await asyncio.to_thread(reply_and_close)
            await browser.hears("ready", "changed")
            browser.left.set()
            await browser.ends()
            assert len(hub) == 0

    def reply_and_close():
        conversation.reply(case, by=ada, body="Secret words.")
        connection.close()

    run(story())


def test_a_stream_tells_notices_from_what_the_page_shows(case, ada, abe, browser_of):
    request = scope(f"on={case.number}&on=notices", browser_of(ada))

    def write():
        conversation.reply(case, by=abe, body="Which till?")
        conversation.add_note(case, by=abe, body="@ada")
        connection.close()

    async def story():
        async with listening() as hub:
            browser = Browser(hub.stream, request)
            await browser.hears("ready")
            await say([desk_topic(case.number)])
            await browser.hears("ready", "changed")
            await say([notices_topic(abe.pk)])
            await say([notices_topic(ada.pk)])
            await browser.hears("ready", "changed", "notices")
            await asyncio.to_thread(write)
            await asyncio.sleep(streaming.REST * 4)
            assert browser.said.count("notices") == 2
            assert browser.said.count("changed") in (2, 3)
            browser.left.set()
            await browser.ends()

    run(story())


def test_notices_are_for_agents(ada, cleo, browser_of):
    assert granted_topics(scope("on=notices", browser_of(ada))) == {notices_topic(ada.pk)}
    assert granted_topics(scope("on=notices", browser_of(cleo))) == frozenset()
    assert granted_topics(scope("on=notices")) == frozenset()


def test_very_many_topics_fit_a_few_nudges(db, django_assert_num_queries):
    with django_assert_num_queries(5):
        nudge(*(notices_topic(10**17 + n) for n in range(1000)))


def test_a_stream_is_refused_without_a_right_to_anything():
    async def story():
        async with listening() as hub:
            browser = Browser(hub.stream, scope("on=1"))
            await browser.ends()
            assert browser.status == 404

    run(story())


def test_an_idle_stream_shows_that_it_is_alive(case, ada, browser_of, monkeypatch):
    monkeypatch.setattr(streaming, "BEAT", 0.05)
    request = scope(f"on={case.number}", browser_of(ada))

    async def story():
        async with listening() as hub:
            browser = Browser(hub.stream, request)
            await browser.hears("ready", "beat", "beat")
            assert not browser.task.done()
            browser.left.set()
            await browser.ends()

    run(story())


def test_a_stream_ends_by_itself_so_that_the_visitor_is_signed_in_anew(case, ada, browser_of, monkeypatch):
    monkeypatch.setattr(streaming, "LIFETIME", 0.1)
    monkeypatch.setattr(streaming, "BEAT", 0.05)
    request = scope(f"on={case.number}", browser_of(ada))

    async def story():
        async with listening() as hub:
            browser = Browser(hub.stream, request)
            await browser.ends()
            assert len(hub) == 0

    run(story())


def test_a_stream_ends_when_what_its_agent_may_see_changes(case, ada, abe, browser_of):
    of_ada, of_abe = (scope(f"on={case.number}", browser_of(agent)) for agent in (ada, abe))

    async def story():
        async with listening() as hub:
            hers, his = (Browser(hub.stream, request) for request in (of_ada, of_abe))
            await hers.hears("ready")
            await his.hears("ready")
            await say([ends_topic(ada.pk)])
            await hers.ends()
            assert not his.task.done()
            his.left.set()
            await his.ends()

    run(story())


def streams_of(*requests, most):
    """What each page hears first, all of them open at once, and how many are left when they are gone."""

    async def story():
        async with listening() as hub:
            browsers = [Browser(hub.stream, request) for request in requests]
            async with asyncio.timeout(SOON):
                while not all(browser.said for browser in browsers):
                    await asyncio.sleep(0.01)
            told = sorted(browser.said[0] for browser in browsers)
            assert len(hub) == most
            for browser in browsers:
                assert browser.status == 200
                if browser.said == ["full"]:
                    await browser.ends()
                browser.left.set()
                await browser.ends()
            assert (hub.stream.open, +hub.stream.held) == (0, {})
            again = Browser(hub.stream, requests[0])
            await again.hears("ready")
            again.left.set()
            await again.ends()
            return told

    return asyncio.run(story())


def test_one_viewer_has_only_so_many_streams_and_takes_none_from_others(
    case, ada, abe, browser_of, monkeypatch
):
    monkeypatch.setitem(streaming.MOST_OF, "user", 3)
    own, other = scope("on=queue", browser_of(ada)), scope("on=queue", browser_of(abe))
    elsewhere = scope("on=queue", browser_of(ada))  # another session of the same user
    told = streams_of(*[dict(own) for _ in range(3)], *[dict(elsewhere) for _ in range(3)], other, most=4)
    assert told == ["full"] * 3 + ["ready"] * 4


def guest(case, address):
    client = Client()
    session = client.session
    session[GUEST_CASES] = [case.number]
    session.save()
    client.cookies["sessionid"] = session.session_key
    return scope(f"on={case.number}", client) | {"client": (address, 1)}


def test_a_visitor_has_only_so_many_streams(claimed, monkeypatch):
    monkeypatch.setitem(streaming.MOST_OF, "session", 2)
    one = guest(claimed, "192.0.2.1")
    assert streams_of(*[dict(one) for _ in range(5)], most=2) == ["full"] * 3 + ["ready"] * 2


def test_an_address_has_only_so_many_streams_of_visitors_but_any_number_of_those_who_are_signed_in(
    claimed, ada, abe, browser_of, monkeypatch
):
    monkeypatch.setitem(streaming.MOST_OF, "address", 2)
    visitors = [guest(claimed, "192.0.2.1") for _ in range(4)] + [guest(claimed, "192.0.2.2")]
    office = [scope("on=queue", browser_of(agent)) | {"client": ("192.0.2.1", 1)} for agent in [ada, abe] * 2]
    assert streams_of(*visitors, *office, most=7) == ["full"] * 2 + ["ready"] * 7


def test_a_process_has_only_so_many_streams(case, ada, browser_of, monkeypatch):
    monkeypatch.setattr(streaming, "MOST", 2)
    request = scope("on=queue", browser_of(ada))
    assert streams_of(*[dict(request) for _ in range(5)], most=2) == ["full"] * 3 + ["ready"] * 2
