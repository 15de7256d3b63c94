"""psycopg, for threads that must not wait for ever: pages, streams and jobs.

PostgreSQL itself ends a statement that takes long or waits long for a lock. Of a server that hangs, and says
nothing at all, the thread takes leave by itself.

The limits are set in the session, as a pooler between us may refuse them when a connection starts. They are for
threads of pages alone: what migrates, fills or measures a database takes the time it takes.
"""

import threading
from typing import Any

import psycopg
from psycopg import *  # noqa: F403 - as Django takes this module for the driver

LOCK = 3  # seconds that a page waits for what somebody else is changing
STATEMENT = 15  # that one of its statements may take
SILENCE = 20  # and after which a server that says nothing is given up
SILENCE_OF_JOBS = 300

_INTERVAL = 0.1  # psycopg's own

_thread = threading.local()


def hurry() -> None:
    """From now on, this thread makes pages."""
    _thread.page, _thread.silence = True, SILENCE


def be_patient() -> None:
    """From now on, this thread does jobs."""
    _thread.page, _thread.silence = False, SILENCE_OF_JOBS


def limits() -> dict[str, int]:
    """What PostgreSQL is told of a new connection of this thread, in milliseconds."""
    if not getattr(_thread, "page", False):
        return {}
    return {"lock_timeout": LOCK * 1000, "statement_timeout": STATEMENT * 1000}


class Limited(psycopg.Connection):
    def wait(self, gen: Any, interval: float = _INTERVAL, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or getattr(_thread, "silence", None))
        except psycopg.errors._WaitTimeout:
            if timeout:
                raise
            self.close()
            raise psycopg.OperationalError("the server does not answer") from None


connect: Any = Limited.connect  # type: ignore[no-redef]
