"""What comes and goes slowly, as files do: in threads of its own, and not without end."""

import asyncio
from typing import Any

MUCH = 1024 * 1024  # bytes
STALLED = 60  # seconds in which nothing moves


def is_slow(scope: Any) -> bool:
    """Whether the request fetches files, or carries so much that it may be long on its way."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return scope["path"].startswith("/attachments/") or (length.isdigit() and int(length) > MUCH)


def whole(receive: Any) -> Any:
    """What was cut off in its middle, or goes on no more, must not be taken for all that was sent."""

    async def received() -> Any:
        async with asyncio.timeout(STALLED):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("The request broke off.")
        return message

    return received


def unless_stalled(send: Any) -> Any:
    """Who takes nothing for a while gets nothing more, which ends the connection and frees the thread."""
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
