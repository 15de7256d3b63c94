"""Who has which case open on the desk, from the streams that are open, told to the other processes."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Executor
from typing import Any
from uuid import UUID, uuid4

from django.db import Error, close_old_connections, connection, transaction

from cases.models.presence import EXPIRY

from .nudge import nudge, people_but

log = logging.getLogger(__name__)

GATHERING = 1.0  # seconds in which comings and goings are gathered: a page that is loaded anew is neither
REFRESH = 30  # seconds after which a process says again who is there
AGAIN = 5  # seconds after which what could not be written is tried again
TURN = 0x9E091E  # the advisory lock of writing: each sees what the others wrote

Reader = tuple[int, int]  # a case's number and an agent's key


class Readers:
    """The agents whose pages have a stream in this process. A task writes them down while there are any."""

    def __init__(self, threads: Executor) -> None:
        self.threads = threads
        self.process = uuid4()
        self.streams: Counter[Reader] = Counter()
        self.written: set[Reader] = set()  # whom the table holds, or may hold while it is being written
        self._changed = asyncio.Event()
        self._task: asyncio.Task | None = None

    def come(self, readers: Iterable[Reader]) -> None:
        for reader in readers:
            self.streams[reader] += 1
            self._write_soon(reader)

    def go(self, readers: Iterable[Reader]) -> None:
        for reader in readers:
            self.streams[reader] -= 1
            if not self.streams[reader]:
                del self.streams[reader]
            self._write_soon(reader)

    def _write_soon(self, reader: Reader) -> None:
        if (reader in self.streams) == (reader in self.written):
            return
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_while_there_are_any())
        self._changed.set()

    async def _write_while_there_are_any(self) -> None:
        loop, changed = asyncio.get_running_loop(), self._changed
        refresh = 0.0
        while self.streams or self.written:
            try:
                async with asyncio.timeout_at(refresh or None):
                    await changed.wait()
                await asyncio.sleep(GATHERING)
            except TimeoutError:
                pass
            changed.clear()
            there = set(self.streams)
            due = loop.time() >= refresh
            came, went = there if due else there - self.written, self.written - there
            if due:
                refresh = loop.time() + REFRESH
            self.written |= there
            try:
                await loop.run_in_executor(self.threads, write, self.process, came, went)
            except Error as error:
                log.warning("Who reads which case was not written down: %s", error)
                refresh = loop.time() + AGAIN
            else:
                self.written = there
                if self.streams.keys() != there:
                    changed.set()

    async def stop(self) -> None:
        """Say that nobody is here any more. What cannot be said expires."""
        if self._task:
            self._task.cancel()
        went, self.written = self.written, set()
        if went:
            loop = asyncio.get_running_loop()
            try:
                async with asyncio.timeout(1):
                    await loop.run_in_executor(self.threads, write, self.process, set(), went)
            except (Error, TimeoutError):
                log.info("Who reads which case expires, since it could not be deleted.")


def write(process: UUID, came: set[Reader], went: set[Reader]) -> None:
    """Write down who came or is still there and who went, and nudge the cases whose people have changed."""
    close_old_connections()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
            cases = list({case for case, _ in came | went})
            before = _people(cursor, cases)
            cursor.execute(
                "INSERT INTO cases_presence (case_id, agent_id, process, seen_at)"
                " SELECT *, %s, now() FROM unnest(%s::bigint[], %s::bigint[])"
                " ON CONFLICT (case_id, agent_id, process) DO UPDATE SET seen_at = now()",
                [process, *_columns(came)],
            )
            cursor.execute(
                "DELETE FROM cases_presence WHERE process = %s"
                " AND (case_id, agent_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
                [process, *_columns(went)],
            )
            after = _people(cursor, cases)
            cursor.execute(
                "DELETE FROM cases_presence WHERE seen_at < now() - %s * interval '1 second' RETURNING case_id, agent_id",
                [EXPIRY.total_seconds()],
            )
            changed = (before ^ after) | set(cursor.fetchall())
            nudge(*(people_but(case, agent) for case, agent in changed))
    finally:
        close_old_connections()


def _columns(readers: set[Reader]) -> list[list[int]]:
    return [[case for case, _ in readers], [agent for _, agent in readers]]


def _people(cursor: Any, cases: list[int]) -> set[Reader]:
    cursor.execute("SELECT DISTINCT case_id, agent_id FROM cases_presence WHERE case_id = ANY(%s)", [cases])
    return set(cursor.fetchall())
