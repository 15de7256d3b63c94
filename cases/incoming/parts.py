"""A message in its parts. However it is nested, taking it apart ends, and costs no more than it is long."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from .charsets import text_of
from .headers import Headers

DEEPEST = 30  # levels of parts; what lies deeper is kept as one file
MOST_PARTS = 1_000
BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n|\r[ \t]*\r")
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
LINE_END = re.compile(rb"\r?\n|\r")
HEADER = re.compile(rb"[!-9;-~]{1,100}:")
FOLDER = re.compile(r"[\\/]")


@dataclass
class Part:
    """One part. Its content lies in the message, from `start` to `end`, as it was encoded."""

    headers: Headers
    raw: bytes
    start: int
    end: int
    depth: int

    @cached_property
    def _typed(self) -> tuple[str, dict[str, str]]:
        value, parameters = self.headers.parameters("content-type")
        if value.count("/") != 1:
            value = {"text": "text/plain", "html": "text/html"}.get(value, "text/plain")
        return value, parameters

    @cached_property
    def _disposed(self) -> tuple[str, dict[str, str]]:
        return self.headers.parameters("content-disposition")

    @property
    def content_type(self) -> str:
        return self._typed[0]

    def parameter(self, name: str) -> str:
        return self._typed[1].get(name, "")

    @property
    def is_attached(self) -> bool:
        return self._disposed[0] == "attachment"

    @property
    def filename(self) -> str:
        """As the sender's program calls it, without folders."""
        given = self._disposed[1].get("filename") or self.parameter("name")
        return FOLDER.split(given)[-1].strip() if given else ""

    @property
    def content_id(self) -> str:
        return self.headers.get("content-id").strip("<> ")

    @cached_property
    def content(self) -> bytes:
        """Its bytes as they were before they were encoded for the way."""
        encoding, body = (
            self.headers.get("content-transfer-encoding").strip().lower(),
            self.raw[self.start : self.end],
        )
        if encoding == "base64":
            return _from_base64(body)
        if encoding == "quoted-printable":
            return quopri.decodestring(body)
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return _from_uu(body)
        return body

    @property
    def text(self) -> str:
        charset = self.parameter("charset")
        if not charset and self.content_type == "text/html":
            said = re.search(
                rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,30})", self.content[:5_000], re.IGNORECASE
            )
            charset = said[1].decode() if said else ""
        return text_of(self.content, charset)

    def children(self) -> Iterator["Part"]:
        boundary = self.parameter("boundary")
        if self.content_type.startswith("multipart/") and boundary and self.depth < DEEPEST:
            for start, end in self._pieces(boundary.encode("utf-8", "replace")):
                yield _part(self.raw, start, end, self.depth + 1)

    def _pieces(self, boundary: bytes) -> Iterator[tuple[int, int]]:
        """What lies between the lines of this boundary. One that is not closed goes on to the end."""
        line = re.compile(rb"(?:\A|\r?\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")
        start, at, count = None, max(self.start - 1, 0), 0
        while count <= MOST_PARTS and (found := line.search(self.raw, at, self.end)):
            if start is not None:
                yield start, max(found.start(), start)
                count += 1
            start, at = (None if found[1] else found.end()), max(found.end() - 1, found.start() + 1)
            if found[1]:
                break
        if start is not None and start < self.end:
            yield start, self.end


def message_of(raw: bytes) -> Part:
    """The whole message, as the part that holds the others."""
    start = len(raw) - len(raw.lstrip(b"\r\n"))
    if raw.startswith((b"From ", b">From "), start):  # as in a file of many messages
        start = raw.find(b"\n", start) + 1 or len(raw)
    return _part(raw, start, len(raw), 0)


def _part(raw: bytes, start: int, end: int, depth: int) -> Part:
    if found := LINE_END.match(raw, start, end):  # without headers
        return Part(Headers(b""), raw, found.end(), end, depth)
    if not HEADER.match(raw, start, end):
        return Part(Headers(b""), raw, start, end, depth)
    if found := BLANK_LINE.search(raw, start, end):
        return Part(Headers(raw[start : found.start()] + b"\n\n"), raw, found.end(), end, depth)
    return Part(Headers(raw[start:end]), raw, end, end, depth)


def _from_base64(body: bytes) -> bytes:
    """As much as can be read of it: what is no letter of it is passed over, and it may end anywhere."""
    with suppress(binascii.Error):
        return base64.b64decode(body)
    letters = NOT_BASE64.sub(b"", body)
    return base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + b"=" * (-len(letters) % 4))


def _from_uu(body: bytes) -> bytes:
    lines = body.splitlines()
    begin = next((at for at, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    out = []
    for line in lines[begin + 1 :]:
        if line.strip() in (b"end", b"`"):
            break
        with suppress(binascii.Error):
            out.append(binascii.a2b_uu(line))
    return b"".join(out)
