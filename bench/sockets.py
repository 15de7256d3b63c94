"""Many connections in one process, with no more between them and the server than asyncio."""

import asyncio
import json
import resource
import sys
import time
from typing import Any

from .client import LENGTH, AnswerError

AT_ONCE = 64  # connections that are being opened
PATIENCE = 30  # seconds until a stream must be ready, or an answer be there
BESIDE = 100  # files that a process has open beside its connections


def allow(connections: int) -> None:
    """Have this process, and those that it starts, hold so many connections. Raises AnswerError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + BESIDE
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise AnswerError(
            f"{connections:,} streams need {needed:,} open files, and this machine allows {hard:,} (ulimit -Hn)."
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def head(path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {headers[name]}" for name in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Stream(asyncio.Protocol):
    """An open `/live/`. `heard` holds when it was last told of a change, by the clock that all processes share."""

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.heard = 0.0
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.message)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if b"event: changed" in data:
            self.heard = time.monotonic()
            self.changed()
        elif self.ready.done():
            return
        elif data.startswith(b"HTTP/") and data[9:12] != b"200":
            self.ready.set_exception(AnswerError(f"A stream was answered {data[9:12].decode()}."))
        elif b"event: ready" in data:
            self.ready.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if not self.ready.done():
            self.ready.set_exception(AnswerError("A stream was closed before it was ready."))

    def changed(self) -> None:
        """What a page does when it is nudged."""


async def opened(port: int, streams: list[Stream]) -> None:
    """Open them all, a few at a time. Raises AnswerError."""
    turn = asyncio.Semaphore(AT_ONCE)
    loop = asyncio.get_running_loop()

    async def open_one(stream: Stream) -> None:
        async with turn:
            await loop.create_connection(lambda: stream, "127.0.0.1", port)
            await asyncio.wait_for(stream.ready, PATIENCE)

    await asyncio.gather(*(open_one(stream) for stream in streams))


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next answer on a connection that stays open: its status and its body."""
    top = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(top)
    return int(top[9:12]), await reader.readexactly(int(length[1])) if length else b""


async def said() -> str:
    """The next line from the process that started this one; empty when it is gone."""
    return (await asyncio.to_thread(sys.stdin.readline)).strip()


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)
