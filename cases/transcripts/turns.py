"""The conversation in a free text: which lines begin a message, and where each message ends."""

import re
from datetime import date
from typing import NamedTuple

from . import values
from .document import Role
from .draft import Draft, Said
from .fields import aside, unknown_label
from .lines import BARS, HEADING, Key, Line, indented, is_title, keys
from .speakers import Header, header, same_person
from .times import Stamp, find, stamp
from .vocabulary import DATES

_NUMBERED = re.compile(r"[\W_]*(?:message|entry|reply|turn|step|email|exchange)?\s*#?\d{1,3}[\W_]*", re.IGNORECASE)
_SAYING = re.compile(r"\s*(?:[-*+•]\s+)?[*_`]*(?:message|content|text|body)[*_`]*\s*:[*_`]*\s*", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s")
_STAMP_OPENS = re.compile(r"[(\[|*_–—-]\s*(?=\w)")
_LAYOUT = ("rule", "fence")
_LATE = {
    "resolved_at",
    "resolution",
    "area",
    "is_bug",
    "root_cause",
    "generated_at",
}  # often below the conversation


class _Turn(NamedTuple):
    at: int
    line: Line
    head: Header
    role: Role | None


def converse(lines: list[Line], start: int | None, customer: str, draft: Draft) -> list[list[Line]]:
    """Add the messages to the draft; return the stretches of lines that are around them."""
    turns = _turns(lines, start, customer)
    if not turns:
        return [lines]
    for line in lines[start or 0 :]:
        if line.kind == "" and len(line.raw) < 60 and _NUMBERED.fullmatch(line.raw):
            line.kind = "rule"
    turns = _timed(lines, start or 0, turns)
    first, last = turns[0].at, turns[-1].at
    around = [lines[:first]]
    known = _fields_in(lines[:first])
    later = _fields_in(lines[last:])
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        end = following.at if following else len(lines)
        stop = _stop(lines, turn, end, known, None if following is None else known | later)
        around.append(lines[stop:end])
        text, when = _said(turn, lines[turn.at + 1 : stop])
        if text:
            draft.said.append(
                Said(turn.role, when, text, turn.line.number, turn.head.who.name if turn.head.who else "")
            )
        else:
            draft.problem(turn.line.number, "This message has no text; it is left out.")
    return around


def _turns(lines: list[Line], start: int | None, customer: str) -> list[_Turn]:
    candidates = []
    known: set[str] = set()
    for at in range(start or 0, len(lines)):
        line = lines[at]
        if line.raw and line.kind != "literal" and (head := header(line.raw)) and head.who:
            customers = bool(customer and head.who.name and same_person(head.who.name, customer))
            role = head.who.role or ("customer" if customers else None)
            if start is not None or head.stamp and head.stamp.clock or _may_speak(keys(line), known):
                candidates.append(_Turn(at, line, head, role))
        known |= {key.field for key in keys(line) if key.rank == 0}
    if start is None:
        timed = next((turn.at for turn in candidates if turn.role and turn.head.stamp and turn.head.set_off), None)
        if timed is None and len({turn.role for turn in candidates if turn.head.firm}) < 2:
            return []
        candidates = [turn for turn in candidates if timed is None or turn.at >= timed]
    turns: list[_Turn] = []
    for turn in candidates:
        if _believable(turn, turns[0] if turns else None):
            turns.append(turn)
    if any(turn.role == "customer" for turn in turns):
        turns = [turn if turn.role else turn._replace(role="agent") for turn in turns]
    return turns


def _may_speak(named: list[Key], known: set[str]) -> bool:
    """Whether `Customer: ...` may be a message where nothing says that messages begin."""
    return not named or (named[0].field == "customer_name" and "customer_name" in known)


def _believable(turn: _Turn, first: _Turn | None) -> bool:
    """Whether the line begins a message, judged by the line that began the first one."""
    head, who = turn.head, turn.head.who
    aloof = head.set_off or not head.body[:1].islower()
    if who is None:
        return False
    if first is None:
        return turn.role is not None and (aloof if head.stamp else head.firm)
    if turn.line.indent > first.line.indent + 1:
        return False
    alike = head.mark[-1:] == first.head.mark[-1:] and bool(_BULLET.match(turn.line.raw)) == bool(
        _BULLET.match(first.line.raw)
    )
    if turn.role is None:
        named = first.head.who and first.head.who.role is None
        return bool(alike and (named or " " in who.name) and (head.set_off if head.stamp else head.firm))
    if head.stamp:
        return head.set_off or (alike and aloof)
    return head.firm and (alike or first.head.stamp is None)


def _timed(lines: list[Line], start: int, turns: list[_Turn]) -> list[_Turn]:
    """Give turns the times and days that stand on lines of their own above them."""
    alone = {at: found for at in range(start, turns[-1].at) if (found := _stamp_alone(lines[at]))}
    leads = any(found.clock for at, found in alone.items() if at < turns[0].at)
    day: date | None = None
    timed = []
    for before, turn in zip([start - 1, *(turn.at for turn in turns)], turns, strict=False):
        when = turn.head.stamp
        for at in range(before + 1, turn.at):
            if (found := alone.get(at)) and not found.clock:
                day = found.day
                lines[at].kind = "rule"
        above = next((at for at in range(turn.at - 1, before, -1) if lines[at].raw), before)
        if leads and when is None and above in alone:
            when = alone[above]
            lines[above].kind = "rule"
        if when and when.clock and not when.day:
            when = when._replace(day=day)
        timed.append(turn._replace(head=turn.head._replace(stamp=when)))
    return timed


def _stamp_alone(line: Line) -> Stamp | None:
    found = header(line.raw) if line.raw and len(line.raw) < 100 and line.kind != "literal" else None
    return found.stamp if found and not found.who and not found.body else None


def _fields_in(lines: list[Line]) -> set[str]:
    return {key.field for line in lines for key in keys(line) if key.value}


def _stop(lines: list[Line], turn: _Turn, end: int, known: set[str], taken: set[str] | None) -> int:
    """Where the message ends: at the next one (then `taken` are fields that stand elsewhere) or at what follows all."""
    for at in range(turn.at + 1, end):
        line = lines[at]
        if not line.raw or line.kind == "literal":
            continue
        after_blank = not lines[at - 1].raw or lines[at - 1].kind in _LAYOUT
        fields = [key for key in keys(line)[:1] if _is_field(key, line, turn, known, after_blank)]
        if taken is not None:
            below = [
                key.field for each in lines[at:end][:8] for key in keys(each)[:1] if key.field not in taken
            ]
            if (
                fields
                and fields[0].field in below
                and len(set(below)) > 1
                and (after_blank or fields[0].marked)
            ):
                return at
        elif fields or (_ends_talk(line, turn, after_blank) and (turn.head.body or at > turn.at + 1)):
            return at
        elif after_blank and _heads_fields(lines[at : at + 4]):
            return at
    return end


def _ends_talk(line: Line, turn: _Turn, after_blank: bool) -> bool:
    if line.kind in _LAYOUT:
        return not line.text.startswith("|")
    if HEADING.match(line.raw) or (aside(line, after_blank) and not _stamp_alone(line)):
        return True
    bold = line.text.startswith("**") and unknown_label(line)
    return bold and after_blank and line.indent <= turn.line.indent


def _heads_fields(lines: list[Line]) -> bool:
    """Whether the first of the lines is a heading in words, and a field stands below it."""
    line, *below = lines
    title = is_title(line, below[0] if below else None) or (unknown_label(line) and line.raw.endswith(":"))
    following = next((each for each in below if each.raw and each.kind != "rule"), None)
    return title and following is not None and any(key.rank == 0 and key.value for key in keys(following))


def _is_field(key: Key, line: Line, turn: _Turn, known: set[str], after_blank: bool) -> bool:
    """Whether a label below a message is a field of the case, not a line of the message."""
    if line.indent > turn.line.indent + 1:
        return False
    if key.field == "generated_at":
        return find(key.value) is not None
    if key.field in known:
        return key.marked and after_blank
    if key.marked:
        return True
    if _BULLET.match(line.raw) and not (after_blank or _BULLET.match(turn.line.raw)):
        return False
    if not key.value and ":" not in line.raw:
        return key.rank == 0 and after_blank
    if key.value and not _readable(key):
        return False
    return key.rank == 0 or (after_blank and (key.field in _LATE or not known))


def _readable(key: Key) -> bool:
    if key.field in DATES:
        return find(key.value) is not None or values.unsettled(key.value)
    if key.field == "is_bug":
        return values.truth(key.value) is not None or values.unsettled(key.value)
    if key.field in ("severity", "priority", "status", "area"):
        return values.choice(key.field, key.value) is not None or values.unsettled(key.value)
    return True


def _said(turn: _Turn, lines: list[Line]) -> tuple[str, Stamp | None]:
    """The text of a message, and its time."""
    body, when = turn.head.body, turn.head.stamp
    if body in BARS:
        return values.tidy(indented([line.raw for line in lines])), when
    content = [at for at, line in enumerate(lines) if _is_content(line)]
    lines = lines[content[0] : content[-1] + 1] if content else []
    for place in (0, -1):
        if when is None and lines and (alone := _stamp_alone(lines[place])):
            when, lines = alone, [line for line in lines if line is not lines[place]]
    rows = [line.raw for line in lines]
    if all(row.lstrip().startswith(">") for row in rows if row):
        rows = [re.sub(r"^\s*> ?", "", row) for row in rows]
    if turn.line.text.startswith("|"):
        body = re.sub(r"<br ?/?>", "\n", body.rstrip("| "))
    if body:
        body = body[_end(_SAYING, body) :]
    elif rows:
        rows[0] = rows[0][_end(_SAYING, rows[0]) :]
        rows[0] = "" if rows[0] in BARS else rows[0]
    text = values.tidy("\n".join([body, indented(rows)]))
    if when is None:
        text, when = _signed_with_time(text)
    if text.endswith("**") and text.count("**") % 2:
        text = text[:-2]
    return values.plain(text), when


def _is_content(line: Line) -> bool:
    return line.raw != "" and line.kind not in _LAYOUT and not (line.kind == "" and HEADING.match(line.raw))


def _signed_with_time(text: str) -> tuple[str, Stamp | None]:
    """Part a text from the time in brackets or behind a dash at its end."""
    begin = max(0, len(text) - 50)
    for opening in _STAMP_OPENS.finditer(text, begin):
        found = stamp(text, opening.end())
        if found and found.whole and not text[found.end :].strip("])*_|. "):
            return text[: opening.start()].rstrip("([*_|–— -"), found
    return text, None


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
