"""The jobs of this process: workers that go on whatever befalls the database, and whether they do."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import copy
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.contrib.django import app as pages
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from procrastinate.periodic import PeriodicRegistry, PeriodicTask
from procrastinate.psycopg_connector import PsycopgConnector

from cases.actions.jobs import note_failure
from portal.database import driver

log = logging.getLogger(__name__)

# Time runs however long other jobs take: what is due has a worker of its own. The first takes all queues.
WORKERS: list[dict[str, Any]] = [
    {"name": "jobs", "concurrency": 2},
    {"name": "clock", "concurrency": 1, "queues": ["clock"]},
]
ANSWER = 10  # seconds in which the database answers a worker, which asks it every five at least
SETTLED = 3  # seconds after which a worker that has begun counts as one that works
STANDING = 20  # seconds without an answer after which it counts as one that does not
LONGEST_PAUSE = 4
AGAIN = 1  # seconds after which the end of a job that could not be written down is tried again
PATIENCE = 600  # and for how long: what a job sent must not be sent again


class Jobs:
    """The workers, and when each of them was last seen to work."""

    def __init__(self) -> None:
        self.seen: dict[str, float] = {}
        self.interrupted: set[str] = set()
        self._tasks: list[asyncio.Task] = []

    def start(self) -> None:
        self.seen = {worker["name"]: time.monotonic() for worker in WORKERS}
        self._tasks = [asyncio.create_task(self._work_for_ever(**worker)) for worker in WORKERS]

    async def stop(self) -> None:
        self.seen = {}
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)

    def stand(self) -> bool:
        """Whether some of the jobs of this process are not done."""
        return any(time.monotonic() - seen > STANDING for seen in self.seen.values())

    async def _work_for_ever(self, name: str, **options: Any) -> None:
        pause = 1
        while True:
            began = time.monotonic()
            try:
                await self._work(name, began, **options)
                error: Exception | None = None  # what went wrong was logged where it did
            except Exception as raised:  # whatever it was, jobs must go on
                error = raised
            if not self.interrupted:
                reason = " ".join(str(error.__cause__ or error).split()) if error else "a connection is lost"
                log.warning("Jobs are interrupted: %s", reason)
            self.interrupted.add(name)
            pause = 1 if time.monotonic() - began > SETTLED else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _work(self, name: str, began: float, **options: Any) -> None:
        def answered() -> None:
            if time.monotonic() - began > SETTLED and name in self.seen:
                self.seen[name] = time.monotonic()
                self.interrupted.discard(name)

        # in a thread, since it may have to start the embedded PostgreSQL again
        connector = Connector(await asyncio.to_thread(connector_params), answered)
        async with app_with(connector).open_async() as app:
            await app.run_worker_async(
                name=name,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=1.5,
                **options,
            )


class Connector(PsycopgConnector):
    """Waits only so long for a server that hangs, and tells of each answer."""

    def __init__(self, params: dict[str, Any], answered: Callable[[], None]) -> None:
        super().__init__(kwargs=params, min_size=1, timeout=ANSWER, reconnect_timeout=ANSWER)
        self.answered = answered

    @asynccontextmanager
    async def _get_cursor(self, connection: Any = None) -> AsyncIterator[Any]:
        try:
            async with asyncio.timeout(ANSWER), super()._get_cursor(connection) as cursor:
                yield cursor
        except TimeoutError:
            raise psycopg.OperationalError("the database does not answer") from None
        self.answered()


class Manager(JobManager):
    """Writes down how a job ended, however long the database is away: what a job sent is sent once."""

    async def finish_job(self, *args: Any, **options: Any) -> None:
        await _until_said(lambda: super(Manager, self).finish_job(*args, **options))

    async def retry_job(self, *args: Any, **options: Any) -> None:
        await _until_said(lambda: super(Manager, self).retry_job(*args, **options))


async def _until_said(say: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await say()
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.OperationalError) or time.monotonic() > deadline:
                raise
        await asyncio.sleep(AGAIN)


def app_with(connector: PsycopgConnector) -> App:
    """The app of a worker, all of which goes through this connector.

    procrastinate defers what is periodic, and answers `task.defer`, through the app of the pages. That has the
    Django connection of a thread which no request ever mends: once it is lost, every worker would end as soon as
    it has begun.
    """
    app = pages.with_connector(connector)
    app.job_manager = Manager(connector)
    defaults = app.worker_defaults
    app.worker_defaults = defaults | {
        "task_middleware": [_patiently, *(defaults.get("task_middleware") or ())]
    }
    registry = PeriodicRegistry()
    for key, found in app.periodic_registry.periodic_tasks.items():
        task = copy(found.task)
        task.blueprint = app
        registry.periodic_tasks[key] = PeriodicTask(
            task=task, cron=found.cron, periodic_id=found.periodic_id, configure_kwargs=found.configure_kwargs
        )
    app.periodic_registry = registry
    return app


def _patiently(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    driver.be_patient()
    try:
        return call_next()
    except Exception as error:
        note_failure(context.job.id, error)
        raise
