"""Threads of pages, apart from Django: who holds them, and who waits for one."""

import asyncio
import io
import threading
from urllib.parse import urlencode

import pytest
from a2wsgi.wsgi import Body

from portal import pages as threads
from portal.pages import Pages

SOON = 5


def scope(method="GET", path="/cases/", **headers):
    headers = {"host": "testserver"} | headers
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


class Answer(list):
    async def __call__(self, message):
        self.append(message)

    @property
    def status(self):
        return self[0]["status"]

    @property
    def body(self):
        return b"".join(message["body"] for message in self[1:])


async def ask(pages, request=None, body=b"", send=None):
    answer = send or Answer()
    await pages(request or scope(), io.BytesIO(body), answer)
    return answer


class Whole(list):
    """What Django returns for a page."""

    closed = False

    def close(self):
        self.closed = True


class Streamed(Whole):
    streaming = True


def test_a_page_goes_out_whole_and_is_closed():
    made = Whole([b"hello ", b"there"])

    def wsgi(environ, start_response):
        start_response("201 Created", [("X-Kind", "page")])
        return made

    answer = asyncio.run(ask(Pages(wsgi, 1)))
    assert (answer.status, answer.body) == (201, b"hello there")
    assert (b"x-kind", b"page") in answer[0]["headers"]
    assert made.closed


def test_who_takes_a_file_slowly_holds_no_thread():
    made = Streamed([b"1", b"2", b"3"])

    def wsgi(environ, start_response):
        start_response("200 OK", [])
        return made if environ["PATH_INFO"] == "/file/" else Whole([b"page"])

    async def story():
        pages = Pages(wsgi, 1)
        go_on = asyncio.Event()

        class Slow(Answer):
            async def __call__(self, message):
                await go_on.wait()
                self.append(message)

        download = asyncio.create_task(ask(pages, scope(path="/file/"), send=Slow()))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(SOON):
            assert (await ask(pages)).body == b"page"
            go_on.set()
            assert (await download).body == b"123"
        assert made.closed

    asyncio.run(story())


def test_who_waits_too_long_for_a_thread_gets_a_sentence_and_their_words_back(monkeypatch):
    monkeypatch.setattr(threads, "TURN", 0.05)
    held = threading.Event()

    def wsgi(environ, start_response):
        held.wait(SOON)
        start_response("200 OK", [])
        return Whole([b"page"])

    async def story():
        pages = Pages(wsgi, 1)
        first = asyncio.create_task(ask(pages))
        await asyncio.sleep(0.01)
        form = urlencode({"body": "It <b>burns</b>\nagain", "token": "abc"}).encode()
        post = scope(
            "POST",
            "/cases/1/replies/",
            content_type="application/x-www-form-urlencoded",
            content_length=str(len(form)),
        )
        without = await ask(pages, post, form)
        post["headers"].append((b"hx-request", b"true"))
        in_place = await ask(pages, post, form)
        held.set()
        assert (await first).status == 200
        return without, in_place

    without, in_place = asyncio.run(story())
    assert without.status == in_place.status == 503
    page = without.body.decode()
    assert "It &lt;b&gt;burns&lt;/b&gt;\nagain</textarea>" in page
    assert 'name="token" value="abc"' in page
    assert 'action="/cases/1/replies/"' in page
    assert in_place.body.startswith("We’re too busy right now".encode())


def test_who_sends_much_and_waits_too_long_gets_a_sentence(monkeypatch):
    monkeypatch.setattr(threads, "TURN", 0)

    async def story():
        pages = Pages(None, 1)
        await pages.free.acquire()
        answer = Answer()
        await pages(scope("POST", content_length="2000000"), Body(asyncio.get_running_loop(), None), answer)
        return answer

    answer = asyncio.run(story())
    assert answer.status == 503
    assert "We’re too busy right now".encode() in answer.body


def test_a_thread_is_free_again_when_its_work_is_done_and_no_sooner():
    held, done = threading.Event(), []

    def wsgi(environ, start_response):
        held.wait(SOON)
        done.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return Whole()

    async def story():
        pages = Pages(wsgi, 1)
        left = asyncio.create_task(ask(pages, scope(path="/left/")))
        await asyncio.sleep(0.01)
        left.cancel()
        waits = asyncio.create_task(ask(pages, scope(path="/waits/")))
        await asyncio.sleep(0.01)
        assert pages.free.locked()
        held.set()
        assert (await waits).status == 200

    asyncio.run(story())
    assert done == ["/left/", "/waits/"]


def test_no_password_is_shown_again(monkeypatch):
    from django.test import RequestFactory

    from cases.views import errors

    request = RequestFactory().post("/accounts/login/", {"login": "me you", "password": "open sesame"})
    page = errors.away(request, errors.BUSY).text
    assert "sesame" not in page
    assert "<form" not in page


@pytest.mark.parametrize("length", ["5", "nonsense"])
def test_a_form_that_cannot_be_read_is_only_told(length):
    from django.test import RequestFactory

    from cases.views import errors

    request = RequestFactory().post(
        "/", b"--x", content_type="multipart/form-data", headers={"content-length": length}
    )
    assert errors.away(request, errors.BUSY).status_code == 503
