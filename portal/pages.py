"""Pages in threads: none waits for what a browser sends or takes, and nobody waits for a thread without end."""

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi.wsgi import Body, build_environ
from django.core.handlers.wsgi import WSGIRequest

from cases.views import errors

TURN = 15  # seconds that a request waits for a thread


class Pages:
    """A WSGI application as one of ASGI, whose requests are read before."""

    def __init__(self, wsgi: Callable, threads: int) -> None:
        self.wsgi = wsgi
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self.free = asyncio.Semaphore(threads)

    async def __call__(self, scope: Any, body: Any, send: Any) -> None:
        environ: Any = build_environ(scope, body)
        try:
            async with asyncio.timeout(TURN):
                await self.free.acquire()
        except TimeoutError:
            answer: Any = _busy(environ, body)
        else:
            answer = await self._in_thread(self._made, environ)
        status, headers, pieces = answer
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if isinstance(pieces, bytes):
            return await send({"type": "http.response.body", "body": pieces})
        iterator = iter(pieces)
        try:
            while (piece := await self._take(next, iterator, None)) is not None:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await self._take(pieces.close)

    async def _take(self, function: Callable, *arguments: Any) -> Any:
        await self.free.acquire()
        return await self._in_thread(function, *arguments)

    async def _in_thread(self, function: Callable, *arguments: Any) -> Any:
        """For whoever has acquired a free one, which is free again when the function is done, and no sooner."""
        done = self.threads.submit(function, *arguments)
        loop = asyncio.get_running_loop()
        done.add_done_callback(lambda _: loop.is_closed() or loop.call_soon_threadsafe(self.free.release))
        return await asyncio.wrap_future(done)

    def _made(self, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], Any]:
        """Status, headers and body: as bytes, or as pieces that are yet to be made."""
        begun: list[Any] = []
        response = self.wsgi(environ, lambda status, headers, exc_info=None: begun.append((status, headers)))
        [(status, headers)] = begun
        pieces: Any = response
        if not getattr(response, "streaming", False):
            pieces = b"".join(response)
            response.close()
        return int(status[:3]), _encoded(headers), pieces


def _busy(environ: dict[str, Any], body: Any) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    if isinstance(body, Body):  # which is not read any more
        environ |= {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0", "REQUEST_METHOD": "GET"}
    response = errors.away(WSGIRequest(environ), errors.BUSY)
    return response.status_code, _encoded(response.items()), response.content


def _encoded(headers: Any) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
