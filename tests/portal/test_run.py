"""`make run`, for real: start, stop, kill, and start again."""

import os
import signal
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from .conftest import Run, processes_of


def sign_in(run: Run, email: str):
    """A browser that went through the sign-in page with the password that `run` told."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    browser.open(f"{run.address}/accounts/login/", timeout=20).close()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    password = run.said.partition("password “")[2].partition("”")[0]
    form = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": token})
    browser.open(f"{run.address}/accounts/login/", form.encode(), timeout=20).close()
    return browser


def server_of(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def test_a_first_start_tells_how_to_come_in_and_ctrl_c_leaves_nothing_behind(start, tmp_path):
    home = tmp_path / "a home, of someone's" / ("very " * 20 + "long")
    run = start(home).until_it_serves()
    for role, count in {"Agent": 1, "Administrator": 1, "Customer": 2}.items():
        assert run.said.count(f"  {role} ") == count
    stream = sign_in(run, "ada@example.com").open(f"{run.address}/live/?on=queue", timeout=20)
    assert stream.readline() == b"event: ready\n"

    assert run.ctrl_c() < 4
    assert run.process.returncode == 0
    assert run.said.endswith("Ctrl-C stops it.\n\nStopped.\n")
    assert processes_of(home) == []


def test_a_start_that_is_interrupted_leaves_nothing_running(start, tmp_path):
    run = start()
    deadline = time.monotonic() + 60
    while not list((tmp_path / "home").glob("postgres.new-*/base")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(20) == 0
    assert processes_of(tmp_path) == []


def test_runs_share_a_server_that_outlives_each_kill_and_ends_with_the_last(start, tmp_path):
    home = tmp_path / "home"
    first, second = start().until_it_serves(), start().until_it_serves()
    server = server_of(home)
    first.kill()
    assert second.get("/readyz") == "ok\n"
    second.kill()
    third = start().until_it_serves()
    assert server_of(home) == server

    os.kill(server, signal.SIGKILL)
    assert third.get("/accounts/login/")
    assert server_of(home) != server
    third.ctrl_c()
    assert processes_of(home) == []

    for remains in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (home / "postgres" / remains).write_text(
            f"{os.getpid()}\n{home}/postgres\n1\n5432\n.\n\n1 1\nready\n"
        )
    start().until_it_serves().ctrl_c()
    assert processes_of(home) == []


def test_an_empty_start_prints_the_link_of_its_first_administrator_once(start):
    run = start(CASELINE_DEMO="").until_it_serves()
    assert "We’re not open yet" in run.get("/")
    opened = run.said.partition(f"{run.address}/setup/first/?link=")[2].split()[0]
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{run.address}/setup/first/?link={opened}", timeout=20) as page:
        assert page.url == f"{run.address}/setup/first/"
        assert "Make my account" in page.read().decode()
    run.ctrl_c()
    assert run.said.count(opened) == 1
