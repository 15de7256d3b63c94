"""Taking in what is new in an open mailbox.

What is new has a UID behind the last that was read, whatever is marked in the mailbox: people read there too. A letter
is marked or moved after it became an event, and that it was read is written after that. Whoever is killed in between
takes it in a second time, which changes nothing.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from imap_tools import AND, BaseMailBox
from imap_tools.errors import MailboxFetchError, MailboxFlagError, MailboxMoveError
from imap_tools.utils import check_command_status, encode_folder

from cases.actions import mailboxes
from cases.actions.incoming import receive
from cases.models import Mailbox

from .connection import Opened

SIZED = 500  # letters whose sizes are asked for at once
MOST, MOST_BYTES = 50, 1_000_000  # that are fetched at once; a larger one comes alone
OVERLAP = timedelta(days=2)  # since a date in IMAP has neither a time nor a zone
UID, SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


def begin(folder: Opened, mailbox: Mailbox) -> None:
    """Find where to go on: at the end, the first time. When the server has numbered its letters anew, at the first that
    may have come since the last look; what is known of those changes nothing."""
    if mailbox.uid_validity == folder.uid_validity:
        return
    if mailbox.uid_validity is not None:
        since = (mailbox.seen_at or mailbox.saved_at) - OVERLAP
        first = min(
            _numbers(folder.box.uids(AND(date_gte=since.date()), charset=None)), default=folder.next_uid
        )
    else:
        first = 1 if mailbox.takes_old else folder.next_uid
    mailboxes.read_up_to(mailbox, uid_validity=folder.uid_validity, uid=first - 1)


def take_in(folder: Opened, mailbox: Mailbox) -> Iterator[int]:
    """Take in what has come. Yields how many letters, after each few of them."""
    behind = _numbers(folder.box.uids(f"UID {mailbox.uid + 1}:*", charset=None))
    new = [uid for uid in behind if uid > mailbox.uid]  # the last one is always named, be it old
    for start in range(0, len(new), SIZED):
        for few in _groups(folder.box, new[start : start + SIZED]):
            for raw in _fetched(folder.box, few):
                receive(
                    raw,
                    trusted=mailbox.trusted or settings.MAIL_TRUSTED,
                    system=mailbox.system,
                    team=mailbox.team,
                )
            try:
                _mark(folder, mailbox, few)
            finally:
                mailboxes.read_up_to(mailbox, uid_validity=folder.uid_validity, uid=few[-1])
            yield len(few)


def _numbers(uids: list[str]) -> list[int]:
    return sorted(int(uid) for uid in uids if uid.isascii() and uid.isdecimal())


def _groups(box: BaseMailBox, uids: list[int]) -> Iterator[list[int]]:
    """Few at a time, and never many bytes."""
    sizes = {}
    for header, _ in _parts(box, uids, "(RFC822.SIZE)"):
        if (number := UID.search(header)) and (size := SIZE.search(header)):
            sizes[int(number[1])] = int(size[1])
    few: list[int] = []
    for uid in uids:
        if few and (len(few) == MOST or sum(sizes.get(one, 0) for one in (*few, uid)) > MOST_BYTES):
            yield few
            few = []
        few.append(uid)
    if few:
        yield few


def _fetched(box: BaseMailBox, uids: list[int]) -> Iterator[bytes]:
    """The letters as they are, without marking them. One that was deleted meanwhile is not among them."""
    for _, raw in _parts(box, uids, "(BODY.PEEK[])"):
        if raw is not None:
            yield raw


def _parts(box: BaseMailBox, uids: list[int], what: str) -> Iterator[tuple[bytes, bytes | None]]:
    """What the server says of each, and its bytes. News of other letters may stand in between."""
    result = box.client.uid("FETCH", _set(uids), what)
    check_command_status(result, MailboxFetchError)
    for part in result[1]:
        if isinstance(part, tuple):
            yield part
        elif part:
            yield part, None


def _mark(folder: Opened, mailbox: Mailbox, uids: list[int]) -> None:
    """Move them to the folder for what was read, or mark them as read. Nothing is deleted."""
    client = folder.box.client
    if mailbox.done_folder and "MOVE" in folder.can:
        moved = client.uid("MOVE", _set(uids), encode_folder(mailbox.done_folder).decode())
        check_command_status(moved, MailboxMoveError)
    else:  # not by imap-tools, which would expunge what others marked as deleted
        marked = client.uid("STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)")
        check_command_status(marked, MailboxFlagError)


def _set(uids: list[int]) -> str:
    return ",".join(map(str, uids))
