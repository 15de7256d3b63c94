"""Requests that do not begin, from a socket."""

import asyncio

import pytest
import uvicorn

from portal import protocol
from portal.protocol import Protocol


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(protocol, "HEADERS", 0.2)


async def ok(scope, receive, send):
    await asyncio.sleep(0.4 if scope["path"] == "/long" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def with_a_server(story):
    async def run():
        server = uvicorn.Server(
            uvicorn.Config(ok, http=Protocol, port=0, lifespan="off", log_level="critical")
        )
        server.install_signal_handlers = lambda: None
        task = asyncio.create_task(server.serve())
        async with asyncio.timeout(10):
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await story(reader, writer)
            writer.close()
            server.should_exit = True
            await task

    asyncio.run(run())


async def drip(writer, piece):
    while not writer.is_closing():
        writer.write(piece)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("beginning", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_headers_that_do_not_come_end_the_connection(beginning):
    async def story(reader, writer):
        writer.write(beginning)
        assert await reader.read() == b""

    with_a_server(story)


def test_headers_that_never_end_end_the_connection_too():
    async def story(reader, writer):
        writer.write(b"GET / HTTP/1.1\r\n")
        dripping = asyncio.create_task(drip(writer, b"X-A: b\r\n"))
        assert await reader.read() == b""
        dripping.cancel()

    with_a_server(story)


def test_an_answer_may_take_longer_and_a_second_request_has_its_own_time():
    async def story(reader, writer):
        for path in (b"/long", b"/", b"/long"):
            writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        writer.write(b"GET /")
        assert await reader.read() == b""

    with_a_server(story)
