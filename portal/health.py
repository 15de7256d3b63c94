"""Whether the process answers, and whether it is of use: both without a page's thread or connection."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from procrastinate.contrib.django.utils import connector_params

from portal.jobs import Jobs
from portal.transfers import answer

PATIENCE = 3  # seconds that the database has to answer


async def healthy(send: Any) -> None:
    await answer(send, 200, "ok\n")


class Readiness:
    """However many ask at once, the database is asked once."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="ready")
        self._asking: asyncio.Task[bool] | None = None

    async def __call__(self, send: Any) -> None:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._database_answers())
        if not await asyncio.shield(self._asking):
            await answer(send, 503, "The database does not answer.\n")
        elif self.jobs.stand():
            await answer(send, 503, "Jobs are not done.\n")
        else:
            await answer(send, 200, "ok\n")

    async def _database_answers(self) -> bool:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                params = await loop.run_in_executor(self.thread, connector_params)
                async with await psycopg.AsyncConnection.connect(**params, autocommit=True) as connection:
                    await connection.execute("SELECT 1")
            return True
        except (psycopg.Error, OSError):
            return False
