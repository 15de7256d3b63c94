"""What is new in a message, against what it quotes, forwards and signs with."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from . import marks
from .lines import Line, Mark
from .openings import Opens, opening_at, split_in_line

MOST_LINES = 5_000  # that are looked at; what follows is of the kind of the last
MOST_OF_SIGNATURE = 15  # lines that say something below "-- "
LONG_LINE = 55  # characters from which a line was likely broken by a program
SHORT_REST = 45


class Kind(StrEnum):
    NEW = "new"
    QUOTED = "quoted"
    SIGNATURE = "signature"


FOOTER = re.compile("_{20,}")  # the line over what a mailing list adds
EXCUSE = re.compile("excuse|pardon|forgive", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


def pieces_of(lines: Sequence[Line], *, is_reply: bool, is_forward: bool) -> list[Piece]:
    """The message from its top to its end. What it forwards counts as new, and so does all where nothing else would."""
    kinds = _kinds(lines[:MOST_LINES], is_reply=is_reply, is_forward=is_forward)
    kinds += kinds[-1:] * (len(lines) - len(kinds))
    _mark_signatures(lines, kinds)
    if not any(kind is Kind.NEW and line.text for kind, line in zip(kinds, lines, strict=True)):
        is_cited = any(line.depth for line in lines)
        if is_forward or not is_cited:  # nobody added a word, so what is passed on is what they say
            kinds = [Kind.NEW if kind is Kind.QUOTED else kind for kind in kinds]
    return list(_together(lines, kinds))


def _kinds(lines: Sequence[Line], *, is_reply: bool, is_forward: bool) -> list[Kind]:
    kinds: list[Kind] = []
    quotes = False
    typed = _first_opening(lines, is_reply=is_reply) if any(line.depth for line in lines) else 0
    while (at := len(kinds)) < len(lines):
        line = lines[at]
        if marks.ABOVE_IS_THE_ANSWER in line.text:
            kinds += [Kind.QUOTED] * (len(lines) - at)
        elif line.depth:
            end = _end_of_run(lines, at)
            is_shown = not is_reply and not quotes and (end - at == 1 or _is_between(lines, at, end))
            kinds += [
                Kind.NEW if is_shown or end <= typed or _is_no_quote(lines[at:end]) else Kind.QUOTED
            ] * (end - at)
            quotes |= kinds[-1] is Kind.QUOTED
        elif split_in_line(line.text) and at + 1 < len(lines) and _is_cited_below(lines, at + 1):
            kinds.append(Kind.NEW)
        elif found := opening_at(lines, at, is_reply=is_reply):
            opens, end = found
            quotes = True
            if opens is Opens.FORWARD or (is_forward and not _is_cited_below(lines, end)):
                kinds += [Kind.NEW] * (len(lines) - at)
            elif _is_cited_below(lines, end):
                kinds += [Kind.QUOTED] * (max(end, at + 1) - at)
            else:
                kinds += [Kind.QUOTED] * (len(lines) - at)
        else:
            kinds.append(Kind.NEW)
    return kinds


def _first_opening(lines: Sequence[Line], *, is_reply: bool) -> int:
    """Where it is said first who wrote what is quoted, where that is said. Marked lines above it were typed."""
    for at, line in enumerate(lines):
        if not line.depth and line.text and opening_at(lines, at, is_reply=is_reply):
            return at
    return 0


def _is_cited_below(lines: Sequence[Line], at: int) -> bool:
    return next((line.depth > 0 for line in lines[at : at + 4] if line.text or line.depth), False)


def _end_of_run(lines: Sequence[Line], at: int) -> int:
    """Where the quoted lines end that begin here. The rest of a long one that a program broke belongs to it."""
    end = at
    while end < len(lines):
        if lines[end].depth:
            end += 1
            continue
        above = lines[end - 1]
        is_rest = (
            lines[end].text
            and above.depth
            and end + 1 < len(lines)
            and lines[end + 1].depth
            and (
                (len(above.text) >= LONG_LINE and len(lines[end].text) <= SHORT_REST)
                or _is_link(above, lines[end])
            )
            and not lines[end].text[:1].isupper()
        )
        if not is_rest:
            break
        end += 1
    return end


def _is_link(above: Line, line: Line) -> bool:
    return ("(http" in above.text and ")" in line.text) or line.text.startswith("(http")


def _is_between(lines: Sequence[Line], at: int, end: int) -> bool:
    """Whether it is the only run of marked lines, and something is said before and after it: a log that is shown."""
    around = [*lines[:at], *lines[end:]]
    is_said = [any(line.text for line in part) for part in (lines[:at], lines[end:])]
    return all(is_said) and not any(line.depth for line in around)


def _is_no_quote(run: Sequence[Line]) -> bool:
    """Whether it is the prompt of a program, or an ornament, that begins with the sign of a quotation."""
    said = [line for line in run if line.text]
    return len(said) == 1 and (
        said[0].text.endswith("<<") or (said[0].raw.startswith(">>> ") and len(run) == 1)
    )


def _mark_signatures(lines: Sequence[Line], kinds: list[Kind]) -> None:
    """Find what stands below "-- " or was added by a telephone, at the end of what is new."""
    for at, line in enumerate(lines):
        if kinds[at] is Kind.NEW and line.mark is Mark.SIGNATURE:
            kinds[at] = Kind.SIGNATURE
    end = (
        next(
            (at for at in range(len(lines) - 1, -1, -1) if kinds[at] is not Kind.QUOTED and lines[at].text),
            -1,
        )
        + 1
    )
    for stop in sorted({end, next((at for at, kind in enumerate(kinds) if kind is Kind.QUOTED), end)}):
        _sign(lines, kinds, stop)


def _sign(lines: Sequence[Line], kinds: list[Kind], end: int) -> None:
    """The signature that ends at this line."""
    start = end
    while start and kinds[start - 1] is not Kind.QUOTED and end - start < 60:
        start -= 1
    for at in range(start, end):
        if kinds[at] is not Kind.NEW or lines[at].depth:
            continue
        is_footer = FOOTER.fullmatch(lines[at].text) and any(
            "http" in line.text for line in lines[at + 1 : end]
        )
        if lines[at].text in ("--", "__") or is_footer:
            if sum(bool(line.text) for line in lines[at + 1 : end]) <= MOST_OF_SIGNATURE:
                kinds[at:end] = [Kind.SIGNATURE] * (end - at)
            break
    for at in range(end - 1, start - 1, -1):
        if kinds[at] is Kind.SIGNATURE or not lines[at].text:
            continue
        if not is_device_line(lines[at].text):
            break
        kinds[at] = Kind.SIGNATURE
        if at and lines[at - 1].raw.strip() in ("--", "---", "___", "__", "—"):
            kinds[at - 1] = Kind.SIGNATURE


def is_device_line(text: str) -> bool:
    bare = text.partition("http")[0].strip(" *_[]()<>|—-")
    is_sentence = ", " in bare and not EXCUSE.search(bare)
    return len(bare) <= 110 and not is_sentence and bool(marks.DEVICE.fullmatch(bare.lower()))


def _together(lines: Sequence[Line], kinds: Sequence[Kind]) -> Iterable[Piece]:
    kind, held, quotes = Kind.NEW, list[str](), Kind.QUOTED in kinds
    for line, its in zip(lines, kinds, strict=True):
        if its is not kind and not (line.is_blank and held):  # a blank line parts nothing
            if text := _joined(held):
                yield Piece(kind, text)
            kind, held = its, []
        found = split_in_line(line.text) if quotes and kind is Kind.NEW else None
        held.append(found[0] if found else line.raw)
    if text := _joined(held):
        yield Piece(kind, text)


def _joined(held: Sequence[str]) -> str:
    """Without blank lines around it, and one where there are several."""
    out: list[str] = []
    for text in held:
        if text.strip() or (out and out[-1]):
            out.append(text if text.strip() else "")
    return "\n".join(out).strip("\n").rstrip()
