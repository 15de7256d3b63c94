"""What one visitor, one lock or one lost connection does to everybody else, on a real server."""

import re
import socket
import time
from contextlib import ExitStack

import psycopg
import pytest

from .test_run import sign_in

MANY = 40  # more than there are threads for pages and files


@pytest.fixture
def run(start, tmp_path):
    return start().until_it_serves()


@pytest.fixture
def database(run, tmp_path):
    params = {"host": str(tmp_path / "home" / "postgres"), "user": "postgres", "dbname": "caseline"}
    with psycopg.connect(**params, autocommit=True) as connection:
        yield connection


def answers(run):
    """A page, a style sheet and both kinds of health, all of them soon."""
    began = time.monotonic()
    assert run.get("/healthz") == "ok\n"
    assert run.get("/readyz") == "ok\n"
    style = re.search(r'href="(/static/css/base[^"]+)"', run.get("/accounts/login/"))[1]
    assert "font" in run.get(style)
    return time.monotonic() - began < 5


def send(run, beginning):
    host, port = run.address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    connection.sendall(beginning.replace("\n", "\r\n").encode())
    return connection


# A form that is read before it is refused.
FORM = (
    "HTTP/1.1\nHost: localhost\nContent-Type: application/x-www-form-urlencoded\n"
    f"Cookie: csrftoken={'x' * 32}\n"
)
UNFINISHED = [
    "GET /accounts/login/ HT",
    f"POST /accounts/login/ {FORM}Content-Length: 1000\n\nlogin=",
    f"POST /attachments/ {FORM}Content-Length: 1000\n\nx",
    f"POST /accounts/login/ {FORM}Transfer-Encoding: chunked\n\n1\nx\n",
    f"POST /attachments/ {FORM}Content-Length: 20000000\n\nx",
]


def test_two_hundred_unfinished_requests_hold_up_nobody(run):
    with ExitStack() as held:
        for beginning in UNFINISHED * MANY:
            held.enter_context(send(run, beginning))
        time.sleep(0.5)
        assert answers(run)


def test_a_lock_holds_up_neither_health_nor_files_nor_who_reads(run, database):
    browser = sign_in(run, "ada@example.com")
    [number] = database.execute("SELECT number FROM cases_case WHERE status = 'open' LIMIT 1").fetchone()
    cookies = browser.handlers  # its jar
    jar = next(handler.cookiejar for handler in cookies if hasattr(handler, "cookiejar"))
    cookie = "; ".join(f"{one.name}={one.value}" for one in jar)
    csrf = next(one.value for one in jar if one.name == "csrftoken")
    form = f"csrfmiddlewaretoken={csrf}&body=Still+here"
    head = (
        f"POST /desk/cases/{number}/notes/ HTTP/1.1\nHost: 127.0.0.1\nCookie: {cookie}\nConnection: close\n"
        f"Content-Type: application/x-www-form-urlencoded\nContent-Length: {len(form)}\n\n"
    )
    with ExitStack() as held, database.transaction():
        database.execute("SELECT 1 FROM cases_case WHERE number = %s FOR UPDATE", [number])
        waiting = [held.enter_context(send(run, head + form)) for _ in range(12)]
        time.sleep(0.5)
        began = time.monotonic()
        assert run.get("/healthz") == "ok\n"
        assert run.get("/readyz") == "ok\n"
        assert time.monotonic() - began < 2
        for connection in waiting:
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            assert answer.startswith(b"HTTP/1.1 503")
            assert b"Someone else is changing this" in answer
            assert b"Still here" in answer
        assert f"{number}" in browser.open(f"{run.address}/desk/cases/{number}/", timeout=10).read().decode()


def test_every_lost_connection_is_replaced_with_a_line_or_two_in_the_log(run, database):
    browser = sign_in(run, "ada@example.com")
    deferred = "SELECT max(defer_timestamp) FROM procrastinate_periodic_defers WHERE task_name = 'cases.tasks.keep_time'"
    for _ in range(2):
        [before] = database.execute(deferred).fetchone()
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        began = time.monotonic()
        assert browser.open(f"{run.address}/desk/", timeout=20).status == 200
        while time.monotonic() - began < 12:
            [now] = database.execute(deferred).fetchone()
            if (now or 0) > (before or 0) + 5:  # a second one means that the first was done
                break
            time.sleep(0.1)
        else:
            raise AssertionError("Jobs stand.")
        assert run.get("/readyz") == "ok\n"
    said = run.said
    run.ctrl_c()
    told = run.said.removeprefix(said)
    assert "Traceback" not in told
    assert told.count("WARNING") + told.count("ERROR") <= 6
