"""Open desks: a process that does with each of its streams what a browser does with its page.

On "changed" a desk fetches what its page names, one at a time: what comes meanwhile asks for one more.
Beside that it writes a reply every second. It ends with its standard input.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import cycle
from typing import Any

from .client import AnswerError, message
from .figures import percentile
from .reading import fields, with_fields
from .sockets import PATIENCE, Stream, allow, answer, head, opened, said, say

PACE = 1.0  # seconds between replies


class Line:
    """A connection that is kept open, and opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        kept = self.ends is not None
        try:
            return await asyncio.wait_for(self._once(request), PATIENCE)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.ends = None
            if not kept:
                raise
            return await asyncio.wait_for(self._once(request), PATIENCE)

    async def _once(self, request: bytes) -> tuple[int, bytes]:
        if self.ends is None:
            self.ends = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        reader, writer = self.ends
        writer.write(request)
        return await answer(reader)


class Tally:
    """What all desks together saw."""

    def __init__(self) -> None:
        self.times: list[float] = []  # of fetches, in milliseconds
        self.behind: list[float] = []  # from a nudge to the answer that holds what it was about
        self.statuses: Counter[int] = Counter()
        self.nudges = self.replies = self.failed = 0

    def report(self, seconds: float) -> dict[str, Any]:
        def spread(times: list[float]) -> list[float]:
            return [round(percentile(times, share), 1) for share in (0.5, 0.95, 0.99)] if times else []

        return {
            "seconds": round(seconds, 1),
            "replies": self.replies,
            "nudges_per_second": round(self.nudges / seconds, 1),
            "fetches_per_second": round(len(self.times) / seconds, 1),
            "fetch_ms": spread(self.times),
            "behind_ms": spread(self.behind),
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "failed": self.failed,
        }


class Desk(Stream):
    """One open page."""

    def __init__(self, port: int, page: dict[str, Any], tally: Tally) -> None:
        super().__init__(head(page["stream"], page["headers"]))
        self.line, self.tally = Line(port), tally
        self.fetch, self.headers = page["fetch"], page["headers"] | {"HX-Request": "true"}
        self.names: dict[str, str] = dict(page["names"])  # of the fields that go with it, by id
        self.values: dict[str, str] = dict(page["values"])
        self.wanted: list[float] = []  # when the nudges came that no fetch has answered yet
        self.fetching: asyncio.Task[None] | None = None

    def changed(self) -> None:
        self.tally.nudges += 1
        self.wanted.append(self.heard)
        if self.fetching is None or self.fetching.done():
            self.fetching = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        while self.wanted:
            asked, self.wanted = self.wanted, []
            path = with_fields(self.fetch, {self.names[one]: value for one, value in self.values.items()})
            began = time.monotonic()
            try:
                status, body = await self.line.ask(head(path, self.headers))
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                self.tally.failed += 1
                continue
            now = time.monotonic()
            self.tally.times.append((now - began) * 1000)
            self.tally.behind += [(now - nudged) * 1000 for nudged in asked]
            self.tally.statuses[status] += 1
            if status == 200:
                brought = fields(body.decode())
                self.values |= {one: brought[one][1] for one in self.values.keys() & brought.keys()}


async def work(port: int, desks: list[dict[str, Any]], replies: list[dict[str, Any]]) -> None:
    allow(2 * len(desks))
    tally = Tally()
    open_desks = [Desk(port, page, tally) for page in desks]
    began = time.monotonic()
    await opened(port, list(open_desks))
    say(opened=len(desks), seconds=time.monotonic() - began)
    if not await said():
        return
    began, worked = time.monotonic(), time.process_time()
    writing = asyncio.create_task(_write(port, replies, tally))
    await said()
    writing.cancel()
    seconds, worked = time.monotonic() - began, time.process_time() - worked
    lost = sum(desk.lost for desk in open_desks)
    say(lost=lost, own_share=round(worked / seconds, 2), **tally.report(seconds))


async def _write(port: int, replies: list[dict[str, Any]], tally: Tally) -> None:
    """A reply every second, whether or not the one before was answered by then."""
    lines = [Line(port) for _ in range(8)]
    started = set()
    for line, reply in zip(cycle(lines), cycle(replies), strict=False):
        task = asyncio.create_task(_reply(line, reply, tally))
        started.add(task)
        task.add_done_callback(started.discard)
        await asyncio.sleep(PACE)


async def _reply(line: Line, reply: dict[str, Any], tally: Tally) -> None:
    lines = [f"POST {reply['path']} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in reply["headers"].items()]
    try:
        status, _ = await line.ask(message("\r\n".join(lines).encode(), reply["form"]))
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        status = 0
    tally.replies += status == 200
    tally.failed += status != 200


if __name__ == "__main__":
    try:
        asyncio.run(work(**json.loads(sys.stdin.readline())))
    except (AnswerError, OSError, TimeoutError) as error:
        sys.exit(str(error) or "The desks were not ready in time.")
