"""Case documents in free text: fields around a conversation, in whatever layout."""

from . import values
from .document import Reading
from .draft import Draft
from .fields import collect
from .lines import Key, Line, keys, scan
from .speakers import header
from .turns import converse


def read_text(text: str) -> list[Reading]:
    """Every case document in a free text."""
    lines = scan(text)
    _settle_fences(lines)
    return [draft_of(part).reading() for part in _cases(lines)]


def draft_of(lines: list[Line]) -> Draft:
    """One case document in free text."""
    draft = Draft()
    start = _start(lines)
    for part in converse(lines, start, _customer(lines, start), draft):
        collect(part, draft)
    return draft


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
    below = (line for line in lines[at + 1 :] if line.raw and line.kind not in ("rule", "fence"))
    candidates = [key.value] if key.value else []
    return any(
        (found := header(text)) and (found.stamp or (found.who and found.firm))
        for text in [*candidates, *(line.raw for line, _ in zip(below, range(3), strict=False))]
    )


def _customer(lines: list[Line], start: int | None) -> str:
    """The customer's name, by which messages may be signed."""
    named = [
        (key.rank, at, key.value)
        for at, line in enumerate(lines)
        for key in keys(line)
        if key.field == "customer_name" and key.value and (key.rank == 0 or start is None or at < start)
    ]
    return values.plain(min(named)[2]) if named else ""


def _settle_fences(lines: list[Line]) -> None:
    """A fence around fields or messages is layout; what any other fence holds is text."""
    opened, said = None, False  # whether a message is under way
    for at, line in enumerate(lines):
        if line.kind == "fence" and opened is None:
            opened, quoting = at, said
        elif line.kind == "fence":
            if quoting or not any(_is_field(each) or _is_message(each) for each in lines[opened + 1 : at]):
                for each in lines[opened : at + 1]:
                    each.kind = "literal"
            opened = None
        elif line.raw and opened is None:
            said = (said or _is_message(line)) and not _is_field(line)


def _is_field(line: Line) -> bool:
    return any(key.rank == 0 for key in keys(line))


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
    parts = [lines[begin:end] for begin, end in zip(bounds, bounds[1:], strict=False)]
    whole = all(len({key.field for line in part for key in keys(line)}) >= 3 for part in parts)
    return parts if whole else [lines]


def _above(lines: list[Line], at: int) -> int:
    """The index of the headings and rules that stand directly above a line."""
    while at > 0 and (
        not lines[at - 1].raw or lines[at - 1].kind == "rule" or lines[at - 1].raw.startswith("#")
    ):
        at -= 1
    return at
