"""Real Chromium against the real application, served on loopback from the test database."""

import gc
import os
import shutil
import threading
import time
from importlib import import_module

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from cases.models import View

# Playwright's loop runs in the tests' thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
SOON = 10_000  # milliseconds that a busy machine may need
expect.set_options(timeout=SOON)


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker):
    """The address of the running portal."""
    with django_db_blocker.unblock():
        from portal import asgi

        server = uvicorn.Server(
            uvicorn.Config(
                asgi.application, port=0, log_level="warning", lifespan="on", timeout_graceful_shutdown=1
            )
        )
        thread = threading.Thread(target=server.run, name="portal")
        thread.start()
        deadline = time.monotonic() + 20
        while not (server.started and asgi.hub.listening):
            assert time.monotonic() < deadline, "the portal did not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        asgi.hub.end_streams()
        server.should_exit = True
        thread.join(timeout=20)
        asgi._pages.threads.shutdown()
        asgi._files.threads.shutdown()
        asgi._stream.threads.shutdown()
        gc.collect()  # with the threads, their connections


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("The browser tests need Chromium: apt install chromium, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def desk_views(transactional_db):
    """What each desk starts with, since the tables are emptied between these tests."""
    starting = import_module("cases.migrations.0004_views_are_counted").VIEWS
    for place, view in enumerate(starting):
        View.objects.get_or_create(**view, defaults={"position": place})


@pytest.fixture
def window(chromium, site, browser_of):
    """Opens windows: `window(ada, "/desk/")`, or `window(None, "/")` for a visitor.

    Whatever a page reports as an error or a breach of the policy fails the test, unless it expects it.
    """
    contexts, complaints = [], []

    def listen(message):
        if message.type == "error" and not any(word in message.text for word in window_opener.expected):
            complaints.append(message.text)

    def window_opener(user, path, **options):
        context = chromium.new_context(base_url=site, reduced_motion="reduce", **options)
        context.set_default_timeout(SOON)
        contexts.append(context)
        if user:
            session = browser_of(user).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    window_opener.expected = []
    yield window_opener
    for context in contexts:
        context.close()
    _let_pages_finish()
    assert complaints == []


def _let_pages_finish():
    """Wait until no thread makes a page any more, which would get into the way of emptying the tables."""
    from portal import asgi

    for executor in (asgi._pages.threads, asgi._files.threads, asgi._stream.threads):
        together = threading.Barrier(executor._max_workers)
        for done in [executor.submit(together.wait, SOON / 1000) for _ in range(executor._max_workers)]:
            done.result()


class Held:
    """The answer to the next request for a path, kept back after the portal has made it."""

    def __init__(self, page, path):
        page.route(path, self._hold, times=1)

    def _hold(self, route):
        self.route, self.answer = route, route.fetch()

    def let_go(self):
        self.route.fulfill(response=self.answer)


@pytest.fixture
def hold():
    """Holds an answer back: `held = hold(page, "**/severity/")`, and later `held.let_go()`."""
    return Held
