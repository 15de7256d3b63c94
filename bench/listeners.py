"""Two thousand open pages: a process that holds streams and tells when each of them heard a nudge.

It reads what to open as JSON, then a line for each nudge, and ends with its standard input.
"""

import asyncio
import json
import sys
import time
from itertools import cycle

from .client import AnswerError
from .sockets import Stream, allow, head, opened, said, say

FIRST = 20  # streams that are opened before memory is looked at
LATEST = 10  # seconds that a nudge may take


async def listen(port: int, path: str, headers: list[dict[str, str]], streams: int) -> None:
    allow(streams)
    messages = cycle([head(path, one) for one in headers])  # a viewer has only so many
    await opened(port, [Stream(next(messages)) for _ in range(FIRST)])
    say(opened=FIRST)
    if not await said():
        return
    began = time.monotonic()
    held = [Stream(next(messages)) for _ in range(streams)]
    await opened(port, held)
    say(opened=streams, seconds=time.monotonic() - began)
    while nudge := await said():
        nudged = float(nudge)
        until = time.monotonic() + LATEST
        while any(stream.heard < nudged for stream in held) and time.monotonic() < until:
            await asyncio.sleep(0.01)
        times = [(stream.heard - nudged) * 1000 for stream in held if stream.heard >= nudged]
        say(times=times, lost=sum(stream.lost for stream in held))


if __name__ == "__main__":
    try:
        asyncio.run(listen(**json.loads(sys.stdin.readline())))
    except (AnswerError, OSError, TimeoutError) as error:
        sys.exit(str(error) or "The streams were not ready in time.")
