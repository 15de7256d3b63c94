"""Lines of a free-text document, and the fields that stand on them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .document import Refused
from .vocabulary import FIELD_OF, LONG, normal

MOST_LINES = 100_000

_LIST = (
    r"\s*(?:>\s*)*(?:\#{1,6}\s+|[-*+•‣–]\s+|\d{1,2}[.)]\s+|[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]\s*)*"
)
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
    rf"(?:\s*[|;•·]\s*[*_]*|\s*[,/]\s*[*_]*|\s+(?=\*\*)\*\*|\s{{2,}}[*_]*)(?P<label>{_LABELS})[*_]*\s*:",
    re.IGNORECASE,
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
_SEVERAL = re.compile(r"\s*[/&]\s*")
_FENCE = re.compile(r"(?:```|~~~)[\w+-]*")
_BAR = re.compile(r".*[:*]\s*[|>][+-]?", re.DOTALL)
BARS = ("|", ">", "|-", ">-", "|+", ">+")  # YAML's signs for "the indented lines below, as they are"
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
    names: list[Key] | None = None  # what `keys` found, once it has looked

    @property
    def text(self) -> str:
        return self.raw.strip()

    @property
    def indent(self) -> int:
        return len(self.raw) - len(self.raw.lstrip(" \t"))


def scan(text: str, first: int = 1) -> list[Line]:
    """The lines of a text, with those marked that are layout and those that are text for sure."""
    if text.count("\n") > MOST_LINES:
        raise Refused(None, f"The text has more than {MOST_LINES:,} lines.")
    lines = [Line(number, raw.rstrip()) for number, raw in enumerate(text.split("\n"), first)]
    block = -1  # the indent of the line whose `|` opened a literal block
    for line in lines:
        if block < 0:
            line.raw = "" if not line.raw.strip("> ") else line.raw.translate(_INVISIBLE)
        raw = line.raw
        if not raw and block < 0:
            continue
        if block >= 0 and raw and line.indent <= block:
            block = -1
        if block >= 0:
            line.kind = "literal"
        elif not raw[-1].isalnum() and _is_rule(raw):
            line.kind = "rule"
        elif raw[-1] in "|>+-" and raw.lstrip()[0] != "|" and _BAR.fullmatch(raw[-400:]):
            block = line.indent
        elif raw.lstrip()[0] in "`~" and _FENCE.fullmatch(line.text[:20]):
            line.kind = "fence"
    return lines


def _is_rule(text: str) -> bool:
    marks = set(text) - {" "}
    below_a_table_head = marks <= set("|-:") and "-" in marks
    return below_a_table_head or (marks <= set("-=*_~#–—+") and len(text) - text.count(" ") >= 3)


def is_title(line: Line, below: Line | None) -> bool:
    """Whether the line is a heading: marked as one, underlined, or all in capitals."""
    underlined = below is not None and below.kind == "rule" and not below.text.startswith("|")
    short = len(line.raw) < 60 and line.raw[-1].isalnum()
    capitals = line.raw.isupper() and " " in line.text and not re.search(r"\d", line.raw)
    return bool(HEADING.match(line.raw)) or (short and (underlined or capitals))


def keys(line: Line) -> list[Key]:
    """The fields that a line names, often one: `**Severity:** High | **Priority:** P2` names two."""
    if line.names is None:
        line.names = _cell_keys(line) if line.text.startswith("|") else _keys(line)
    return [] if line.kind else line.names


def _keys(line: Line) -> list[Key]:
    match = _KEY.match(line.raw[:300])
    known = match and FIELD_OF.get(normal(match["label"]))
    if not match:
        return []
    if not known:
        return _shared(_SEVERAL.split(match["label"]), line.raw[match.end() :], bool(match["mark"]))
    mark, value = match["mark"], line.raw[match.end() :].strip()
    if '"' in mark:
        value = value.rstrip(",")
    elif mark and mark not in (match["close"], match["rest"].strip()):
        value = value.removesuffix(mark)
    value = value.removesuffix("\\")  # a line break in Markdown
    marked = bool(mark or HEADING.match(line.raw))
    found = []
    (field, rank), label, start = known, match["label"], 0
    for more in _NEXT_KEY.finditer(value[:500]) if ":" in value else ():
        if field in LONG and more[0].strip()[:1] not in "|*":
            continue
        found.append(Key(field, rank, label, value[start : more.start()].strip(), marked))
        (field, rank), label, start = FIELD_OF[normal(more["label"])], more["label"], more.end()
    return [*found, Key(field, rank, label, value[start:].strip("*_ ") if start else value, marked)]


def _shared(labels: list[str], value: str, marked: bool) -> list[Key]:
    """`Severity / Priority: High / P2` names a field for each part."""
    known, parts = [FIELD_OF.get(normal(label)) for label in labels], _SEVERAL.split(value)
    if not all(known) or len(parts) != len(known) or len(parts) == 1:
        return []
    return [
        Key(*place, label, part.strip("*_ "), marked)
        for place, label, part in zip(known, labels, parts, strict=True)
        if place
    ]


def cells(line: Line) -> list[str]:
    """The cells of a table's row."""
    row = line.text.removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", row)]


def _cell_keys(line: Line) -> list[Key]:
    row = cells(line)
    known = [FIELD_OF.get(normal(cell[:80])) for cell in row]
    if len(row) % 2 == 0 and all(known[::2]):
        pairs = zip(known[::2], row[::2], row[1::2], strict=True)
    elif known[0]:
        pairs = zip(known[:1], row[:1], [" | ".join(row[1:])], strict=True)
    else:
        return []
    return [
        Key(*place, label.strip("*_`: "), re.sub(r"<br ?/?>", "\n", value), True)
        for place, label, value in pairs
        if place
    ]


def indented(rows: list[str]) -> str:
    """The rows as one text, without the indent of the first."""
    first = next((row for row in rows if row), "")
    depth = len(first) - len(first.lstrip(" \t"))
    return "\n".join(row[min(depth, len(row) - len(row.lstrip(" \t"))) :] for row in rows)
