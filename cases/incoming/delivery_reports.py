"""What a report says of a mail of ours: that it came back, is late, arrived, or is called spam (RFC 3464, RFC 5965)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .charsets import text_of
from .headers import MESSAGE_ID, Headers
from .message import Message

MOST = 200_000  # characters of a part that are looked at
MOST_IDS = 50
GROUPS = re.compile(r"\r?\n[ \t]*\r?\n")
STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
LATE = re.compile(
    r"delayed|will (?:keep|continue) (?:trying|to be (?:re)?tried)|will retry|still (?:being )?retr|not (?:yet )?been delivered"
    r"|warning: (?:could not send|message)|for the (?:last|past) \d+|you do not need to resend|verzögert|en attente|retrasad",
    re.IGNORECASE,
)


class Fate(StrEnum):
    BOUNCED = "bounced"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class Report:
    fate: Fate
    ids: list[str]  # the Message-IDs in it, without their brackets: ours may be among them
    words: str  # what the mail server said, beginning with its status


def report_in(message: Message) -> Report | None:
    """What a mail of a mail server reports, in whatever form. None where it says nothing of its fate."""
    parts = {one.content_type: text_of(one.content)[:MOST] for one in reversed(message.attachments)}
    if feedback := parts.get("message/feedback-report"):
        kind = Headers(feedback.encode() + b"\n\n").get("feedback-type").lower()
        fate, words = (Fate.COMPLAINED if kind != "not-spam" else None), ""
    else:
        status = parts.get("message/delivery-status") or parts.get("message/global-delivery-status", "")
        fate, words = _told(message, status) if status else _guessed(message)
    ids = list(dict.fromkeys(found for text in _texts(message) for found in MESSAGE_ID.findall(text)))
    return Report(fate, ids[:MOST_IDS], words) if fate else None


def _texts(message: Message) -> Iterator[str]:
    yield from message.headers.all("in-reply-to") + message.headers.all("references")
    for one in message.attachments:
        yield text_of(one.content[:MOST])
    for piece in message.pieces:
        yield piece.text[:MOST]


def _told(message: Message, status: str) -> tuple[Fate | None, str]:
    """By the fields of a report, one group for each recipient: the worst of them counts."""
    found: dict[str, str] = {}
    for group in GROUPS.split(status):
        fields = Headers(group.strip().encode("utf-8", "replace") + b"\n\n")
        action = fields.get("action").lower().split(" ")[0]
        code = next(iter(STATUS.findall(fields.get("status"))), "")
        said = fields.get("diagnostic-code").partition(";")[2].strip()
        if not action and code:
            action = {"4": "delayed", "5": "failed", "2": "delivered"}[code[0]]
        found.setdefault(action, f"{code} {said}".strip())
    for action, fate in (
        ("failed", Fate.BOUNCED),
        ("delayed", Fate.DELAYED),
        ("delivered", Fate.DELIVERED),
    ):
        if action in found:
            return fate, found[action]
    is_known = bool(found.keys() & {"relayed", "expanded"})
    return (None, "") if is_known else _guessed(message)


def _guessed(message: Message) -> tuple[Fate, str]:
    """By the words of a mail server that reports in its own way."""
    text = message.subject + "\n" + "\n".join(piece.text[:MOST] for piece in message.pieces)
    line = next((line.strip() for line in text.splitlines() if STATUS.search(line)), "")
    status = next(iter(STATUS.findall(line)), "")
    is_late = status.startswith("4") or (not status.startswith("5") and bool(LATE.search(text)))
    words = line if line.startswith(status) else f"{status} {line}"
    return Fate.DELAYED if is_late else Fate.BOUNCED, words.strip()
