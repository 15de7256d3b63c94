"""uvicorn's HTTP, which waits only so long for a request to begin."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS = 20  # seconds in which they have come, from the first byte of them or from the connection


class Protocol(HttpToolsProtocol):
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._deadline:
            self._deadline.cancel()

    def _watch(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._deadline = self._deadline or self.loop.call_later(HEADERS, self.transport.close)
        elif self._deadline:
            self._deadline.cancel()
            self._deadline = None
