"""One application, two halves: `/live/` is native async, all pages go through WSGI and its threads.

See "Serving" in docs/decisions/README.md for the measurements behind this.
"""

import asyncio
import logging
import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from portal.wsgi import application as pages  # this sets Django up, which the models below need

# isort: split
from a2wsgi import WSGIMiddleware
from django.conf import settings
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.utils import connector_params

from cases.live.hub import Hub
from cases.live.stream import Stream
from portal import transfers

log = logging.getLogger(__name__)

# Time runs however long other jobs take: what is due has a worker of its own. The first takes all queues.
WORKERS: list[dict[str, Any]] = [
    {"name": "jobs", "concurrency": 2},
    {"name": "clock", "concurrency": 1, "queues": ["clock"]},
]

hub = Hub(connector_params)
_stream = Stream(hub)
_pages = WSGIMiddleware(cast(Any, pages), workers=settings.PAGE_THREADS)
_files = WSGIMiddleware(cast(Any, pages), workers=settings.FILE_THREADS)  # so that no page waits for one


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/" and scope["method"] == "GET":
        await _stream(scope, receive, send)
    elif transfers.is_slow(scope):
        await _files(scope, transfers.whole(receive), transfers.unless_stalled(send))
    else:
        await _pages(scope, transfers.whole(receive), send)


async def _live(receive: Any, send: Any) -> None:
    """Start the listener and the jobs with the server, and stop them with it."""
    await receive()
    hub.start()
    work = [asyncio.create_task(_work(**worker)) for worker in WORKERS if settings.RUN_JOBS]
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    await _stream.readers.stop()
    for worker in work:
        worker.cancel()
    if work:
        await asyncio.wait(work, timeout=2)
    await send({"type": "lifespan.shutdown.complete"})


async def _work(**options: Any) -> None:
    """Do jobs for ever. A lost database is waited for."""
    pause = 1
    while True:
        try:
            # in a thread, since it may have to start the embedded PostgreSQL again
            connector = await asyncio.to_thread(cast(Any, jobs.connector).get_worker_connector)
            async with jobs.with_connector(connector).open_async() as worker:
                pause = 1
                await worker.run_worker_async(
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=1.5,
                    **options,
                )
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whatever it was, jobs must go on
            log.warning("Jobs are interrupted, trying again in %d s: %s", pause, error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 30)
