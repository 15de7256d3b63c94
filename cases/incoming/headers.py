"""The headers of a message, decoded, whatever wrote them."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

from .charsets import text_of

LONGEST = 20_000  # characters of a header; more is no subject, and no list of people either
MOST_PEOPLE = 500
WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")


@dataclass(frozen=True)
class Person:
    name: str
    address: str


class Headers:
    """The headers of a message or of a part of it, in their order. A name is one whatever its letters' size."""

    def __init__(self, raw: bytes) -> None:
        self._parsed = BytesHeaderParser().parsebytes(raw)
        self._values: dict[str, list[str]] = {}
        for name, value in self._parsed.raw_items():
            self._values.setdefault(name.lower(), []).append(_unfolded(str(value)))

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str) -> str:
        """The first that says something, decoded; empty if there is none."""
        return next(filter(None, map(decoded, self._values.get(name, ()))), "")

    def all(self, name: str) -> list[str]:
        return [decoded(value) for value in self._values.get(name, ())]

    def people(self, *names: str) -> list[Person]:
        """Whoever these headers name, each address once."""
        found: dict[str, Person] = {}
        for name in names:
            for value in self._values.get(name, ()):
                for person in _people_in(value):
                    found.setdefault(person.address.lower(), person)
        return list(found.values())[:MOST_PEOPLE]

    def ids(self, *names: str) -> list[str]:
        """The Message-IDs in these headers, without their brackets, each once."""
        values = [value for name in names for value in self._values.get(name, ())]
        bracketed = [found for value in values for found in MESSAGE_ID.findall(_unspaced(value))]
        return list(
            dict.fromkeys(bracketed or [one for value in values for one in value.split() if "@" in one])
        )

    def date(self) -> datetime | None:
        with suppress(ValueError, TypeError, OverflowError, IndexError):
            said = parsedate_to_datetime(self.get("date"))
            return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
        return None

    def zone(self) -> tzinfo | None:
        """In which its sender's program wrote it, as far as its date tells."""
        with suppress(ValueError, TypeError, OverflowError, IndexError):
            return parsedate_to_datetime(self.get("date")).tzinfo
        return None

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """The value of a header such as Content-Type, in small letters, and its parameters."""
        given = next(filter(None, self._values.get(name, ())), "")
        if not given:
            return "", {}
        value = given.partition(";")[0].strip().lower()
        parsed = Message()
        found: dict[str, str] = {}
        with suppress(Exception):
            parsed["Content-Type"] = given
            for key, said in parsed.get_params(failobj=[], unquote=True)[1:]:
                if isinstance(said, tuple):
                    charset, _, text = said
                    said = text_of(text.encode("latin-1", "replace"), charset or "utf-8")
                found.setdefault(key.lower(), decoded(said).strip())
        return value, found


def _unfolded(value: str) -> str:
    """On one line, and its raw bytes, of which the parser makes surrogates, as text."""
    if not value.isascii():
        value = text_of(value.encode("utf-8", "surrogateescape"))
    return " ".join(re.split(r"[\r\n]+[ \t]*", value.strip()))[:LONGEST].replace("\x00", "")


def decoded(value: str) -> str:
    """With the words decoded that are written as `=?charset?q?…?=`, be it in pieces that cut letters in two."""
    if "=?" not in value:
        return value
    out, end, pending, charset = [], 0, b"", ""
    value = BETWEEN_WORDS.sub(r"\1", value)
    for word in WORD.finditer(value):
        if pending and (word.start() > end or word[1].lower() != charset):
            out.append(text_of(pending, charset))
            pending = b""
        out.append(value[end : word.start()])
        charset, end = word[1].lower(), word.end()
        pending += _bytes_of(word[2].lower(), word[3])
    out += [text_of(pending, charset), value[end:]]
    return " ".join("".join(out).split())


def _bytes_of(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding == "q":
        return quopri.decodestring(raw.replace(b"_", b"=20"))
    with suppress(binascii.Error):
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    return raw


def _unspaced(value: str) -> str:
    """Some programs fold a long Message-ID in its middle."""
    return re.sub(r"<[^<>]*>", lambda found: re.sub(r"\s+", "", found[0]), value)


def _people_in(value: str) -> Iterator[Person]:
    if not value:
        return
    pairs: list[tuple[str, str]] = []
    with suppress(Exception):
        pairs = getaddresses([value.replace(";", ",") if "<" in value or value.count("@") > 1 else value])
    found = [Person(_name(name), address.strip("<> '\"")) for name, address in pairs if "@" in address]
    found = [person for person in found if ADDRESS.fullmatch(person.address)]
    if not found:
        for address in ADDRESS.finditer(value):
            name = value[: address.start()] if not found else ""
            found.append(Person(_name(name), address[0].strip("'<>")))
    yield from found


def _name(given: str) -> str:
    name = re.sub(r"[<>\\]|\[mailto:", "", decoded(given)).strip(" \t'\",;()[]")
    return " ".join(name.split())[:200]
