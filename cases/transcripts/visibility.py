"""Whether a message was meant for the desk alone, in whatever words a document says so.

What says anything about it, but not clearly that customers may read it, is internal.
"""

import re

from .vocabulary import normal

_INTERNAL = set(
    "internal internally private privately confidential hidden restricted secret backstage whisper invisible".split()
)
_NOTE = set("note notes memo memos worklog worknote worknotes annotation".split())
_PUBLIC = set("public publicly external externally visible published shared shown".split())
_AUDIENCE = set("visibility audience access privacy confidentiality exposure viewers readers".split())
_KIND = set(
    "type kind subtype channel category class source via event tag tags label labels mode flag flags".split()
)
_REFERENCE = set(
    "id ids number no ref reference key uuid guid url link href count at by on time date".split()
)
_NEGATING = set("not no non none never without except nobody only".split())
_CUSTOMERS = set("customer customers client clients requester requesters reporter enduser endusers".split())
_EVERYBODY = set(
    "public publicly external everyone everybody anyone all world open visible user users both".split()
)
_STAFF = set("agent agents staff team teams admin admins administrators employees support desk us".split())
_UNSAID = {"", "null", "~"}
_YES = {"true", "yes", "y", "1", "on", "t"}
_NO = {"false", "no", "n", "0", "off", "f", "never", "none"}

_DISCREET = r"internal|private|confidential|hidden|secret|restricted"
_THING = r"notes?|comments?|messages?|memos?|remarks?|repl(?:y|ies)|discussion|communication|update|log|chat|entry|use|only"
PHRASE = (
    rf"(?:(?:{_DISCREET})(?:[\s_-]*(?:{_THING})\b)*|(?:(?:to|for) )?(?:staff|agents?|team|desk)[\s_-]only\b(?:[\s_-](?:{_THING})\b)*"
    rf"|work[\s_-]?notes?|not (?:visible|shown) to (?:the )?customers?"
    rf"|(?:[A-Za-z]{{2,20}}['’]?s?[\s_-])?(?:notes?|memos?|comments?)\s*[(\[,–—-]+\s*(?:{_DISCREET})\b[^)\]:]{{0,20}}[)\]]?)"
)
_OPENS = re.compile(
    rf"[\s*_`]*(?:[\[({{<][\s*_`]*{PHRASE}[\s*_`]*[\])}}>]|{PHRASE}[\s*_`]*[:–—])", re.IGNORECASE
)
_CLOSES = re.compile(rf"[\[(]{PHRASE}[\])][\s*_`.]*$", re.IGNORECASE)
_PAIR = re.compile(
    r"\W*(?P<key>[A-Za-z][\w -]{2,24}?)[\s*_`\"]*[:=][\s*_`\"]*(?P<value>[\w-]{1,20})(?![\w-])"
)
_IN_A_KIND = re.compile(
    r"internal|private|confidential|hidden|\bnotes?\b|\bmemo\b|work ?log|work ?note|\b(?:staff|agents?) only\b"
)


def is_secret(text: str) -> bool:
    """Whether this is a way to say `internal note`."""
    return (
        re.fullmatch(rf"[\s*_`]*{PHRASE}[\s*_`]*|[\s*_`]*(?:notes?|memo)[\s*_`]*", text[:80], re.IGNORECASE)
        is not None
    )


def names_a_note(text: str) -> bool:
    """Whether a role or a type is that of an internal note: `internal`, `private_note`, `InternalComment`."""
    label = normal(text[:80])
    return bool(_IN_A_KIND.search(label)) and "public" not in label.split()


def said_of(key: str, value: str) -> bool | None:
    """Whether a key with this value makes its message internal; None when it says nothing of that."""
    label, text = set(normal(key[:80]).split()), value.strip().casefold()
    if text in _UNSAID or label & _REFERENCE:
        return None
    if label & (_INTERNAL | _NOTE) or (label & _STAFF and "only" in label):
        return text not in _NO
    if label & (_PUBLIC | _AUDIENCE):
        return text not in _YES and (text in _NO or not _is_open(set(normal(value[:200]).split())))
    return True if label & _KIND and names_a_note(value) else None


def _is_open(words: set[str]) -> bool:
    """Whether customers are among those whom the words name."""
    if words & (_INTERNAL | _NEGATING):
        return False
    return bool(words & _CUSTOMERS or (words & _EVERYBODY and not words & _STAFF))


def opens_as_note(text: str) -> bool:
    """Whether a message's own first or last words say that it is internal: `[internal] …`, `… (private note)`."""
    if _OPENS.match(text[:120]) or _CLOSES.search(text[-60:]):
        return True
    pair = _PAIR.match(text[:60])
    return bool(pair and tells(pair["key"]) and said_of(pair["key"], pair["value"]))


def tells(key: str) -> bool:
    """Whether a key is about nothing but who may read the message."""
    label = set(normal(key).split()) - {"is", "message", "comment", "only"}
    return bool(label) and label <= _INTERNAL | {"public", "visibility", "audience"}
