"""The media type of a file, by its content. Neither its name nor what a browser says of it counts."""

import codecs
import re
from typing import IO

import puremagic

UNKNOWN = "application/octet-stream"
HEAD = 64 * 1024
SURE = 0.3  # of puremagic's confidence
# What a page could be made of is handed out as bytes that no browser interprets.
HARMLESS = re.compile(
    r"(image/(png|jpeg|gif|webp)|text/plain|application/(pdf|zip)|(audio|video)/[\w.+-]+)\Z"
)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def type_of(file: IO[bytes]) -> str:
    """Return the media type: of text only if all of it decodes, UNKNOWN if nothing is recognised."""
    file.seek(0)
    head = file.read(HEAD)
    guessed = _guess(head)
    if is_text(file):
        return guessed if guessed.endswith(("html", "xml")) else "text/plain"
    return UNKNOWN if guessed.startswith("text/") else guessed


def served_as(content_type: str) -> str:
    """Return the media type under which a file is sent: UNKNOWN for what a browser could run."""
    return content_type if HARMLESS.match(content_type) else UNKNOWN


def is_text(file: IO[bytes]) -> bool:
    """Whether all of it is UTF-8 without control characters. Read a piece at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(HEAD):
            if CONTROLS.search(piece):
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guess(head: bytes) -> str:
    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return UNKNOWN
    if head.startswith(b"PK\x03\x04"):
        return "application/zip"  # as are many documents
    return best.mime_type if best.mime_type and best.confidence >= SURE else UNKNOWN
