"""One mailbox, read in a thread of its own until it is told to stop."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader
from typing import cast

from django.db import DatabaseError, InterfaceError, connection
from imap_tools import BaseMailBox

from cases.actions import mailboxes
from cases.models import Mailbox

from .connection import opened
from .failures import TROUBLES, Refusal, sentence
from .reading import begin, take_in

log = logging.getLogger(__name__)

POLL = 30  # seconds between two looks where the server has no IDLE
IDLE = 60  # and where it has, so that a connection that is dead without a word is noticed
SHORTEST, LONGEST = 1, 60  # seconds until a mailbox that failed is tried again
LOCKOUT = 600  # for one that did not let us in: more tries may lock the account


class Reader(threading.Thread):
    def __init__(self, mailbox: Mailbox, in_thread: Callable[[], None] = lambda: None) -> None:
        super().__init__(name=f"mailbox {mailbox.pk}", daemon=True)
        self.mailbox, self.in_thread = mailbox, in_thread
        self.stopped = threading.Event()
        self._box: BaseMailBox | None = None

    def stop(self) -> None:
        """Let it end with the letter that it is at. It is woken where it waits for others."""
        self.stopped.set()
        if box := self._box:
            with suppress(OSError):
                box.client.sock.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        self.in_thread()
        pause = SHORTEST
        while not self.stopped.is_set():
            began = time.monotonic()
            try:
                self._read_on()
            except Exception as error:
                if self.stopped.is_set():
                    break
                self._note(error)
                longest = LOCKOUT if isinstance(error, Refusal) else LONGEST
                pause = SHORTEST if time.monotonic() - began > LONGEST else min(pause * 2, longest)
            finally:
                self._box = None
                connection.close()
            self.stopped.wait(pause)

    def _read_on(self) -> None:
        with opened(self.mailbox) as folder:
            self._box = box = folder.box
            begin(folder, self.mailbox)
            while not self.stopped.is_set():
                for _ in take_in(folder, self.mailbox):
                    if self.stopped.is_set():
                        return
                    mailboxes.works(self.mailbox)
                mailboxes.works(self.mailbox)
                connection.close()  # while it waits, it needs none
                if "IDLE" in folder.can:
                    wait_for_news(box, IDLE)
                else:
                    self.stopped.wait(POLL)
                    box.client.noop()

    def _note(self, error: Exception) -> None:
        if isinstance(error, TROUBLES):
            reason = sentence(error, self.mailbox)
        elif isinstance(error, (DatabaseError, InterfaceError)):  # which is told elsewhere
            return
        else:
            log.exception("A mailbox could not be read: %s", self.mailbox)
            reason = f"A fault of our own stopped it: {type(error).__name__}. Its log says more."
        with suppress(DatabaseError, InterfaceError):
            mailboxes.failed(self.mailbox, reason)


def wait_for_news(box: BaseMailBox, seconds: float) -> None:
    """Wait until the server says something, or for so long."""
    with box.idle as idle:
        if not _has_said_more(box):
            idle.poll(seconds)


def _has_said_more(box: BaseMailBox) -> bool:
    """What came in one packet with the answer to IDLE lies in Python's buffer, where imap-tools does not look."""
    sock, buffer = box.client.sock, cast(BufferedReader, box.client.file)
    before = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(buffer.peek(1))
    except OSError:
        return False
    finally:
        sock.settimeout(before)
