"""Real Chromium against the real application, served on loopback from the test database."""

import gc
import os
import shutil
import threading
import time
from contextlib import suppress
from functools import wraps

import pytest
import uvicorn
from playwright.sync_api import Error, Locator, expect, sync_playwright

from cases.live import readers, stream

# Playwright's loop runs in the tests' thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
SOON = 10_000  # milliseconds that a busy machine may need
expect.set_options(timeout=SOON)


def once_scripts_run(page, act):
    """The same act, which waits for the scripts of a page that a click has just led to. People are slower anyway."""

    @wraps(act)
    def acts(*args, **kwargs):
        page.wait_for_load_state("domcontentloaded")
        return act(*args, **kwargs)

    return acts


def in_time(act):
    return lambda where, *args, **kwargs: once_scripts_run(where.page, act)(where, *args, **kwargs)


for name in (
    "check",
    "click",
    "fill",
    "focus",
    "hover",
    "press",
    "press_sequentially",
    "select_option",
    "uncheck",
):
    setattr(Locator, name, in_time(getattr(Locator, name)))


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


class Portal:
    """The application on a port of its own, and how many answers are on their way."""

    def __init__(self, application):
        self.application, self.answering = application, 0
        self.server = uvicorn.Server(
            uvicorn.Config(self, port=0, log_level="warning", lifespan="on", timeout_graceful_shutdown=1)
        )

    async def __call__(self, scope, receive, send):
        self.answering += scope["type"] == "http"
        try:
            await self.application(scope, receive, send)
        finally:
            self.answering -= scope["type"] == "http"

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def rest(self):
        """Wait for the last answer, which would write into the tables of the next test."""
        until(lambda: not self.answering, "a page is never done")


def until(condition, otherwise):
    deadline = time.monotonic() + SOON / 1000
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.005)


@pytest.fixture(scope="session")
def portal(django_db_setup, django_db_blocker):
    """The running portal, one for each worker of pytest-xdist."""
    with django_db_blocker.unblock():
        from portal import asgi

        portal = Portal(asgi.application)
        thread = threading.Thread(target=portal.server.run, name="portal")
        thread.start()
        until(lambda: portal.server.started and asgi.hub.listening, "the portal did not start")
        yield portal
        asgi.hub.end_streams()
        portal.server.should_exit = True
        thread.join(timeout=20)
        gc.collect()  # with the threads, their connections


@pytest.fixture
def site(portal):
    """Its address."""
    return portal.address


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("The browser tests need Chromium: apt install chromium, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium, portal, browser_of):
    """Opens windows: `window(ada, "/desk/")`, or `window(None, "/")` for a visitor.

    Whatever a page reports as an error or a breach of the policy fails the test, unless it expects it.
    With `clock=True` its time can be moved on: `page.clock.run_for(1500)`.
    """
    contexts, complaints = [], []

    def listen(message):
        if message.type == "error" and not any(word in message.text for word in window_opener.expected):
            complaints.append(message.text)

    def window_opener(user, path, clock=False, **options):
        context = chromium.new_context(base_url=portal.address, reduced_motion="reduce", **options)
        context.set_default_timeout(SOON)
        contexts.append(context)
        if user:
            session = browser_of(user, proven=True).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": portal.address}])
        page = context.new_page()
        for name in ("press", "type"):
            setattr(page.keyboard, name, once_scripts_run(page, getattr(page.keyboard, name)))
        if clock:
            page.clock.install()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    window_opener.expected = []
    yield window_opener
    heard = [*complaints]  # an answer that finds its page half gone complains of that
    for context in contexts:
        for routed in (*context.pages, context):
            with suppress(Error):  # of a page that has crashed
                routed.unroute_all(behavior="ignoreErrors")  # an answer on its way would fail the next test
        context.close()
    portal.rest()
    assert heard == []


class Held:
    """The answer to the next request for a path, kept back after the portal has made it."""

    def __init__(self, page, path):
        self.page, self.kept = page, []
        page.route(path, lambda route: self.kept.append((route, route.fetch())), times=1)

    def wait(self):
        """Until the portal has made it."""
        deadline = time.monotonic() + SOON / 1000
        while not self.kept:
            assert time.monotonic() < deadline, "nothing was asked for"
            self.page.wait_for_timeout(20)  # in which Playwright hears of it

    def let_go(self):
        self.wait()
        route, answer = self.kept.pop()
        route.fulfill(response=answer)


@pytest.fixture
def gathered_at_once(monkeypatch):
    """The portal gathers nudges, and who comes and goes, for a tenth of a second instead of a whole one."""
    monkeypatch.setattr(readers, "GATHERING", 0.1)
    monkeypatch.setattr(stream, "REST_OF_QUEUE", 0.1)


@pytest.fixture
def hold():
    """Holds an answer back: `held = hold(page, "**/severity/")`, and later `held.let_go()`."""
    return Held
