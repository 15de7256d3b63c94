"""What a single value says: a text, nothing, a choice, or yes or no."""

import re

_SPACE = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u200c\u2060\ufeff"
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}
_EMPHASIS = ("***", "**", "*", "__", "_", "`")
_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_NOTHING = set(
    "|n/a|n.a|na|none|null|nil|nan|~|?|tbd|tba|tbc|unknown|undefined|unspecified|omitted|omit|blank|empty|redacted|"
    "not applicable|not available|not provided|not specified|not given|not known|not recorded|not set|no data|"
    "none provided|none yet|to be determined|to be confirmed|to be announced|anonymous".split("|")
)
# A value made of these words alone, one of them pending, says that there is nothing to say yet.
_PENDING = set(
    "none null nil na tbd tba tbc pending unknown unresolved undetermined unidentified unconfirmed omit omitted "
    "nothing ongoing investigation investigating investigated open awaiting waiting yet active progress blank empty "
    "unavailable leave left filled skip skipped eta expected estimated reviewing analyzing analysing".split()
)
_SETTLED = set(
    "applicable available provided specified known recorded set given resolved identified determined found confirmed "
    "completed complete established reported closed reached fixed".split()
)
_FILLER = set(
    "n a s no not the this that is are was were be been being to has have had at time of now by our your for from on "
    "in as it its an and or but with will once when if until while since because could can did do does case ticket "
    "issue incident problem matter still actively currently presently under further full final complete team teams "
    "engineering engineers engineer support agent customer technical staff vendor we they more additional information info "
    "details detail data response reply confirmation analysis diagnosis diagnostics findings results result update "
    "updates resolution resolve resolving root cause causes status field remains remain continuing continues present "
    "moment date document record generation later feedback updated here so far initial internal review reviewed "
    "undergoing value after upon before stage fix solution see conversation above below no".split()
)
_NEGATING = set(
    "not no none null nil na tbd tba tbc nothing yet until once when if be pending awaiting unknown".split()
)
_BY_A_TEAM = re.compile(
    r"\b(?:by|with|from) (?:the |our )?(?:[\w-]+ ){0,3}(?:teams?|engineers?|engineering|developers?)\b"
)
_MARKED_AS_NONE = re.compile(
    r"(?:n/a|tbd|tba|tbc|omit|omitted|null)\s*[(\[–—,;:-]|(?:none|pending|unknown)\s*[(\[]"
    r"|(?:still |currently )?(?:awaiting|waiting (?:for|on))\b[^.;]*\.?$"
    r"|(?:currently |still )?under (?:review|investigation|analysis)\b[^.;,]*\.?$"
    r"|no (?:resolution|root cause|cause|information|data|details?)\b[^.;]*\.?$"
)

# field -> our own words, then what others say instead.
_CHOICES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "severity": (
        {word: word for word in ("critical", "high", "medium", "low")},
        {
            "critical": r"sev(?:erity)?[ -]?1|s1|blocker|urgent|emergency|catastrophic",
            "high": r"sev(?:erity)?[ -]?2|s2|major|severe|elevated",
            "medium": r"sev(?:erity)?[ -]?3|s3|moderate|normal|med|average",
            "low": r"sev(?:erity)?[ -]?4|s4|minor|trivial|cosmetic|minimal",
        },
    ),
    "priority": (
        {f"P{n}": rf"p(?:riority)?[\s:#-]*{n}|{n}" for n in "1234"},
        {
            "P1": r"critical|urgent|highest|immediate|emergency",
            "P2": r"high",
            "P3": r"medium|normal|moderate",
            "P4": r"low|lowest|minor",
        },
    ),
    "status": (
        {
            "open": r"(?:re-?)?open(?:ed)?|(?:not|un)(?:[ -](?:yet|been|fully))*[ -]?(?:resolved|closed|fixed|solved)",
            "investigating": r"investigat(?:ing|ion|ed)",
            "resolved": r"resolved",
            "closed": r"closed",
        },
        {
            "open": r"new|active|submitted|assigned|created|logged|to ?do",
            "investigating": r"in[ _-]?progress|pending|on[ _-]?hold|a?waiting|escalated|acknowledged|monitoring|"
            r"ongoing|under (?:review|analysis)|triaged?|working|wip|diagnosing",
            "resolved": r"fixed|solved|done|completed?|mitigated|remediated",
            "closed": r"cancelled|canceled|archived|finished",
        },
    ),
    "area": (
        {
            "backend": r"back[ _-]?end",
            "frontend": r"front[ _-]?end",
            "database": r"data[ _-]?base",
            "network": r"network(?:ing)?",
            "other": r"other",
        },
        {
            "backend": r"apis?|server(?:[ _-]side)?|app(?:lication)? service|services?|middleware",
            "frontend": r"ui|ux|user interface|client(?:[ _-]side)?|web|browser|react",
            "database": r"db|sql|storage|data(?: layer)?",
            "network": r"dns|vpn|connectivity|firewall|cdn",
            "other": r"infrastructure|integrations?|security|authentication|configuration|billing|hardware|"
            r"third[ -]party|general|misc(?:ellaneous)?|documentation|deployment|reporting",
        },
    ),
}
_YES = re.compile(
    r"(?:true|yes|y|1|(?:[\w-]+ )?(?:bug|defect)|confirmed|it is|affirmative|likely|probably)\b|[✅✔]"
)
_NO = re.compile(
    r"(?:false|no|n|0|not? (?:really )?(?:an? )?(?:[\w-]+ )?(?:bug|defect)|isn['’]t|user error|works as designed|"
    r"by design|configuration|negative|not likely|unlikely|feature request)\b|[❌✘]"
)
_ADDRESS_ALONE = re.compile(r"[^\s@<>()\[\],;:\"“”]+@[\w.-]*\w")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"|“”]+@[\w.-]*\w")


def tidy(text: str) -> str:
    """The text as we keep it: lines end in \\n and not in spaces, and hold nothing that a database refuses."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = _REFUSED.sub(lambda match: "\ufffd" if match[0] >= "\ud800" else "", text)
    return "\n".join(line.rstrip(_SPACE) for line in text.split("\n")).strip(_SPACE)


def plain(text: str) -> str:
    """The text without quotes or emphasis that wrap all of it."""
    text = tidy(text)
    for _ in range(3):
        text = _unquoted(_unemphasised(text))
    return text


def _unemphasised(text: str) -> str:
    for mark in _EMPHASIS:
        inner = text[len(mark) : -len(mark)]
        if text.startswith(mark) and text.endswith(mark) and inner.strip() and mark[0] not in inner:
            return inner.strip()
    return text


def _unquoted(text: str) -> str:
    """The text without its quotes, if it is one quotation: `"a" and "b"` is two."""
    opening, closing, inner = text[:1], _QUOTES.get(text[:1]), text[1:-1]
    if closing in ('"', "”") and closing not in text[1:]:  # cut off before its end
        return text[1:].strip()
    if closing is None or text[-1] != closing or not inner.strip():
        return text
    depth = 0
    for at, mark in enumerate(inner):
        if mark not in (opening, closing) or _is_apostrophe(inner, at):
            continue
        if mark == closing and (mark != opening or _ends_a_word(inner, at)):
            depth -= 1
        elif depth < 0:
            return text
        else:
            depth += 1
    return inner.strip()


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] in "'’" and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()


def _ends_a_word(text: str, at: int) -> bool:
    return at > 0 and not (text[at - 1].isspace() or text[at - 1] in "([{<*_-–—/=")


def nothing(text: str) -> bool:
    """Whether the value is a placeholder such as `N/A`, `-` or `(none)`."""
    return len(text) < 60 and text.strip(" \t\n.*_`\"'()[]{}<>-–—!").casefold() in _NOTHING


def unsettled(text: str) -> bool:
    """Whether the value says no more than that there is none yet: `Still under investigation by the team.`"""
    if nothing(text):
        return True
    if len(text) > 200:
        return False
    text = text.strip(" *_`\"'").casefold().replace("n't", " not").replace("n’t", " not")
    words = set(re.findall(r"[^\W_]+", _BY_A_TEAM.sub("", text)))
    if words & _SETTLED and not words & _NEGATING:
        return False
    pending = words & _PENDING or (words & {"not", "be", "once", "until", "when"} and words & _SETTLED)
    in_brackets = text[:1] in "([<" and text[-1:] in ")]>"
    return bool(
        _MARKED_AS_NONE.match(text) or (pending and (in_brackets or words <= _PENDING | _SETTLED | _FILLER))
    )


def choice(field: str, text: str) -> str | None:
    """The choice of a field that the text names first; our own words win over their synonyms."""
    text = text[:200].casefold()
    for table in _CHOICES[field]:
        hits = (
            (re.search(rf"(?<![^\W_])(?:{words})(?![^\W_])", text), value) for value, words in table.items()
        )
        found = [(hit.start(), value) for hit, value in hits if hit]
        if found:
            return min(found)[1]
    return None


def truth(text: str) -> bool | None:
    """True for yes, False for no, None where neither is said."""
    text = text[:200].strip(" \t\n*_`\"'()[]").casefold()
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def address(text: str) -> str | None:
    """The first e-mail address in the text."""
    match = _ADDRESS_ALONE.fullmatch(text[:500].strip()) or _ADDRESS.search(text[:500])
    return match[0] if match else None


def quoted(text: str) -> str:
    """The beginning of a text, in quotation marks, for a sentence."""
    text = " ".join(text[:200].split())
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"
