"""Why a mailbox cannot be read, as a sentence for who administers it."""

import imaplib
import socket
import ssl

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxFolderStatusError

from cases.files.store import StoreUnavailable
from cases.models import Mailbox

LONGEST = 200  # characters of what a server says
AWAY = "The store of files is away, so that email could not be kept. It stays in the mailbox until then."
OTHER_KEY = "The portal’s secret key was changed, so its password cannot be read any more. Type it again."
LOST = "The connection to {} was lost."
# What a mailbox raises. All else is a fault of ours.
TROUBLES = (OSError, UnicodeError, imaplib.IMAP4.error, ImapToolsError, StoreUnavailable)


class Refusal(imaplib.IMAP4.error):
    """Its message is the sentence. Who tries again soon may be locked out."""


def sentence(error: BaseException, mailbox: Mailbox) -> str:
    host, port = mailbox.host, mailbox.port
    match error:
        case Refusal():
            return str(error)
        case StoreUnavailable():
            return AWAY
        case socket.gaierror() | UnicodeError():
            return f"No server is known by the name “{host}”."
        case ConnectionRefusedError():
            return f"{host} refuses connections on port {port}."
        case ssl.SSLCertVerificationError():
            return f"The certificate of {host} is not trusted: {error.verify_message}."
        case ssl.SSLError():
            return f"{host} does not speak TLS on port {port}. Choose STARTTLS, or the port for TLS, which is 993."
        case TimeoutError():
            return f"{host} did not answer on port {port}."
        case MailboxFolderSelectError() | MailboxFolderStatusError():
            return f"There is no folder “{mailbox.folder}” in this mailbox."
        case imaplib.IMAP4.abort() | ConnectionError():
            return LOST.format(host)
    return f"{host} cannot be read: {said(error, mailbox)}"


def said(error: BaseException, mailbox: Mailbox) -> str:
    """What the server says, without what nobody is to read."""
    words = error.args[0] if error.args and isinstance(error.args[0], (bytes, str)) else str(error)
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    for secret in (mailbox.secrets() or {}).values():
        text = text.replace(secret, "…")
    return " ".join(text.replace("\0", "").split())[:LONGEST]
