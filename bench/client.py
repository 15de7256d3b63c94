"""The visitors: a process of its own, that spends as little as it can of the cores it shares with the server.

It reads one measurement as JSON from standard input and writes what it found as JSON. Sockets are
used bare, since Python's HTTP clients cost more than some of the pages.
"""

import json
import re
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

PATIENCE = 120  # seconds that one answer may take
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CURSOR = re.compile(rb'name="after" value="(\d+)"')


class AnswerError(Exception):
    """An answer that ends the benchmark; the message is a sentence."""


def message(head: bytes, form: dict[str, str] | None) -> bytes:
    """The whole request. A form gets a token of its own, as a page in a browser has one."""
    if form is None:
        return head + b"\r\n\r\n"
    body = urlencode(form | {"token": str(uuid4())}).encode()
    kind = b"application/x-www-form-urlencoded"
    return b"%s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (head, kind, len(body), body)


class Visitor:
    """One kept-open connection that asks for the same page again and again.

    A form gets the cursor of the answer before, as a page in a browser has it.
    """

    def __init__(
        self, port: int, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.name = f"{method} {path}"
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            *(f"{name}: {headers[name]}" for name in headers),
        ]
        self.head = "\r\n".join(lines).encode()
        self.form = form
        self.times: list[float] = []
        self.size = 0

    def ask(self, times: int, until: float, status: int) -> None:
        """Ask up to `times` times, or until the clock says `until`. Raises AnswerError."""
        for _ in range(times):
            asked = message(self.head, self.form)
            began = time.perf_counter()
            self.socket.sendall(asked)
            found, body = self._answer()
            ended = time.perf_counter()
            if found != status:
                raise AnswerError(f"{self.name} answered {found} instead of {status}.")
            self.times.append((ended - began) * 1000)
            self.size = len(body)
            if self.form and (cursor := CURSOR.search(body)):
                self.form["after"] = cursor[1].decode()
            if ended > until:
                break

    def _answer(self) -> tuple[int, bytes]:
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            self._receive(received)
        status, length = int(received[9:12]), LENGTH.search(received, 0, end)
        if length is None and status != 204:
            raise AnswerError(f"{self.name} answered {status} without a length.")
        whole = end + 4 + (int(length[1]) if length else 0)
        while len(received) < whole:
            self._receive(received)
        return status, bytes(received[end + 4 :])

    def _receive(self, into: bytearray) -> None:
        try:
            chunk = self.socket.recv(262_144)
        except OSError as error:
            raise AnswerError(f"{self.name} was not answered ({error}).") from None
        if not chunk:
            raise AnswerError(f"{self.name} was not answered: the server closed the connection.")
        into += chunk


def measure(
    port: int, requests: list[dict[str, Any]], status: int, warm: int, times: int, seconds: float
) -> dict[str, Any]:
    """Every request is one visitor's; each asks `times` times, after `warm` times that do not count."""
    visitors = [Visitor(port, **request) for request in requests]
    with ThreadPoolExecutor(len(visitors)) as pool:

        def all_ask(times: int) -> float:
            began = time.perf_counter()
            list(pool.map(lambda visitor: visitor.ask(times, began + seconds, status), visitors))
            return time.perf_counter() - began

        all_ask(warm)
        for visitor in visitors:
            visitor.times.clear()
        took = all_ask(times)
    found = [time for visitor in visitors for time in visitor.times]
    return {"times": found, "seconds": took, "size": visitors[0].size}


if __name__ == "__main__":
    try:
        print(json.dumps(measure(**json.load(sys.stdin))))
    except (AnswerError, OSError) as error:
        sys.exit(str(error))
