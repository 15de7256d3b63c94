"""The lines of a message, each with how deep it is quoted and what its markup says of it."""

import re
from dataclasses import dataclass
from enum import Enum, auto

QUOTED = re.compile(r" {0,2}[>＞](?: ?[>＞]){0,50} ?")
DEEPEST_SHOWN = 20  # signs of quotation that one line gets
NO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff]")
LINE = re.compile(r"[\n\x0b\x0c\x85\u2028\u2029]")


class Mark(Enum):
    """What the markup of a line tells, where it does."""

    OPENING = auto()  # says who wrote what is quoted below
    EARLIER = auto()  # here begins an earlier message, which goes on to the end
    SIGNATURE = auto()
    FORWARD = auto()  # here begins a message that is passed on


@dataclass(slots=True)
class Line:
    raw: str  # as it came
    text: str  # without the signs that quote it
    depth: int = 0
    mark: Mark | None = None

    @property
    def is_blank(self) -> bool:
        return not self.text


def cited(text: str, depth: int) -> str:
    return "> " * min(depth, DEEPEST_SHOWN) + text


def line_of(raw: str, depth: int = 0, mark: Mark | None = None) -> Line:
    clean = NO_WIDTH.sub("", raw).replace("\xa0", " ").rstrip()
    found = QUOTED.match(clean)
    if not found:
        return Line(cited(clean, depth), clean.strip(), depth, mark)
    deeper = found[0].count(">") + found[0].count("＞")
    return Line(cited(clean, depth), clean[found.end() :].strip(), depth + deeper, mark)


def lines_of(text: str) -> list[Line]:
    return [line_of(raw) for raw in LINE.split(text)]


def unflowed(text: str, *, del_space: bool) -> str:
    """The text with its lines whole, which format=flowed (RFC 3676) breaks after a blank."""
    out: list[list[str]] = []
    flows, before = False, 0
    for raw in text.split("\n"):
        body = raw.lstrip(">")
        depth = len(raw) - len(body)
        body = body.removeprefix(" ")
        goes_on = flows and depth == before and body.strip() not in ("", "--")
        flows, before = body.endswith(" ") and body != "-- ", depth
        if flows and del_space:
            body = body[:-1]
        if goes_on:
            out[-1].append(body)
        else:
            out.append([">" * depth + " " * bool(depth) + body])
    return "\n".join("".join(pieces) for pieces in out)
