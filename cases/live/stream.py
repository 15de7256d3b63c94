"""`/live/`: a small ASGI application of its own, beside Django.

It signs the visitor in once, with Django's session and `visible_to`, and from then on holds neither a
thread nor a database connection. It says only "something changed", or that there are notices; the page
fetches what.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest

from cases.access import Right, seconds_left, viewer_of
from cases.live import nudge
from cases.live.hub import Hub, Subscription
from cases.live.readers import Readers
from cases.models import Case, Incident, User, Viewer
from cases.text.numbers import whole_number

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_TOPICS = 20
BEAT = 10  # seconds between signs of life
REST = 0.1  # seconds after a nudge in which further ones are gathered
REST_OF_QUEUE = 1.0
LIFETIME = 600  # seconds; then the browser comes again and is signed in anew

# Open at once. A page whose tab is hidden has no stream, so these are pages that somebody looks at.
MOST = 4_000
MOST_OF = {"user": 60, "session": 20, "address": 200}  # the last of visitors who are not signed in

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Stream:
    def __init__(self, hub: Hub, in_each_thread: Callable[[], None] | None = None) -> None:
        self.hub = hub
        self.threads = ThreadPoolExecutor(2, "live", initializer=in_each_thread)
        self.readers = Readers(self.threads)
        self.open = 0
        self.held: Counter[tuple[str, Any]] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if not self.hub.listening:
            return await _refuse(send, 503)
        if self.open >= MOST:
            return await _say_full(send)
        self.open += 1
        try:
            await self._sign_in(scope, receive, send)
        finally:
            self.open -= 1

    async def _sign_in(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            topics = await loop.run_in_executor(self.threads, granted_topics, scope)
        except DatabaseError:
            return await _refuse(send, 503)
        if not topics:
            return await _refuse(send, 404)
        holders = scope["holders"]
        if any(self.held[holder] >= MOST_OF[holder[0]] for holder in holders):
            return await _say_full(send)
        self.held.update(holders)
        try:
            await self._open(topics, scope, receive, send)
        finally:
            self.held.subtract(holders)
            self.held = +self.held

    async def _open(self, topics: frozenset[str], scope: Message, receive: Receive, send: Send) -> None:
        reads = scope.get("reads", ())
        topics |= {nudge.ends_topic(pk) for kind, pk in scope["holders"] if kind == "user"}
        subscription = self.hub.subscribe(topics, viewer=reads[0][1] if reads else None)
        gone = asyncio.create_task(_disconnected(receive, subscription))
        self.readers.come(reads)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _relay(subscription, send, scope.get("left", LIFETIME))
        except OSError:
            pass  # the browser went away while it was written to
        finally:
            self.hub.unsubscribe(subscription)
            self.readers.go(reads)
            gone.cancel()


async def _relay(subscription: Subscription, send: Send, left: float = LIFETIME) -> None:
    loop = asyncio.get_running_loop()
    lifetime = LIFETIME * random.uniform(0.8, 1.2)  # noqa: S311 - spreads reconnects, guards nothing
    ends = loop.time() + min(lifetime, left)
    rest = REST_OF_QUEUE if nudge.QUEUE in subscription.topics else REST
    await _say(send, "ready")
    while loop.time() < ends:
        try:
            async with asyncio.timeout(BEAT):
                await subscription.nudged.wait()
        except TimeoutError:
            await _say(send, "beat")
            continue
        if subscription.ended:
            break
        for event in sorted({nudge.said_of(topic) for topic in subscription.take()}):
            await _say(send, event)
        await asyncio.sleep(rest)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _say(send: Send, event: str) -> None:
    await send(
        {"type": "http.response.body", "body": f"event: {event}\ndata:\n\n".encode(), "more_body": True}
    )


async def _say_full(send: Send) -> None:
    """A stream that says only this, since a page cannot see why it was refused one."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await _say(send, "full")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive, subscription: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscription.end()


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"No stream.\n"})


def granted_topics(scope: Message) -> frozenset[str]:
    """What the visitor may hear of what the page asks for, as topics of nudges.

    The query names `queue`, `mine`, `notices`, `people`, `radar`, an incident or case numbers: `?on=queue`,
    `?on=42&on=notices`, `?on=incident-3`.
    An agent who hears of the people in a case is one of them, which is left in the scope as what it `reads`.
    Left there too is whose stream it is, its `holders`: the user, or the session and the address of a visitor.
    """
    close_old_connections()
    try:
        wanted = parse_qs(scope["query_string"].decode("latin1")).get("on", [])[:MOST_TOPICS]
        viewer, session = _viewer(scope)
        if isinstance(viewer, User) and viewer.must_set_up:
            return frozenset()
        if isinstance(viewer, User):
            scope["holders"] = [("user", viewer.pk)]
        else:
            scope["holders"] = [("session", session), ("address", (scope.get("client") or [None])[0])]
        numbers = [number for name in wanted if (number := whole_number(name))]
        topics = set()
        if numbers:
            topic = nudge.desk_topic if viewer.may(Right.READ_DESK) else nudge.case_topic
            visible = Case.objects.visible_to(viewer).filter(number__in=numbers)
            seen = list(visible.values_list("number", flat=True))
            topics |= {topic(number) for number in seen}
            if "people" in wanted and viewer.may(Right.READ_DESK):
                if isinstance(viewer, User) and viewer.is_agent:
                    scope["reads"] = [(number, viewer.pk) for number in seen]
                topics |= {nudge.people_topic(number) for number in seen}
        if viewer.may(Right.READ_DESK):
            topics |= {nudge.QUEUE, nudge.RADAR} & {*wanted}
            named = (whole_number(name.removeprefix("incident-")) for name in wanted if "-" in name)
            if asked := [number for number in named if number]:
                incidents = Incident.objects.visible_to(viewer).filter(pk__in=asked)
                topics |= {nudge.incident_topic(pk) for pk in incidents.values_list("pk", flat=True)}
        if "notices" in wanted and isinstance(viewer, User) and viewer.is_agent:
            topics.add(nudge.notices_topic(viewer.pk))
        if "mine" in wanted and isinstance(viewer, User):
            topics.add(nudge.person_topic(viewer.pk))
            if viewer.organisation and viewer.sees_colleagues:
                topics.add(nudge.organisation_topic(viewer.organisation.pk))
        return frozenset(topics)
    finally:
        close_old_connections()


def _viewer(scope: Message) -> tuple[Viewer, str | None]:
    """Who they are, and the key of their session."""
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin1"))
            except CookieError:
                continue
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value if morsel else None)
    viewer = viewer_of(request)
    if isinstance(viewer, User):
        scope["left"] = seconds_left(request.session, viewer)  # which a stream does not make longer
    return viewer, request.session.session_key
