"""What stands above an earlier message: "On Monday Eva wrote:", a line of dashes, or a block of its headers."""

import re
from collections.abc import Sequence
from enum import Enum, auto
from functools import lru_cache

from . import marks
from .lines import Line, Mark

LONGEST = 400  # characters of an attribution, all its lines together
MOST_LINES = 5
MOST_BETWEEN = 3  # blank lines and such between "-----Original message-----" and the headers under it

ADDRESS = re.compile(r"[^\s<>@\[\]()\"',:;]{1,64}@[^\s<>@\[\]()\"',:;]{1,100}|mailto:")
TIME = re.compile(
    r"\d{1,2} ?[:.h：时時시] ?\d{2}|\d{1,2} ?(?:am|pm|uhr)\b|\d{1,2}[时時시点點]|[上下]午|午[前後]|오[전후]",
    re.IGNORECASE,
)
DATE = re.compile(
    r"(?:19|20)\d{2}|\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}|\d{1,2}[月월]\s?\d{1,2}|\d{1,2}\.? (?:thg|tháng) \d"
    r"|\d{1,2}(?:st|nd|rd|th)?\.?[ -][^\W\d_]{3,10}\.?[, -]+\d{2,4}|[^\W\d_]{3,10}\.? \d{1,2},? ",
)
YEAR = re.compile(r"(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_WROTE = "|".join(sorted((re.escape(word) for word in marks.WROTE), key=len, reverse=True))
WROTE = re.compile(
    rf"(?<![^\W\d_])(?:{_WROTE})(?![^\W\d_]){{0,1}}|(?:書きました|メッセージ|写道|寫道|작성)", re.IGNORECASE
)
_ON = "|".join(sorted((re.escape(word) for word in marks.ON), key=len, reverse=True))
# Begins with a word as in "On …", a date, a weekday, or a name with an address.
BEGINS = re.compile(
    rf"(?:{_ON})(?:[ .,]|(?=\d))|[(\[<\"'„«»“]?\d|[^\W\d_]{{2,14}}\.?,? ?\(?\d|[^\W\d_]{{2,14}}\.?,? \d"
    r"|[^\W\d_]{2,5}\.?,? (?:den )?\d|.{0,80}?[<(\[][^<>@\s]{1,64}@",
    re.IGNORECASE,
)
STARTS = re.compile(rf"(?:{_ON}) .{{0,12}}?\d", re.IGNORECASE)  # as such a line surely does
DASHED = re.compile(r"[\W_]{0,3}[-_=*]{2,}\s*(.*?[^\W_].*?)\s*(?:[-_=*]{2,}\W{0,3}|:)?")
RULE = re.compile(r"[-_=*—─━]{5,}")
LABEL = re.compile(r"[\s*_|•]{0,6}([^\W\d_][^:：*<>@]{0,32}?)[\s*_|]{0,4}[:：][*_|]{0,3}\s*(.*)")
IN_LINE = re.compile(
    r"(.*?\S)[\s-]+(On (?:[A-Z][a-z]{2,8},? |\d{1,2}[/. -]|[A-Z][a-z]{2,8} \d).{4,200} wrote:)"
)
ANNOUNCED = re.compile(
    r"(?:missatge de|mensaje de|message from|nachricht von|bericht van|quoting|zitat von)\b", re.IGNORECASE
)
SENTENCE = re.compile(r"[^\W\d_]{3}[.!?] +[A-ZÀ-Þ][a-zà-þ]* [a-zà-þ]")
NOTES = re.compile(r".{2,60}/[\w .-]{2,40}(?:/[\w .-]+)?(?:@[\w.-]+)?\s*$")  # a name as Lotus Notes writes it


class Opens(Enum):
    QUOTE = auto()
    FORWARD = auto()


def opening_at(lines: Sequence[Line], at: int, *, is_reply: bool) -> tuple[Opens, int] | None:
    """What opens at this line, and the line after it. Only what stands at one depth is one."""
    line = lines[at]
    if line.mark is Mark.FORWARD:
        return Opens.FORWARD, at
    if line.mark is Mark.OPENING:
        end = at
        while end < len(lines) and lines[end].mark is Mark.OPENING:
            end += 1
        text = " ".join(lines[one].text for one in range(at, min(end, at + 3)))
        return (Opens.FORWARD if _is_named(text, marks.FORWARDED) else Opens.QUOTE), end
    if line.mark is Mark.EARLIER:
        return Opens.QUOTE, _after_headers(lines, at, sure=True) or at
    if len(line.text) > LONGEST or line.is_blank:
        return None
    return _named(lines, at) or _headed(lines, at, is_reply=is_reply) or _attributed(lines, at)


def _named(lines: Sequence[Line], at: int) -> tuple[Opens, int] | None:
    """A line such as "-----Original message-----", in a language that is known or over headers."""
    text = lines[at].text.strip("* \t")
    small = _small(text)
    if RULE.fullmatch(text):
        end = _after_headers(lines, at + 1, sure=True)
        is_above_line = any(marks.ABOVE_LINE.search(_small(one.text)) for one in lines[at + 1 : at + 3])
        return (Opens.QUOTE, end or at + 1) if end or is_above_line else None
    if marks.ABOVE_LINE.search(small) and len(text) < 160:
        return Opens.QUOTE, at + 1
    if small.rstrip(" :：.") in marks.FORWARDED and small.endswith((":", "：")):
        return Opens.FORWARD, _after_headers(lines, at + 1, sure=True) or at + 1
    dashed = DASHED.fullmatch(text) if text[:1] in "-_=*—" else None
    if not dashed:
        return None
    name = _small(dashed[1].strip(" :：-_=*"))
    end = _after_headers(lines, at + 1, sure=True)
    if name in marks.FORWARDED or name.startswith("forwarded by "):
        return Opens.FORWARD, end or at + 1
    is_closed = text[-1:] in "-_=*" and text[:2] == text[:1] * 2
    if name in marks.ORIGINAL and (is_closed or end):
        return Opens.QUOTE, end or at + 1
    if is_closed and ((end and len(name) < 40) or (_wrote(name) and (DATE.search(name) or len(name) < 60))):
        return Opens.QUOTE, end or at + 1
    return None


def _small(text: str) -> str:
    """In small letters, a Turkish İ with one dot."""
    return text.lower().replace("i\u0307", "i")


def _is_named(text: str, names: Sequence[str]) -> bool:
    bare = _small(text.strip(" -_=*:："))
    return any(bare.startswith(name) for name in names)


def _after_headers(lines: Sequence[Line], at: int, *, sure: bool = False, is_reply: bool = True) -> int:
    """The line after the block of headers that begins here; 0 if there is none. `sure` says that one is due."""
    depth, roles, count, says = None, set[str](), 0, False
    blanks, end, place = 0, 0, at
    while place < len(lines) and place < at + 30:
        line = lines[place]
        if line.is_blank or RULE.fullmatch(line.text):
            blanks += 1
            if blanks > (MOST_BETWEEN if count < 2 else 1):
                break
            place += 1
            continue
        if depth is not None and line.depth != depth:
            break
        known, value = _label(line.text[:LONGEST])
        if not known:
            if not count or blanks or place > end + 1 or count > 8 or len(line.text) > 200:
                break
            if not _goes_on(lines[place - 1].text, line.text):
                break
            place += 1
            continue
        if blanks and count >= 3 and {"from", "subject"} <= roles:
            break
        depth, blanks = line.depth, 0
        roles |= known if len(known) == 1 else known - roles or known
        count += 1
        says |= bool(ADDRESS.search(value)) or bool(YEAR.search(value) and TIME.search(value))
        says |= "subject" in known and _prefix(value) in (*marks.REPLIES, *marks.FORWARDS)
        place += 1
        end = place
    named = len(roles & {"from", "date", "to", "subject", "cc"})
    if sure:
        return end if (count >= 2 and named >= 2) or (count == 1 and "from" in roles and says) else 0
    if named < 2 or count < 2 or not (says or (count >= 4 and is_reply)):
        return 0
    is_headed = "from" in roles or named >= 3 or ({"date", "to"} <= roles and says)
    return end if is_headed and (count >= 3 or (says and ("from" in roles or "date" in roles))) else 0


@lru_cache(2_000)
def _label(text: str) -> tuple[frozenset[str], str]:
    """What the label of this header names, as far as it is one, and what stands behind it."""
    found = LABEL.fullmatch(text)
    known = marks.ROLES.get(" ".join(_small(found[1]).split()), ()) if found else ()
    return frozenset(known), found[2].strip("*_ ") if found else ""


def value_of(role: str, lines: Sequence[Line], at: int) -> str:
    """What a header of this role says that stands at this line, be it on the next; empty if there is none."""
    known, value = _label(lines[at].text[:LONGEST])
    if role not in known:
        return ""
    return value or (lines[at + 1].text[:LONGEST] if at + 1 < len(lines) else "")


def _goes_on(above: str, text: str) -> bool:
    """Whether a line goes on with the header above it: a long list, or a value under its label."""
    return (
        above.rstrip().endswith((",", ";", ":", "：", "*", "<", "[mailto:"))
        or text[:1] in "<[;,"
        or len(above) > 55
    )


def _headed(lines: Sequence[Line], at: int, *, is_reply: bool) -> tuple[Opens, int] | None:
    """A block of headers that nothing announces."""
    known, _ = _label(lines[at].text)
    if known & {"from", "date", "subject", "to"} and (end := _after_headers(lines, at, is_reply=is_reply)):
        return Opens.QUOTE, end
    if NOTES.fullmatch(lines[at].text) or ADDRESS.search(
        lines[at].text
    ):  # Lotus: a name, a date, then the headers
        for below in range(at + 1, min(at + 4, len(lines))):
            if YEAR.search(lines[below].text) and TIME.search(lines[below].text):
                end = _after_headers(lines, below + 1, sure=True) or _after_bare_headers(lines, below + 1)
                return (Opens.QUOTE, end) if end else None
    return None


def _after_bare_headers(lines: Sequence[Line], at: int) -> int:
    """The line after headers as older Lotus Notes writes them, the labels in lines of their own; 0 if there are none."""
    roles, end = set[str](), 0
    for place in range(at, min(at + 15, len(lines) - 1)):
        if known := marks.ROLES.get(_small(lines[place].text)):
            roles |= known
            end = place + 2
    return end if {"to", "subject"} <= roles else 0


def _attributed(lines: Sequence[Line], at: int) -> tuple[Opens, int] | None:
    """Lines such as "On Monday, Eva <eva@example.com> wrote:", be it in several pieces."""
    if not BEGINS.match(lines[at].text.lstrip("-*_ >—")) and not _ends(lines[at].text):
        return None
    pieces: list[str] = []
    for end in range(at, min(at + MOST_LINES, len(lines))):
        line = lines[end]
        if (line.is_blank and pieces and pieces[-1].endswith(("<", ","))) or not line.is_blank:
            pieces.append(line.text)
        else:
            break
        text = " ".join(" ".join(pieces).split())
        if line.depth != lines[at].depth or len(text) > LONGEST:
            break
        is_followed = _is_deeper_below(lines, end)
        if _is_attribution(text, is_followed=is_followed):
            rest = " ".join(" ".join(pieces[1:]).split())
            is_below = STARTS.match(rest) and _is_attribution(rest, is_followed=is_followed)
            return None if is_below else (Opens.QUOTE, end + 1)
    return None


def _is_deeper_below(lines: Sequence[Line], at: int) -> bool:
    for below in range(at + 1, min(at + 4, len(lines))):
        if not lines[below].is_blank or lines[below].depth > lines[at].depth:
            return lines[below].depth > lines[at].depth
    return False


def _ends(text: str) -> bool:
    return text.rstrip(" *_-—").endswith((":", "：", "wrote", "写道", "寫道", "：</b>"))


def _wrote(text: str) -> bool:
    return bool(WROTE.search(text))


def _is_attribution(text: str, *, is_followed: bool) -> bool:
    bare = text.strip("-*_ —>")
    says_date, says_address = bool(DATE.search(bare)), bool(ADDRESS.search(bare))
    says_time = bool(TIME.search(bare))
    if is_followed:
        if _ends(text):
            return (_wrote(bare) or says_date or says_address) and not SENTENCE.search(bare)
        return says_date and says_address and len(bare) < 160 and bool(BEGINS.match(bare))
    if SENTENCE.search(bare) or not _ends(text):
        return False
    if _wrote(bare[-120:] if len(bare) > 120 else bare):
        if says_date and (says_time or says_address):
            return bool(BEGINS.match(bare)) or _wrote_on(bare)
        return (
            says_address
            and bool(re.search(r"[>)\]\"']\W{0,3}(?:\w+ ){0,3}\S+\s*[:：]$", bare))
            and len(bare) < 160
        )
    if ANNOUNCED.match(bare) and says_address and says_date:
        return True
    return (
        says_date
        and says_time
        and bool(re.search(r"[<(\[][^<>@\s]{1,64}@[^<>\s]{1,100}[>)\]]\s*[:：]$", bare))
    )


def _wrote_on(text: str) -> bool:
    """ "Eva Example wrote on 3 May 2026 at 10:00:" """
    found = WROTE.search(text)
    return bool(found and found.start() < 80 and DATE.search(text, found.end()))


def split_in_line(text: str) -> tuple[str, str] | None:
    """What somebody wrote on the line of the attribution itself, and that."""
    found = IN_LINE.fullmatch(text) if len(text) < LONGEST and text.endswith("wrote:") else None
    return (found[1].rstrip("- "), found[2]) if found else None


def _prefix(subject: str) -> str:
    """The word before the first colon of a subject, in small letters: "re", "aw"."""
    word, colon, _ = subject[:30].replace("：", ":").partition(":")
    return re.sub(r"[\[(]?\d*[\])]?$", "", word.strip().lower()).strip() if colon else ""


def begins_as_reply(subject: str) -> bool:
    return _prefix(subject) in marks.REPLIES


def begins_as_forward(subject: str) -> bool:
    return _prefix(subject) in marks.FORWARDS and _prefix(subject) not in marks.REPLIES


def bare_subject(subject: str) -> str:
    """Without what replies and forwards put before it, of which there may be many."""
    bare = " ".join(subject.split())
    while (word := _prefix(bare)) and word in (*marks.REPLIES, *marks.FORWARDS):
        bare = re.split("[:：]", bare, maxsplit=1)[1].strip()
    return bare
