"""One application, two halves: `/live/` is native async, all pages go through WSGI and its threads.

Whatever holds the pages, static files and the health of the process need none of their threads.
See docs/decisions/serving.md for the measurements behind this.
"""

import asyncio
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from portal.wsgi import application as pages  # this sets Django up, which the models below need

# isort: split
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.utils import connector_params
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from cases.live.hub import Hub
from cases.live.stream import Stream
from cases.mailboxes.readers import Readers
from portal import starting, transfers
from portal.database import driver
from portal.health import Readiness, healthy
from portal.jobs import Jobs
from portal.pages import Pages
from portal.static import Static

hub = Hub(connector_params)
jobs = Jobs()
readers = Readers(in_each_thread=driver.be_patient)
_stream = Stream(hub, in_each_thread=driver.hurry)
_ready = Readiness(jobs)
_static = Static()
_pages = Pages(pages, settings.PAGE_THREADS)
_files = Pages(pages, settings.FILE_THREADS)  # so that no page waits for one


async def _application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


application = ProxyHeadersMiddleware(_application, settings.PROXIES)


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    path, reads = scope["path"], scope["method"] in ("GET", "HEAD")
    if path == "/healthz" and reads:
        await healthy(send)
    elif path == "/readyz" and reads:
        await _ready(send)
    elif path == "/live/" and scope["method"] == "GET":
        await _stream(scope, receive, send)
    elif path in _static:
        await _static(scope, transfers.unless_stalled(send))
    else:
        await _page(scope, receive, transfers.unless_stalled(send))


async def _page(scope: Any, receive: Any, send: Any) -> None:
    """What is small is read before a thread is taken, so that who sends it slowly holds none."""
    try:
        body = await transfers.read(scope, receive)
    except transfers.Refused as refused:
        await refused.answer(send)
    else:
        await (_files if transfers.goes_slowly(scope, body) else _pages)(scope, body, send)


async def _live(receive: Any, send: Any) -> None:
    """Start the listener and the jobs with the server, and stop them with it."""
    await receive()
    try:
        await asyncio.to_thread(_check)
    except starting.Refused as refused:
        await send({"type": "lifespan.startup.failed", "message": str(refused)})
        return
    hub.start()
    if settings.RUN_JOBS:
        jobs.start()
        readers.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    await _stream.readers.stop()
    await asyncio.gather(jobs.stop(), asyncio.to_thread(readers.stop))
    await send({"type": "lifespan.shutdown.complete"})


def _check() -> None:
    """In a thread, which has a database connection of its own."""
    try:
        starting.check_settings()
        starting.check_people()
    finally:
        connection.close()
