"""Lines of a free-text document, and the fields that stand on them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .vocabulary import FIELD_OF, LONG, normal

MARKS = "*_`~#"
_LIST = r"\s*(?:>\s*)*(?:#{1,6}\s+|[-*+•▪◦‣–]\s+|\d{1,2}[.)]\s+|[^\w\s\"'“‘«\[(<{*_`|#>+-]\s*)*"
_KEY = re.compile(
    rf"""{_LIST}(?P<mark>[*_`"\[]*)
    (?P<label>\w[^:=|\t*`"\[\]\n]{{0,60}}?)
    (?P<close>[*_`"\]?]*)
    (?:\s*(?::|=>?|->|→|\t|\|)|\s+[-–—]+\s|\s{{3,}}|(?<=[*_`\]])\s+|$)
    (?P<rest>[*_`"]*\s*)""",
    re.VERBOSE,
)
_LABELS = "|".join(sorted((label.replace(" ", r"[ _-]") for label in FIELD_OF), key=len, reverse=True))
_NEXT_KEY = re.compile(
    rf"(?:\s*[|;•·]\s*[*_]*|\s*[,/]\s*[*_]*|\s+(?=\*\*)\*\*|\s{{2,}}[*_]*)(?P<label>{_LABELS})[*_]*\s*:", re.IGNORECASE
)
_RULE = re.compile(r"(?:[-=*_~#–—+]\s?){3,}|\|?(?:\s*:?-{2,}:?\s*\|?)+")
_FENCE = re.compile(r"(?:```|~~~)[\w+-]*")
_BAR = re.compile(r".*[:*]\s*[|>][+-]?", re.DOTALL)
HEADING = re.compile(r"\s*#{1,6}\s+\S")


class Key(NamedTuple):
    """A label that names a field, with what follows it on the line."""

    field: str
    rank: int
    label: str
    value: str
    marked: bool  # bold, a heading or a table cell, not a bare word


@dataclass(slots=True)
class Line:
    number: int
    raw: str
    kind: str = ""  # "rule", "fence", or "literal" for a line that is text whatever it looks like

    @property
    def text(self) -> str:
        return self.raw.strip()

    @property
    def indent(self) -> int:
        return len(self.raw) - len(self.raw.lstrip(" \t"))


def scan(text: str) -> list[Line]:
    """The lines of a text, with those marked that are layout and those that are text for sure."""
    lines = [Line(number, raw.rstrip()) for number, raw in enumerate(text.split("\n"), 1)]
    block = -1  # the indent of the line whose `|` opened a literal block
    for line in lines:
        if block >= 0 and line.raw and line.indent <= block:
            block = -1
        if block >= 0:
            line.kind = "literal"
        elif len(line.raw) < 400 and _BAR.fullmatch(line.raw):
            block = line.indent
        elif _RULE.fullmatch(line.text[:200]):
            line.kind = "rule"
        elif _FENCE.fullmatch(line.text[:20]):
            line.kind = "fence"
    return lines
