"""A connection to a mailbox: signed in, its folder open."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from cases.models import Mailbox

from .failures import OTHER_KEY, TROUBLES, Refusal, said, sentence
from .tokens import access_token, forget

PATIENCE = 20  # seconds in which a server answers
STATE = ("UIDVALIDITY", "UIDNEXT", "MESSAGES")


class Opened(NamedTuple):
    """An open folder: what the server can, and how the folder stood when it was opened."""

    box: BaseMailBox
    can: set[str]
    uid_validity: int
    next_uid: int
    mails: int


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Opened]:
    """Raises one of TROUBLES."""
    box = _connected(mailbox)
    try:
        _sign_in(box, mailbox)
        words = box.client.capability()[1]
        can = set(b" ".join(word for word in words if word).decode("ascii", "replace").upper().split())
        state = box.folder.status(mailbox.folder, STATE)
        box.folder.set(mailbox.folder)
        yield Opened(box, can, state["UIDVALIDITY"], state["UIDNEXT"], state.get("MESSAGES", 0))
    finally:
        with suppress(*TROUBLES):
            box.client.sock.settimeout(1)  # who leaves does not wait for long
            box.logout()
        with suppress(OSError):
            box.client.shutdown()


def _connected(mailbox: Mailbox) -> BaseMailBox:
    where = {"host": mailbox.host, "port": mailbox.port, "timeout": PATIENCE}
    if mailbox.security == Mailbox.Security.NONE:
        return MailBoxUnencrypted(**where)
    context = ssl.create_default_context()
    if mailbox.security == Mailbox.Security.TLS:
        return MailBox(**where, ssl_context=context)
    if mailbox.port == 993:
        raise Refusal("Port 993 is for TLS from the beginning, and not for STARTTLS.")
    try:
        return MailBoxStartTls(**where, ssl_context=context)
    except imaplib.IMAP4.abort:
        raise Refusal(f"{mailbox.host} does not offer STARTTLS on port {mailbox.port}. Choose TLS.") from None


def _sign_in(box: BaseMailBox, mailbox: Mailbox) -> None:
    secrets = mailbox.secrets()
    if secrets is None:
        raise Refusal(OTHER_KEY)
    try:
        if mailbox.sign_in != Mailbox.SignIn.PASSWORD:
            box.xoauth2(mailbox.user, access_token(mailbox), initial_folder=None)
        elif "AUTH=PLAIN" in box.client.capabilities:
            box.login_utf8(mailbox.user, secrets.get("password", ""), initial_folder=None)
        else:
            box.login(mailbox.user, secrets.get("password", ""), initial_folder=None)
    except Refusal:
        raise
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, MailboxLoginError, UnicodeError) as error:
        forget(mailbox)
        what = "password" if mailbox.sign_in == Mailbox.SignIn.PASSWORD else "token"
        raise Refusal(
            f"{mailbox.host} does not let {mailbox.user} in with this {what}. It says: {said(error, mailbox)}"
        ) from None


def tried(mailbox: Mailbox) -> str:
    """What comes of trying it, as a sentence or some. Nothing in the mailbox changes."""
    try:
        with opened(mailbox) as folder:
            count = folder.mails
            words = [
                f"It works: {mailbox.folder} holds {count:,} mail{'' if count == 1 else 's'}.",
                "Email arrives at once."
                if "IDLE" in folder.can
                else "The server has no IDLE: mail comes in every 30 seconds.",
            ]
            if mailbox.done_folder:
                words += _of_done_folder(folder, mailbox)
            return " ".join(words)
    except TROUBLES as error:
        return sentence(error, mailbox)


def _of_done_folder(folder: Opened, mailbox: Mailbox) -> list[str]:
    if "MOVE" not in folder.can:
        return ["But the server cannot move mail: what was read stays, marked as read."]
    try:
        folder.box.folder.status(mailbox.done_folder, STATE)
    except ImapToolsError:
        return [f"But there is no folder “{mailbox.done_folder}” for what was read."]
    return []
