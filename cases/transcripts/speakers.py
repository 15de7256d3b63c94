"""The line that begins a message: who speaks, and when, in any order and any brackets."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import times
from .document import Role
from .visibility import PHRASE, is_secret, names_a_note
from .vocabulary import ROLE

_OPEN = re.compile(r"(?:[^\w\"“”'‘’«»]|_)*")
_CLOSE = re.compile(r"[*_`\])}>]*")
_ADDRESS = re.compile(r"\s*[<(\[]?[\w.+-]{1,64}@[\w.-]{1,80}[>)\]]?")
_GAP = re.compile(
    r"(?:\s+(?:wrote|writes|said|says|replied|responded|asked)(?=\s*(?::|$)))?"
    r"\s*(?P<mark>(?::|[-–—]+>?|\||>+|→|,)[*_`\])}]*)?\s*"
)
_SET_OFF = re.compile(r"[*_`]*\s*(?:[:|\])}>–—-]|$|(?:wrote|said|replied)\b)|[*_`]")
_LEAD = re.compile(
    r"(?:timestamp|date[ /]?time|time|date|sent|role|sender|speaker|author|(?:(?:posted|sent|written) )?by|"
    r"(?:(?:message|response|reply|update|email) )?(?:from|by)|(?:(?:wrote|said|replied|responded) )?(?:on|at))\b"
    r"[\s*_`]*:?[\s*_`\[(]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:(?:message|msg|entry|reply|turn|step|email|comment|interaction|exchange|update|response)\s*#?\d{1,3}\b"
    r"|#?\d{1,3}(?=\s*[.):\]|*]))(?:[^\w\"“”'‘’«»]|_)*",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}"
_MONTH_OR_DAY = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
# What may follow a name: the end of the speaker, or a bracket or dash before a time or an address.
_STOP = (
    r"(?=[*_`]*\s*(?:[:|\])]|$|[\[(<@,–—*_-]+\s*[*_`]*\s*"
    rf"(?:\d{{1,4}}[-/:.]|\d{{1,2}} |[\w.+-]+@|(?:{_MONTH_OR_DAY})|{PHRASE})))"
)
# What a note begins with, instead of a speaker or before one: `[internal] Ada:`, `Private note by Ada:`.
_NOTE = re.compile(
    rf"(?P<phrase>{PHRASE}|(?P<bare>notes?|memo)\b)(?=[\s*_`]*(?:[:|\])}}>(\[,–—-]|by\b|from\b|$))"
    r"(?P<apart>[\s*_`]*[\])}>|(\[,–—-]+[\s*_`(\[]*(?:(?:by|from)\b[\s*_`]*)?|\s+(?:by|from)\b[\s*_`]*)?(?:(?:the|an?|our)\s+)?",
    re.IGNORECASE,
)
# The same behind a speaker: `Ada [internal]:`, `agent (private note):`.
_NOTED = re.compile(rf"[*_`\])}}]*\s*[*_`]*[\[({{|,–—-]+[\s*_`]*{PHRASE}[\s*_`]*[\])}}]*", re.IGNORECASE)
_OWN_NOTE = re.compile(rf"\s+{PHRASE}(?=[\s*_`]*:)", re.IGNORECASE)  # `Agent's private notes:`
_ENDS = re.compile(r"[\s*_`\])}]*(?:[:|([,<@–—-]|$)")
# What may follow a role: a number, and what the speaker does.
_DOING = re.compile(
    r"(?:\s+#?\d(?=\s*[*_]*(?:[\])(–-]|:(?!\d))))?(?:['’]s)?"
    r"(?: (?:initial|first|final|says?|said|wrote|writes|repl(?:y|ied|ies)|respon(?:ded|ds|se)|message|"
    r"update|comment|note|report|follow[- ]?up|inquiry|query|asks?|asked)\b)*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\s*[(\[]\s*(?P<inner>[^()\[\]\d:]{{1,60}})[)\]]|\s*(?P<dash>[-–—,/]?)\s*(?P<name>{_NAME}){_STOP}",
    re.IGNORECASE,
)
_NAME_ROLE = re.compile(
    rf"(?P<name>{_NAME})[*_`]*\s*(?:[(\[,|/–—-]|\bfrom\b(?: the\b)?)\s*[*_`]*{ROLE.pattern}", re.IGNORECASE
)
_NAME_ONLY = re.compile(rf"(?P<name>{_NAME}){_STOP}", re.IGNORECASE)
_NOT_NAMES = set(
    "update note notes hello hi hey dear thanks thank question answer re fyi ps issue error warning info "
    "debug summary status urgent reply response message name email id number tier details contact regards "
    "best sincerely cheers resolution root cause area severity priority step steps next action actions "
    "please subject date time important request report impact team lead phone company account and or the "
    "is fatal trace opened created reported resolved closed generated updated submitted received critical "
    "notice exception failed get post put role timestamp from sender speaker author by posted sent at on "
    "attachment attached screenshot".split()
)


_EITHER = re.compile(
    r"(?:customer|client|user)[\s_-]+(?!agent|support|service|success|care|experience|account|rep|csr|help)"
)


class Speaker(NamedTuple):
    role: Role | None  # None when only a name is given
    name: str
    end: int
    internal: bool = False
    bare: bool = False  # no more than the word `note`, which needs a time or a sign to be believed


_STRANGER = re.compile(
    r"[\[({<*_|]*\s*[*_]*(?P<name>[^\W\d_][\w -]{1,30}?)\s*[*_`]*(?:[\])}>|]+[*_`]*:?|\s*:|\s+[–—-](?=\s))"
)


class Header(NamedTuple):
    """The beginning of a message. Without a speaker it is only a time."""

    who: Speaker | None
    stamp: times.Stamp | None
    body: str
    mark: str  # what opens the speaker: "[", "**" ...
    set_off: bool  # the speaker is set off from what follows
    firm: bool  # so clearly that no time is needed to believe it


def header(line: str) -> Header | None:
    """Read the beginning of a message off a line; None when it begins with neither a speaker nor a time."""
    head = line[:300]
    stamp: times.Stamp | None = None
    who: Speaker | None = None
    mark, labelled, follows, marked, end = "", False, False, False, 0
    while piece := _piece(head, end, stamp is None, who is None):
        begin, found = piece
        if isinstance(found, Speaker):
            who, mark, labelled = found, head[end:begin].rpartition(" ")[2], ":" in head[end:begin]
            if noted := _NOTED.match(head, who.end):
                who = found = who._replace(internal=True, end=noted.end())
                marked = True
        elif who and not found.whole and not _SET_OFF.match(head, found.end):
            break
        else:
            stamp, follows = found, who is not None
        end = _past(_ADDRESS, head, _past(_CLOSE, head, found.end))
    if not stamp and not who:
        return None
    gap = _GAP.match(line, end)
    body = line[gap.end() if gap else end :].strip()
    body = "" if body.strip("=-*_#~") == "" else body
    if who is None:
        return Header(None, stamp, body, "", False, False)
    colon = labelled or bool(gap and (gap["mark"] or "")[:1] in tuple("|:>"))
    boxed = mark != "" and (not body or _past(_CLOSE, head, who.end) > who.end)
    firm = colon or boxed or (not body and line.lstrip().startswith("#"))
    if who.bare:
        firm = boxed and mark[-1:] in ("[", "(", "<", "{")
    elif who.internal:
        firm = firm or not body or bool(gap and gap["mark"]) or bool(re.match(r"(?:by|from)\b", body))
    return Header(
        who, stamp, body, mark, firm or follows or marked or bool(_SET_OFF.match(head, who.end)), firm
    )


def role_in(text: str) -> Role | None:
    """The role that a JSON or YAML value names; None when it names several, or none for sure."""
    text = re.sub(r"\S*@\S*", " ", text[:100]).replace("_", " ")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    roles = {_role(match) for match in ROLE.finditer(text) if not text[: match.start()][-1:].isalnum()}
    return roles.pop() if len(roles) == 1 else None


def role_beside(name: str) -> Role | None:
    """The role that stands beside or instead of a name: `Tom (Support Agent)`, `Helpdesk`."""
    parts = re.split(r"[()\[\]<>|/,:–—]|\s-\s", re.sub(r"\S*@\S*", " ", name[:100]).replace("_", " "))
    matches = [ROLE.fullmatch(part.strip()) for part in parts]
    roles = {_role(match) for match in matches if match}
    return roles.pop() if len(roles) == 1 else None


def stranger(line: str, head: Header) -> Header | None:
    """A timed line whose speaker has no role or name that we know: `[10:02] [purchaser] …`."""
    if head.who or not (head.stamp and head.stamp.clock):
        return None
    match = _STRANGER.match(head.body[:80])
    if not match or set(match["name"].casefold().split()) & _NOT_NAMES:
        return None
    end = line.index(match["name"], head.stamp.end) + len(match["name"])
    body = head.body[match.end() :].strip()
    return Header(Speaker(None, match["name"], end), head.stamp, body, "", True, True)


def same_person(name: str, other: str) -> bool:
    """`Jordan` and `Jordan N.` may be one person, `John Smith` and `John Doe` are not."""
    mine, theirs = (set(re.findall(r"[^\W_]{2,}", text[:100].casefold())) for text in (name, other))
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _piece(head: str, at: int, want_stamp: bool, want_who: bool) -> tuple[int, times.Stamp | Speaker] | None:
    for begin in _beginnings(head, at):
        if want_stamp and (stamp := times.stamp(head, begin)):
            return begin, stamp
        if want_who and (who := _speaker(head, begin)):
            return begin, who
    return None


def _beginnings(head: str, at: int) -> Iterator[int]:
    at = _past(_OPEN, head, at)
    for begin in dict.fromkeys((at, _past(_NUMBER, head, at))):
        yield begin
        if (past := _past(_LEAD, head, begin)) > begin:
            yield past


def _speaker(head: str, at: int) -> Speaker | None:
    if match := _NOTE.match(head, at):
        return _note(match, head)
    if match := ROLE.match(head, at):
        end = _past(_DOING, head, match.end())
        if _role(match) != "customer" and names_a_note(head[match.end() : end]):
            return Speaker(_role(match), "", end, internal=True)
        if noted := _OWN_NOTE.match(head, end):
            return Speaker(_role(match), "", noted.end(), internal=True)
        named = _NAMED.match(head, end)
        if named and (named["inner"] or (_is_name(named["name"]) and not _is_remark(named, head))):
            name = named["inner"] or named["name"]
            return Speaker(_role(match), name, named.end(), is_secret(name))
        return Speaker(_role(match), "" if _role(match) else match[0], end)
    if (match := _NAME_ROLE.match(head, at)) and _is_name(match["name"]):
        return Speaker(_role(match), match["name"], match.end())
    if (match := _NAME_ONLY.match(head, at)) and _is_name(match["name"]):
        return Speaker(None, match["name"], match.end())
    return None


def _note(match: re.Match[str], head: str) -> Speaker:
    """An internal note, and who wrote it where that is said."""
    end = match.start() + len(match["phrase"])
    bare = match["bare"] is not None and "by" not in (match["apart"] or "").casefold()
    who = _speaker(head, match.end()) if match["apart"] else None
    if who and not who.internal and _ENDS.match(head, who.end):
        return who._replace(internal=True, bare=bare)
    return Speaker(None, "", end, internal=True, bare=bare)


def _role(match: re.Match[str]) -> Role | None:
    """Whose role the words name: a system's is nobody's, and a `customer admin` may be on either side."""
    words = match[0].casefold()
    if match["customer"]:
        return "customer"
    if words.endswith("system"):
        return "system"
    return None if _EITHER.match(words) else "agent"


def _is_remark(named: re.Match[str], head: str) -> bool:
    """Whether a single word behind a dash begins the message: `Customer - Sure: ...`."""
    ends = head[named.end() :].strip("*_` ")[:1] in (":", "")
    return named["dash"] != "" and " " not in named["name"] and ends


def _is_name(name: str) -> bool:
    words = name.split()
    if any(word.endswith(".") and len(word) > 3 for word in words):
        return False
    return all(word[0].isupper() and word.casefold().strip(".") not in _NOT_NAMES for word in words)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
