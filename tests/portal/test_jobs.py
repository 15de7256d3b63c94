"""The workers of a process, against the real PostgreSQL, without a server."""

import asyncio
import os
import signal
import threading
import time
from contextlib import asynccontextmanager

import psycopg
import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

from cases.tasks import mail_text
from portal import jobs as working
from portal.health import Readiness
from portal.jobs import Connector, Jobs
from portal.logs import briefly

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 20


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(working, "SETTLED", 0)
    monkeypatch.setattr(working, "AGAIN", 0.05)
    connection.close()  # this thread's, which a test may end


def terminate(but="false"):
    """End all connections to this database but this one, as a restart of PostgreSQL does."""
    with psycopg.connect(**connector_params(), autocommit=True) as beside:
        return beside.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT ({but})"
        ).fetchone()[0]


@asynccontextmanager
async def at_work():
    jobs = Jobs()
    jobs.start()
    try:
        yield jobs
    finally:
        await jobs.stop()


async def until(so):
    async with asyncio.timeout(SOON):
        while not await asyncio.to_thread(so):
            await asyncio.sleep(0.05)


def letter(subject):
    """Ask for a letter, and whether it was sent."""
    mail_text.defer(to="x@example.com", subject=subject, body="x")
    connection.close()
    return lambda: [sent.subject for sent in mail.outbox].count(subject) == 1


def ticks():
    """When a job that is due every five seconds was deferred last, which it is when the one before was done."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(defer_timestamp), 0) FROM procrastinate_periodic_defers WHERE task_name = 'cases.tasks.keep_time'"
            )
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_jobs_run_again_after_every_connection_was_lost(caplog):
    async def story():
        async with at_work() as jobs:
            await until(await asyncio.to_thread(letter, "before"))
            for turn in range(3):
                before = await asyncio.to_thread(ticks)
                assert await asyncio.to_thread(terminate) > 2
                began = time.monotonic()
                await until(await asyncio.to_thread(letter, f"after {turn}"))
                await until(lambda before=before: ticks() > before)
                assert time.monotonic() - began < 10
                assert not jobs.stand()

    asyncio.run(story())
    said = [
        record
        for record in caplog.records
        if briefly(record) and record.name.startswith(("portal", "procras"))
    ]
    assert len([record for record in said if record.name.startswith("portal")]) <= 3
    assert not [record for record in said if record.exc_info]


def test_what_a_job_sent_is_not_sent_again_when_its_end_could_not_be_written_down(monkeypatch):
    """The database is gone from before the letter leaves until some time after."""
    sending, go_on, real = threading.Event(), threading.Event(), Connector.execute_query_async
    failed = []

    def send(self, messages):
        sending.set()
        go_on.wait(SOON)
        mail.outbox.extend(messages)
        return len(messages)

    async def away(self, query, **arguments):
        if "finish_job" in query and len(failed) < 4:
            failed.append(query)
            raise ConnectorException from psycopg.OperationalError("gone")
        return await real(self, query, **arguments)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)

    async def story():
        async with at_work():
            sent = await asyncio.to_thread(letter, "once")
            await asyncio.to_thread(sending.wait, SOON)
            await asyncio.to_thread(terminate)
            monkeypatch.setattr(Connector, "execute_query_async", away)
            go_on.set()
            await until(sent)
            await until(lambda: not rows("once"))
            assert len(failed) == 4
            assert sent()

    asyncio.run(story())


def rows(subject):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status FROM procrastinate_jobs WHERE args ->> 'subject' = %s", [subject])
            return cursor.fetchall()
    finally:
        connection.close()


def test_a_server_that_hangs_is_given_up_and_another_connection_taken(monkeypatch):
    monkeypatch.setattr(working, "ANSWER", 1)
    answers = []

    async def story():
        connector = Connector(await asyncio.to_thread(connector_params), lambda: answers.append(True))
        await connector.open_async()
        try:
            frozen = (await connector.execute_query_one_async("SELECT pg_backend_pid() AS pid"))["pid"]
            os.kill(frozen, signal.SIGSTOP)
            try:
                with pytest.raises(ConnectorException) as raised:
                    await connector.execute_query_one_async("SELECT 1")
                assert "does not answer" in str(raised.value.__cause__)
                assert len(answers) == 1
                other = (await connector.execute_query_one_async("SELECT pg_backend_pid() AS pid"))["pid"]
            finally:
                os.kill(frozen, signal.SIGCONT)
            assert other != frozen
        finally:
            await connector.close_async()

    asyncio.run(story())


class Answer(list):
    async def __call__(self, message):
        self.append(message)


def readiness(jobs):
    async def ask():
        said = Answer()
        ready = Readiness(jobs)
        await asyncio.gather(ready(said), *(ready(Answer()) for _ in range(50)))
        ready.thread.shutdown()
        return said[0]["status"], said[1]["body"].decode()

    return asyncio.run(ask())


def test_a_process_is_ready_while_its_jobs_are_done(monkeypatch):
    jobs = Jobs()
    assert readiness(jobs) == (200, "ok\n")  # as with CASELINE_JOBS=0
    jobs.seen = {"jobs": time.monotonic(), "clock": time.monotonic()}
    assert readiness(jobs) == (200, "ok\n")
    jobs.seen["clock"] -= 1000
    assert readiness(jobs) == (503, "Jobs are not done.\n")


def test_a_process_is_not_ready_without_a_database(monkeypatch):
    def gone():
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr("portal.health.connector_params", gone)
    assert readiness(Jobs()) == (503, "The database does not answer.\n")


def test_a_worker_that_ends_as_soon_as_it_begins_does_not_work(monkeypatch):
    monkeypatch.setattr(working, "SETTLED", 60)
    monkeypatch.setattr(working, "STANDING", 0.5)

    async def story():
        async with at_work() as jobs:
            await until(jobs.stand)
            return jobs.stand()

    assert asyncio.run(story())
