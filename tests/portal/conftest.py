"""The portal as somebody starts it: a process of its own, in a home of its own."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


class Run:
    """A running `manage.py run`, and what it has said."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=environment(CASELINE_HOME=str(home), CASELINE_DEMO="1", PORT="0") | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        self.deadline = threading.Timer(2 * PATIENCE, self.process.kill)
        self.deadline.start()

    def until_it_serves(self) -> "Run":
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                return self
        raise AssertionError(f"It ended: {self.said}")

    @property
    def address(self) -> str:
        return re.search(r"http://\S+:\d+", self.said)[0]

    def get(self, path: str) -> str:
        with urlopen(self.address + path, timeout=PATIENCE) as response:
            return response.read().decode()

    def ctrl_c(self) -> float:
        """Press Ctrl-C, as a terminal tells all of the group. Returns how many seconds the end took."""
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.said += self.process.communicate(timeout=PATIENCE)[0]
        return time.monotonic() - began

    def kill(self) -> None:
        self.deadline.cancel()
        self.process.kill()
        self.process.communicate(timeout=PATIENCE)


def environment(**settings: str) -> dict[str, str]:
    """This environment, less what leads to another database or other settings, and what `make` leaves in it."""
    foreign = ("CASELINE_", "DJANGO_", "DATABASE_URL", "SECRET_KEY", "PORT", "HOST", "MAKE", "MFLAGS")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | settings


def processes_of(home: Path) -> list[psutil.Process]:
    """Whatever works in a home, or was told of it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(home) in process.cwd() or str(home) in " ".join(process.cmdline()):
                found.append(process)
    return found


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Starts the portal in `tmp_path / "home"`, or the home that is given. Nothing outlives the test."""
    started = []

    def start_run(home: Path = tmp_path / "home", **settings: str) -> Run:
        started.append(Run(home, **settings))
        return started[-1]

    yield start_run
    for run in started:
        run.kill()
    for process in processes_of(tmp_path):
        with suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.fixture
def manage(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command to its end: `manage("run", PORT="abc")`."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(CASELINE_HOME=str(tmp_path / "home"), PORT="0") | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    return run
