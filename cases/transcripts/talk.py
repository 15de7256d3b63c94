"""The messages of a free text: where each one ends, and what it says."""

import re
from itertools import pairwise

from . import values
from .draft import Draft, Said, fits
from .fields import ends_conversation, unknown_label
from .lines import BARS, HEADING, Key, Line, indented, is_title, keys
from .times import Stamp, find, stamp
from .turns import BULLET, Turn, find_turns, stamp_alone
from .visibility import said_of, tells
from .vocabulary import normal

_SAYING = re.compile(
    r"\s*(?:[-*+•]\s+)?[*_`]*(?:message|content|text|body)[*_`]*\s*:[*_`]*\s*", re.IGNORECASE
)
_STAMP_OPENS = re.compile(r"[(\[|*_–—-]\s*(?=\w)")
_CUT_HEAD = re.compile(r"[\W_]*(?:\d{1,2}[.)])?[\W_]*(?:\d{4}-[\dT:.+ Z-]*)?[\W_]*[A-Za-z]{0,8}")
_LAYOUT = ("rule", "fence")
# Fields that often stand below the conversation.
_LATE = {"resolved_at", "resolution", "area", "is_bug", "root_cause", "generated_at"}
# What authors put below a conversation in sections of their own.
_SECTION_WORDS = set(
    "note notes internal additional next steps attachments tags assigned agent to follow up information details "
    "summary case comments escalation team owner sla action actions items impact environment related timeline "
    "closing closure feedback satisfaction rating lessons learned preventive measures".split()
)


def converse(lines: list[Line], start: int | None, customer: str, draft: Draft) -> list[list[Line]]:
    """Add the messages to the draft; return the stretches of lines that are around them."""
    turns = find_turns(lines, start, customer)
    if not turns:
        return [lines]
    first, last = turns[0], turns[-1]
    before, after = _fields_in(lines[: first.at]), _fields_in(lines[last.at :])
    around = [lines[: first.at]]
    ends = [turn.at for turn in turns[1:]] + [len(lines)]
    stops = [_stop_before_fields(lines, *pair, before | after) for pair in pairwise(turns)]
    quoted = len(turns) > 1 and all(map(_is_quoted, turns))
    stops.append(_without_cut_head(lines, last, _stop(lines, last, before, quoted)))
    for turn, stop, end in zip(turns, stops, ends, strict=True):
        around.append(lines[stop:end])
        text, when = _said(turn, lines[turn.at + 1 : stop])
        name = turn.head.who.name if turn.head.who else ""
        if text:
            internal = _internal(turn, lines[turn.at + 1 : stop])
            draft.said.append(Said(turn.role, when, text, turn.line.number, name, internal))
        else:
            draft.problem(turn.line.number, "This message has no text; it is left out.")
    return around


def _internal(turn: Turn, lines: list[Line]) -> bool | None:
    """Whether the head of a message, or a row of it that is no text, says that it is internal."""
    if turn.head.who and turn.head.who.internal:
        return True
    if turn.head.body in BARS:
        return False
    if any(_SAYING.match(line.raw) for line in lines):
        pairs = (re.match(r"\W*([\w -]{2,25}?)[\s*_`]*:[\s*_`]*([\w -]{1,30})$", line.raw) for line in lines)
        if any(pair and tells(pair[1]) and said_of(pair[1], pair[2]) for pair in pairs):
            return True
    return None


def _fields_in(lines: list[Line]) -> set[str]:
    return {key.field for line in lines for key in keys(line) if key.value}


def _is_quoted(turn: Turn) -> bool:
    return turn.head.body[:1] in ('"', "“") and values.plain(turn.head.body) != turn.head.body


def _stop(lines: list[Line], turn: Turn, before: set[str], quoted: bool) -> int:
    """Where the last message ends: at the fields, headings or remarks that follow the conversation.

    Where messages are quoted, a quoted line is all of a message.
    """
    for at in range(turn.at + 1, len(lines)):
        line, after_blank = lines[at], _is_after_blank(lines, at)
        if not line.raw or line.kind == "literal":
            continue
        if quoted and not stamp_alone(line):
            return at
        if after_blank and turn.line.text.startswith("|"):
            return at
        if any(_is_field(key, line, turn, before, after_blank) for key in keys(line)[:1]):
            return at
        if _ends_talk(line, turn, after_blank) and (turn.head.body or at > turn.at + 1):
            return at
        if after_blank and _heads_fields(lines[at : at + 4]):
            return at
    return len(lines)


def _without_cut_head(lines: list[Line], turn: Turn, stop: int) -> int:
    """Leave out a last line that is the first half of the beginning of a message: `- **2025-03-0`."""
    last = next((at for at in range(stop - 1, turn.at, -1) if lines[at].raw), turn.at)
    begun, whole = (re.sub(r"\d", "0", text)[:3] for text in (lines[last].text, turn.line.text))
    cut = begun == whole and _CUT_HEAD.fullmatch(lines[last].text[:80])
    return last if cut and last > turn.at else stop


def _stop_before_fields(lines: list[Line], turn: Turn, following: Turn, elsewhere: set[str]) -> int:
    """Where a message ends that another one follows. Only two fields given nowhere else can end it early."""
    end = following.at
    for at in range(turn.at + 1, end):
        after_blank = _is_after_blank(lines, at)
        named = keys(lines[at])[:1]
        if named and named[0].field not in elsewhere and (after_blank or named[0].marked):
            new = {key.field for line in lines[at : min(end, at + 8)] for key in keys(line)[:1]} - elsewhere
            if len(new) > 1 and _is_field(named[0], lines[at], turn, elsewhere, after_blank):
                return at
    return end


def _is_after_blank(lines: list[Line], at: int) -> bool:
    return not lines[at - 1].raw or lines[at - 1].kind in _LAYOUT


def _ends_talk(line: Line, turn: Turn, after_blank: bool) -> bool:
    if line.kind in _LAYOUT:
        return not line.text.startswith("|")
    if HEADING.match(line.raw) or (after_blank and ends_conversation(line)):
        return True
    label = unknown_label(line)
    if not label or not line.text.startswith("**") or not after_blank or line.indent > turn.line.indent:
        return False
    return BULLET.match(turn.line.raw) is not None or set(normal(label).split()) <= _SECTION_WORDS


def _heads_fields(lines: list[Line]) -> bool:
    """Whether the first of the lines is a heading in words, and a field stands below it."""
    line, *below = lines
    named = line.raw.endswith((":", ":**")) and unknown_label(line) != ""
    title = named or is_title(line, below[0] if below else None)
    following = next((each for each in below if each.raw and each.kind != "rule"), None)
    return title and following is not None and any(key.rank == 0 and key.value for key in keys(following))


def _is_field(key: Key, line: Line, turn: Turn, before: set[str], after_blank: bool) -> bool:
    """Whether a label below a message is a field of the case, not a line of the message."""
    if line.indent > turn.line.indent + 1:
        return False
    if key.field == "generated_at":
        return find(key.value) is not None
    if key.rank and stamp_alone(line):
        return False
    if key.field in before:
        return key.marked and after_blank
    if key.marked:
        return True
    if BULLET.match(line.raw) and not (after_blank or BULLET.match(turn.line.raw)):
        return False
    if not key.value and ":" not in line.raw:
        return key.rank == 0 and after_blank
    if key.value and not fits(key.field, key.value) and not (after_blank and " " in key.label):
        return False
    return key.rank == 0 or (after_blank and (key.field in _LATE or not before))


def _said(turn: Turn, lines: list[Line]) -> tuple[str, Stamp | None]:
    """The text of a message, and its time."""
    body, when = turn.head.body, turn.head.stamp
    if body in BARS:
        return values.tidy(indented([line.raw for line in lines])), when
    content = [at for at, line in enumerate(lines) if _is_content(line)]
    lines = lines[content[0] : content[-1] + 1] if content else []
    for place in (0, -1):
        if when is None and lines and (alone := stamp_alone(lines[place])):
            when, lines = alone, [line for line in lines if line is not lines[place]]
    rows = [line.raw for line in lines]
    if all(row.lstrip().startswith(">") for row in rows if row):
        rows = [re.sub(r"^\s*> ?", "", row) for row in rows]
    if turn.line.text.startswith("|"):
        body = re.sub(r"<br ?/?>", "\n", body.rstrip("| "))
    if body:
        body = _without_label(body)
    elif rows:
        rows[0] = _without_label(rows[0])
    text = values.tidy("\n".join([body, indented(rows)]))
    if when is None:
        text, when = _signed_with_time(text)
    if text.endswith("**") and text.count("**") % 2:  # the bold of a header that held the message too
        text = text[:-2]
    return values.plain(text), when


def _is_content(line: Line) -> bool:
    return line.raw != "" and line.kind not in _LAYOUT and not (line.kind == "" and HEADING.match(line.raw))


def _without_label(row: str) -> str:
    label = _SAYING.match(row)
    row = row[label.end() :] if label else row
    return "" if row in BARS else row


def _signed_with_time(text: str) -> tuple[str, Stamp | None]:
    """Part a text from the time in brackets or behind a dash at its end."""
    for opening in _STAMP_OPENS.finditer(text, max(0, len(text) - 50)):
        found = stamp(text, opening.end())
        if found and found.whole and not text[found.end :].strip("])*_|. "):
            return text[: opening.start()].rstrip("([*_|–— -"), found
    return text, None
