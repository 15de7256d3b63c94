"""The real server, as `manage.py run` starts it, for as long as it is measured."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GRACE = 10  # seconds until a server that does not stop is killed


@contextmanager
def serving() -> Iterator[int]:
    """Start the server on a free port of this machine; gives the port."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run", "--host", "127.0.0.1", "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _port(process)
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
