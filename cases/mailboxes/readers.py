"""The readers of this process. Each mailbox has one, in whichever process was the first to take it."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection

from cases.models import Mailbox

from .reader import Reader

log = logging.getLogger(__name__)

LOOK = 3  # seconds after which a change in the administration counts
LOCK = 0x0CA5F  # the advisory locks of mailboxes, which PostgreSQL frees when our connection ends


class Readers:
    def __init__(self, in_each_thread: Callable[[], None] = lambda: None) -> None:
        self.in_each_thread = in_each_thread
        self.stopped = threading.Event()
        self.running: dict[int, Reader] = {}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self.stopped.clear()
        self._thread = threading.Thread(target=self._keep, name="mailboxes", daemon=True)
        self._thread.start()

    def stop(self, patience: float = 0.8) -> None:
        """They end with the letter that they are at, or with the process: each is taken in once all the same."""
        end, threads = time.monotonic() + patience, [self._thread, *self.running.values()]
        self.stopped.set()
        for thread in threads:
            if thread:
                thread.join(max(0, end - time.monotonic()))

    def _keep(self) -> None:
        self.in_each_thread()
        while not self.stopped.is_set():
            try:
                self._look()
            except (DatabaseError, InterfaceError):
                self._end([*self.running])  # the locks are gone with the connection
                connection.close()
            except Exception:  # whatever it was, mail must come in
                log.exception("Mailboxes could not be looked for")
            self.stopped.wait(LOOK)
        self._end([*self.running])
        connection.close()

    def _look(self) -> None:
        wanted = {
            mailbox.pk: mailbox
            for mailbox in Mailbox.objects.filter(active=True).select_related("system", "team")
        }
        ended = [
            key
            for key, reader in self.running.items()
            if key not in wanted or wanted[key].way != reader.mailbox.way or not reader.is_alive()
        ]
        self._end(ended)
        for key in ended:
            self._ask("SELECT pg_advisory_unlock(%s, %s)", key)
        for key, mailbox in wanted.items():
            if key not in self.running and self._ask("SELECT pg_try_advisory_lock(%s, %s)", key):
                self.running[key] = Reader(mailbox, self.in_each_thread)
                self.running[key].start()

    def _end(self, keys: list[int]) -> None:
        for key in keys:
            self.running.pop(key).stop()

    def _ask(self, query: str, key: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(query, [LOCK, key])
            return bool(cursor.fetchone()[0])
