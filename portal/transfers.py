"""What comes and goes slowly, as files do: in threads of its own, and not without end."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi.wsgi import Body

MUCH = 1024 * 1024  # bytes: what is more is not read before it has a thread
STALLED = 60  # seconds in which nothing moves
GRACE = 15  # seconds for what is sent, and more of them for each
SLOWEST = 10_000  # bytes that came
HELD = 64 * MUCH  # of all that is being read at once


class Refused(OSError):
    """What is sent is not read to its end. Django expects an OSError of what it reads from."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status

    async def answer(self, send: Any) -> None:
        await answer(send, self.status, f"{self}\n", close=True)


class Gone(Refused):
    """Nobody waits for an answer."""

    def __init__(self) -> None:
        super().__init__(400, "The request broke off.")


class Reader:
    """Receives what is sent, which must not be cut off in its middle, nor come too slowly."""

    held = 0  # by all of them

    def __init__(self, receive: Callable[[], Awaitable[Any]]) -> None:
        self.receive = receive
        self.ends = asyncio.get_running_loop().time() + GRACE

    async def message(self) -> Any:
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(min(self.ends, now + STALLED)):
                message = await self.receive()
        except TimeoutError:
            raise Refused(408, "What you sent came too slowly.") from None
        if message["type"] == "http.disconnect":
            raise Gone
        self.ends += len(message.get("body", b"")) / SLOWEST
        return message

    async def small(self) -> tuple[bytes, bool]:
        """All, or the beginning of what is more than much, and whether there is more."""
        read = bytearray()
        try:
            while len(read) <= MUCH:
                message = await self.message()
                piece = message.get("body", b"")
                Reader.held += len(piece)
                read += piece
                if not message.get("more_body"):
                    return bytes(read), False
                if Reader.held > HELD:
                    raise Refused(503, "Too much is being sent to us just now. Try again in a moment.")
            return bytes(read), True
        finally:
            Reader.held -= len(read)


async def read(scope: Any, receive: Any) -> io.BytesIO | Body:
    """What the request carries: whole if it is small, else what a thread reads as it comes. Raises Refused."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if b"transfer-encoding" not in headers and (not length or length == b"0"):
        return io.BytesIO()
    reader = Reader(receive)
    beginning, more = b"", True
    if not (length.isdigit() and int(length) > MUCH):
        beginning, more = await reader.small()
    if not more:
        return io.BytesIO(beginning)
    body = Body(asyncio.get_running_loop(), reader.message)
    body.buffer += beginning
    return body


def goes_slowly(scope: Any, body: Any) -> bool:
    """Whether the request fetches files, or carries so much that it may be long on its way."""
    return scope["path"].startswith("/attachments/") or isinstance(body, Body)


def unless_stalled(send: Any) -> Any:
    """Who takes nothing for a while gets nothing more, which ends the connection."""
    gone = False

    async def sent(message: Any) -> None:
        nonlocal gone
        if gone:
            return
        try:
            async with asyncio.timeout(STALLED):
                await send(message)
        except TimeoutError:
            gone = True

    return sent


async def answer(send: Any, status: int, words: str, *, close: bool = False) -> None:
    """A plain answer that needs no thread."""
    body = words.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *([(b"connection", b"close")] if close else ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
