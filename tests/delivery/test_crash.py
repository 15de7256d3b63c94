"""A worker is killed while it sends: afterwards each mail is there once, or with the same Message-ID again."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from cases.actions import conversation
from cases.models import Delivery
from cases.tasks import retry_stalled
from tests.mail.letters import do_jobs

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20


@pytest.fixture
def worker(server):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.delivery.worker"],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.delivery.worker_settings",
            "WORKERS_DATABASE": connection.settings_dict["NAME"],
            "WORKERS_MAIL_PORT": str(server.port),
        },
    )
    yield process
    process.kill()
    process.wait(PATIENCE)


def until(so):
    deadline = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Hold:
    """A step of the mail server at which it waits, until the test has gone on."""

    def __init__(self):
        self.reached, self.go_on = threading.Event(), threading.Event()

    async def __call__(self):
        self.reached.set()
        await asyncio.to_thread(self.go_on.wait, PATIENCE)


def beside():
    return psycopg.connect(**connector_params(), autocommit=True)


def kill(worker):
    """As the machine would: its connections are gone too, and what they waited for is not done."""
    worker.kill()
    worker.wait(PATIENCE)
    with beside() as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"
        )


def the_next_worker():
    """Sees that nobody has heard of the one before for a while, and goes on."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    ProcrastinateJob.objects.filter(task_name="cases.tasks.retry_stalled")._raw_delete("default")
    retry_stalled.defer(timestamp=0)
    do_jobs()


def test_before_it_is_sent(server, worker, quiet, ada):
    server.at["RCPT"] = hold = Hold()
    conversation.reply(quiet, by=ada, body="Still there?")
    assert hold.reached.wait(PATIENCE)
    kill(worker)
    hold.go_on.set()
    del server.at["RCPT"]
    assert server.ids == []
    the_next_worker()
    assert len(server.ids) == 1


def test_after_the_mail_server_took_it_and_before_that_is_written_down(server, worker, quiet, ada):
    """Nobody but the mail server knows that it has it, and SMTP cannot ask."""
    server.at["DATA"] = hold = Hold()
    conversation.reply(quiet, by=ada, body="Still there?")
    assert hold.reached.wait(PATIENCE)
    with beside() as other, other.transaction():
        other.execute("LOCK TABLE cases_delivery IN SHARE MODE")
        hold.go_on.set()
        until(waiting_for_the_lock)
        kill(worker)
    the_next_worker()
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1
    assert Delivery.objects.get().state == "sent"


def test_after_that_was_written_down(server, worker, quiet, ada):
    server.at["DATA"] = hold = Hold()
    conversation.reply(quiet, by=ada, body="Still there?")
    assert hold.reached.wait(PATIENCE)
    with beside() as other, other.transaction():
        other.execute("LOCK TABLE procrastinate_jobs IN SHARE MODE")
        hold.go_on.set()
        until(lambda: Delivery.objects.get().state == "sent")
        kill(worker)
    assert ProcrastinateJob.objects.filter(queue_name="mail", status="doing").exists()
    the_next_worker()
    assert len(server.ids) == 1
    assert not ProcrastinateJob.objects.filter(queue_name="mail").exclude(status="succeeded").exists()


def waiting_for_the_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE \"cases_delivery%'"
        )
        return cursor.fetchone() is not None
