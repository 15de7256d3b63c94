"""The real server, as `manage.py run` starts it, for as long as it is measured."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GRACE = 10  # seconds until a server that does not stop is killed


@dataclass
class Server:
    port: int
    pid: int


@contextmanager
def serving() -> Iterator[Server]:
    """Start the server on a free port of this machine."""
    with running([sys.executable, "manage.py", "run", "--host", "127.0.0.1", "--port", "0"]) as server:
        _until_it_listens(server.port)
        yield server


def _until_it_listens(port: int) -> None:
    """Live streams are refused until the server hears of nudges, a moment after its pages are there."""
    for _ in range(200):
        asked = HTTPConnection("127.0.0.1", port, timeout=10)
        asked.request("GET", "/live/")
        status = asked.getresponse().status
        asked.close()
        if status != 503:
            return
        time.sleep(0.05)


@contextmanager
def running(
    command: list[str], folder: Path = ROOT, environment: Mapping[str, str] = os.environ
) -> Iterator[Server]:
    """A server that tells its address when it is ready."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server(_port(process), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _port(process: subprocess.Popen[str]) -> int:
    said = []
    for said_now in process.stdout or ():
        if address := re.search(r"http://127\.0\.0\.1:(\d+)", said_now):
            return int(address[1])
        said.append(said_now)
    raise SystemExit(f"The server did not start. It said: {' '.join(''.join(said).split()) or 'nothing'}")
