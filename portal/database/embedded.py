"""A PostgreSQL of Caseline's own, from a wheel, kept in a folder and reached by a Unix socket in it.

Each process that uses a folder holds a shared lock on a file beside it. The last one to leave can make that
lock its own, and stops the server. The kernel drops the locks of a killed process, so none goes stale.
"""

import atexit
import fcntl
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from portal.modes import OURS

from . import NAME, Unreachable
from .cluster import PATIENCE, PORT, TUNING, USER, Cluster, until

__all__ = ["PORT", "TUNING", "USER", "start", "stop"]

_servers: dict[Path, "Server"] = {}


def start(folder: Path) -> str:
    """Where the socket of the server of `folder` is, which is made and started when it does not run.

    Raises Unreachable.
    """
    folder = folder.resolve()
    server = _servers.setdefault(folder, Server(folder))
    server.start()
    return server.host


@atexit.register
def stop() -> None:
    """Leave every server. Nothing is started after this."""
    for server in _servers.values():
        server.leave()


class Server:
    """This process's share of the server of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = Cluster(folder)
        self.left = threading.Event()
        self._turn = threading.Lock()
        self._membership: IO[str] | None = None
        self._alias: tempfile.TemporaryDirectory | None = None

    def start(self) -> None:
        with self._turn:
            if self._membership and self.cluster.process():
                return
            if self.left.is_set():
                raise Unreachable("The embedded PostgreSQL was stopped.")
            try:
                self.folder.parent.mkdir(mode=OURS, parents=True, exist_ok=True)
                with self._alone(PATIENCE):
                    self._join()
                    self._bring_up()
            except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
                reason = " ".join(str(error).split()).rstrip(".")
                raise Unreachable(
                    f"The embedded PostgreSQL in {self.folder} did not start: {reason}. "
                    "Another PostgreSQL can be named by DATABASE_URL."
                ) from error

    def leave(self) -> None:
        """Stop the server, unless another process uses it."""
        self.left.set()
        with self._turn, suppress(OSError):
            if self._membership:
                with self._membership, self._alone(5):
                    fcntl.flock(self._membership, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.cluster.end()
        self._membership = None
        if self._alias:
            self._alias.cleanup()

    @cached_property
    def host(self) -> str:
        """The folder for libpq, which wants a Unix socket's path short and splits it at commas."""
        if len(os.fsencode(self.folder)) < 90 and "," not in str(self.folder):
            return str(self.folder)
        self._alias = tempfile.TemporaryDirectory(prefix="caseline-")
        link = Path(self._alias.name, "postgres")
        link.symlink_to(self.folder)
        return str(link)

    @contextmanager
    def _alone(self, patience: float) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with self.cluster.beside("starting").open("a") as file:
            for _ in until(patience):
                with suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
            else:
                raise TimeoutError("another process has been starting or stopping it for too long.")
            yield

    def _join(self) -> None:
        if not self._membership:
            self._membership = self.cluster.beside("users").open("a")
            fcntl.flock(self._membership, fcntl.LOCK_SH)

    def _bring_up(self) -> None:
        """Have the server take connections, from whatever state it was left in."""
        launched = None
        refusal: Exception = TimeoutError("it is being stopped.")
        for _ in until(PATIENCE):
            if self.left.is_set():
                break
            try:
                return self._create_database()
            except psycopg.OperationalError as error:
                refusal = error  # not there, or starting, recovering, stopping
            if launched and launched.poll() is not None:
                self.cluster.excuse()
                launched = None
            if not launched and not self.cluster.process():
                launched = self.cluster.launch()
        raise refusal

    def _create_database(self) -> None:
        with psycopg.connect(
            host=self.host, port=PORT, user=USER, dbname="postgres", connect_timeout=5, autocommit=True
        ) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
