"""Case documents in free text: fields around a conversation, in whatever layout."""

import re
from itertools import pairwise

from . import values
from .document import Reading
from .draft import Draft
from .fields import collect
from .lines import Key, Line, keys, scan
from .speakers import header
from .structured import talk
from .talk import converse
from .trees import read_json

_JSON = re.compile(r"\s*(?:- )?(?:\[\s*)?(?:\{\s*(?:\"|$)|\[$)")


def read_text(text: str) -> list[Reading]:
    """Every case document in a free text."""
    lines = scan(text)
    _settle_fences(lines)
    return [draft_of(part).reading() for part in _cases(lines)]


def draft_of(lines: list[Line]) -> Draft:
    """One case document in free text."""
    draft = Draft()
    start = _start(lines)
    customer = _customer(lines, start)
    if start is not None:
        lines = _with_value_below(lines, start)
        lines = _take_json(lines, start, customer, draft)
    before, *after = converse(lines, start, customer, draft)
    collect(before, draft)
    for part in after:
        collect(part, draft, after_talk=True)
    return draft


def _with_value_below(lines: list[Line], start: int) -> list[Line]:
    """The lines, with what follows the heading of the conversation on a line of its own."""
    line = lines[start]
    label = next(key for key in keys(line) if key.field == "messages")
    if values.unsettled(label.value):
        return lines
    return [
        *lines[:start],
        Line(line.number, f"{label.label}:"),
        Line(line.number, label.value),
        *lines[start + 1 :],
    ]


def _take_json(lines: list[Line], start: int, customer: str, draft: Draft) -> list[Line]:
    """Add messages that stand as JSON below the heading of the conversation; return the other lines."""
    begin = next((at for at in range(start + 1, len(lines)) if lines[at].raw and lines[at].kind == ""), None)
    if begin is None or not _JSON.match(lines[begin].raw):
        return lines
    text = "\n".join(line.raw for line in lines[begin:])
    grove = read_json(text, lines[begin].number)
    end = begin + text.count("\n", 0, grove.end) + 1 if grove.end else len(lines)
    if grove.broken:
        draft.problem(*grove.broken)
    for tree in grove.trees:
        talk(tree if isinstance(tree, list) else [tree], customer, draft)
    return lines[: start + 1] + lines[end:]


def _start(lines: list[Line]) -> int | None:
    """Where the conversation begins: below its heading, if it has one."""
    weak = None
    for at, line in enumerate(lines):
        for key in keys(line):
            if key.field == "messages" and _message_follows(lines, at, key):
                return at
            if key.field == "messages" and key.rank == 0 and weak is None:
                weak = at
    return weak


def _message_follows(lines: list[Line], at: int, key: Key) -> bool:
    below = [line.raw for line in lines[at + 1 : at + 10] if line.raw and line.kind not in ("rule", "fence")]
    heads = [header(text) for text in (key.value, *below[:3])]
    return any(head and (head.stamp or head.firm) for head in heads)


def _customer(lines: list[Line], start: int | None) -> str:
    """The customer's name, by which messages may be signed."""
    named = [
        (key.rank, at, key.value or next((below.text for below in lines[at + 1 : at + 3] if below.raw), ""))
        for at, line in enumerate(lines)
        for key in keys(line)
        if key.field == "customer_name" and (key.rank == 0 or start is None or at < start)
    ]
    return values.plain(min(named)[2]) if named else ""


def _settle_fences(lines: list[Line]) -> None:
    """A fence around fields or messages is layout; what any other fence holds is text."""
    opened: int | None = None
    said = quoting = False  # whether a message is under way, and was at the opening fence
    for at, line in enumerate(lines):
        if opened is None:
            if line.kind == "fence":
                opened, quoting = at, said
            elif line.raw:
                said = (said or _is_message(line)) and not _is_field(line)
        elif line.kind == "fence":
            if quoting or not any(map(_is_layout, lines[opened + 1 : at])):
                for each in lines[opened : at + 1]:
                    each.kind = "literal"
            opened = None


def _is_field(line: Line) -> bool:
    return any(key.rank == 0 for key in keys(line))


def _is_layout(line: Line) -> bool:
    return _is_field(line) or _is_message(line) or bool(_JSON.match(line.raw))


def _is_message(line: Line) -> bool:
    found = header(line.raw)
    return bool(found and found.who and found.who.role and found.stamp and found.set_off)


def _cases(lines: list[Line]) -> list[list[Line]]:
    """The lines of each case: a new Case ID, written like the first one, begins a new case."""
    starts: list[int] = []
    first: Key | None = None
    for at, line in enumerate(lines):
        found = next((key for key in keys(line) if key.field == "case_id" and key.value), None)
        if not found:
            continue
        if first is None:
            first = found
        elif (found.label, found.marked) == (first.label, first.marked) and found.value != first.value:
            starts.append(_above(lines, at))
    bounds = [0, *starts, len(lines)]
    parts = [lines[begin:end] for begin, end in pairwise(bounds)]
    whole = all(len({key.field for line in part for key in keys(line)}) >= 3 for part in parts)
    return parts if whole else [lines]


def _above(lines: list[Line], at: int) -> int:
    """The index of the headings and rules that stand directly above a line."""
    while at > 0 and (
        not lines[at - 1].raw or lines[at - 1].kind == "rule" or lines[at - 1].raw.startswith("#")
    ):
        at -= 1
    return at
