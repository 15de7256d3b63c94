"""What somebody passes on: who wrote it first, and what they add to it themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .headers import Headers, Person
from .lines import Line, lines_of
from .message import Message, read
from .openings import begins_as_forward, opening_at, value_of

MOST_HEADERS = 12  # lines of a block in which the author is looked for


@dataclass(frozen=True)
class Forwarded:
    author: Person
    text: str  # what they wrote
    own: str  # what whoever passes it on says


def forwarded_in(message: Message) -> Forwarded | None:
    """The message that this one passes on, where it tells whose it is: one attached to it, or one in its text."""
    attached = [one for one in message.attachments if one.content_type == "message/rfc822"]
    if len(attached) == 1:
        inner = read(attached[0].content)
        if inner.sender.address:
            return Forwarded(inner.sender, inner.text, message.text)
    whole = "\n\n".join(
        piece.text for piece in message.pieces
    )  # some programs mark what they pass on as cited
    return _in_text(whole) if begins_as_forward(message.subject) else None


def _in_text(text: str) -> Forwarded | None:
    lines = lines_of(text)
    for at in range(len(lines)):
        found = opening_at(lines, at, is_reply=False)
        if found is None:
            continue
        end = max(found[1], at + 1)
        for place in range(at, min(end + MOST_HEADERS, len(lines))):
            value = value_of("from", lines, place)
            people = Headers(f"From: {value}\n\n".encode()).people("from") if value else []
            if people:
                end = max(end, _after_headers(lines, place))
                cited = re.compile(rf"(?:\s?>){{{lines[place].depth}}} ?")
                rest = "\n".join(cited.sub("", line.raw, count=1) for line in lines[end:]).strip()
                return Forwarded(people[0], rest, "\n".join(line.raw for line in lines[:at]).strip())
        return None
    return None


def _after_headers(lines: Sequence[Line], at: int) -> int:
    """The line after the block of headers in which this one stands."""
    while at < len(lines) and not lines[at].is_blank:
        at += 1
    return at
