"""A process beside the server, that is told lines and answers lines of JSON."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from .server import ROOT


class Helper:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def tell(self, line: str) -> None:
        with suppress(BrokenPipeError):  # its last words follow
            print(line, file=self.process.stdin, flush=True)

    def heard(self) -> dict[str, Any]:
        """Its next answer; ends the benchmark when there is none."""
        if line := self.process.stdout.readline():
            return json.loads(line)
        sys.exit(f"The benchmark ends: {self.process.stderr.read().strip()}")


@contextmanager
def helper(module: str, task: dict[str, Any]) -> Iterator[Helper]:
    """Run the module with a task until the block ends."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
    try:
        started = Helper(process)
        started.tell(json.dumps(task))
        yield started
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()
