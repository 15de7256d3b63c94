"""Which lines of a free text begin a message, and when each was sent."""

import re
from datetime import date
from typing import NamedTuple

from .document import Role
from .lines import Key, Line, keys
from .speakers import Header, Speaker, header, same_person, stranger
from .times import Stamp
from .vocabulary import HANDLER, normal

BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s")
_HANDLER = re.compile(
    r"\W*(?P<label>[A-Za-z][\w ]{2,30}?)[*_`]*\s*:[\s*_`]*(?P<name>[^\W\d_][\w.'’ -]{1,60}?)[\s*_`]*(?:[<(,|].*)?$"
)
_NUMBER = re.compile(
    r"[\W_]*(?:message|entry|reply|turn|step|email|exchange)?\s*#?\d{1,3}[\W_]*", re.IGNORECASE
)


class Turn(NamedTuple):
    """The line that begins a message."""

    at: int  # its index among the lines
    line: Line
    head: Header
    role: Role | None


def find_turns(lines: list[Line], start: int | None, customer: str) -> list[Turn]:
    """The turns of a conversation that begins below `start`, or, without one, wherever messages begin."""
    candidates = _candidates(lines, start, customer)
    first = _first(candidates) if start is None else start
    turns: list[Turn] = []
    for turn in candidates:
        if first is not None and turn.at >= first and _is_believable(turn, turns[0] if turns else None):
            turns.append(turn)
    return _timed(lines, turns[0].at - 3 if start is None else start, turns) if turns else []


def stamp_alone(line: Line) -> Stamp | None:
    """The time that is all there is on the line."""
    found = header(line.raw) if line.raw and len(line.raw) < 100 and line.kind != "literal" else None
    return found.stamp if found and not found.who and not found.body else None


def _candidates(lines: list[Line], start: int | None, customer: str) -> list[Turn]:
    candidates = []
    known: set[str] = set()
    people = _people(lines)
    for at in range(start or 0, len(lines)):
        line = lines[at]
        named = keys(line)
        head = header(line.raw) if line.raw and line.kind != "literal" else None
        if head and not head.who:
            head = stranger(line.raw, head)
        who = head and head.who
        if head and who and (not named or (who.role and named[0].rank)):
            if not head.body and any(map(stamp_alone, lines[max(0, at - 1) : at + 2])):
                head = head._replace(firm=True)
            if who.role and who.name:
                people.setdefault(who.name.casefold(), who.role)
            is_customer = bool(customer and who.name and same_person(who.name, customer))
            role = who.role or ("customer" if is_customer else people.get(who.name.casefold()))
            if start is not None or (head.stamp and head.stamp.clock) or _may_speak(named, known):
                candidates.append(Turn(at, line, head, role))
        known |= {key.field for key in named if key.rank == 0}
    return candidates


def _people(lines: list[Line]) -> dict[str, Role]:
    """Those whom the document says to work on the case."""
    found = (_HANDLER.match(line.raw[:120]) for line in lines if ":" in line.raw[:60] and not line.kind)
    return {
        match["name"].strip().casefold(): "agent" for match in found if match and is_handler(match["label"])
    }


def is_handler(label: str) -> bool:
    return normal(label) in HANDLER


def _may_speak(named: list[Key], known: set[str]) -> bool:
    """Whether `Customer: ...` may be a message where no heading says that messages begin."""
    return not named or (named[0].field == "customer_name" and "customer_name" in known)


def _first(candidates: list[Turn]) -> int | None:
    """Where a conversation without a heading begins: at the first speaker with a time, or of a dialogue."""
    timed = [turn.at for turn in candidates if turn.role and turn.head.stamp and turn.head.set_off]
    firm = [turn for turn in candidates if turn.role and turn.head.firm]
    if not timed and {turn.role for turn in firm} >= {"customer", "agent"}:
        return firm[0].at
    return timed[0] if timed else None


def _is_believable(turn: Turn, first: Turn | None) -> bool:
    """Whether the line begins a message, judged by the line that began the first one."""
    head, who = turn.head, turn.head.who
    if who and (who.internal or turn.role == "system"):  # rather a note too many than one that customers read
        return head.firm or bool(head.stamp and (head.set_off or not head.body[:1].islower()))
    apart = head.set_off or not head.body[:1].islower()
    if who is None:
        return False
    if first is None:
        return turn.role is not None and (apart if head.stamp else head.firm)
    if turn.line.indent > first.line.indent + 1:
        return False
    bulleted = [BULLET.match(each.line.raw) is not None for each in (turn, first)]
    alike = head.mark[-1:] == first.head.mark[-1:] and bulleted[0] == bulleted[1]
    if turn.role is None and head.stamp and _form(turn.line, who) == _form(first.line, first.head.who):
        return True
    if turn.role is None:
        by_name = first.head.who is not None and first.head.who.role is None
        alike = alike and bool(head.stamp) == bool(first.head.stamp)
        return alike and (by_name or " " in who.name) and (head.set_off if head.stamp else head.firm)
    if head.stamp:
        return head.set_off or (alike and apart)
    return head.firm and (alike or first.head.stamp is None)


def _form(line: Line, who: Speaker | None) -> str:
    """How the beginning of a message is written: `[w-w-w w:w] [w` for all that say time and role alike."""
    return re.sub(r"[^\W_]+(?:[ _-][^\W\d_]+)*", "w", line.raw[: who.end if who else 0])


def _timed(lines: list[Line], start: int, turns: list[Turn]) -> list[Turn]:
    """Give turns the days and times that stand on lines of their own above them; these lines are layout then."""
    alone = {at: found for at in range(max(start, 0), turns[-1].at) if (found := stamp_alone(lines[at]))}
    leading = any(found.clock for at, found in alone.items() if at < turns[0].at)
    day: date | None = None
    timed = []
    for begin, turn in zip([max(start, 0), *(turn.at + 1 for turn in turns)], turns, strict=False):
        when = turn.head.stamp
        for at in range(begin, turn.at):
            if (found := alone.get(at)) and not found.clock:
                day = found.day
                lines[at].kind = "rule"
        above = [at for at in range(begin, turn.at) if lines[at].raw]
        if above and leading and when is None and above[-1] in alone:
            when = alone[above[-1]]
            lines[above.pop()].kind = "rule"
        if above and not lines[above[-1]].kind and _NUMBER.fullmatch(lines[above[-1]].raw[:60]):
            lines[above[-1]].kind = "rule"
        if when and when.clock and not when.day:
            when = when._replace(day=day)
        timed.append(turn._replace(head=turn.head._replace(stamp=when)))
    return timed
