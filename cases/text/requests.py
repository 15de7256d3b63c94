"""What a text asks the other side for: "Could you share a screenshot?" asks for "a screenshot".

Every find reads after "waiting for", and after "We need from you:". Better to miss one than to find what is none: a
question out of politeness, what is quoted, what somebody else did.
"""

import re

MOST = 5
LONGEST = 120  # characters; more is no name of a thing


def plain(what: str) -> str:
    """What is asked for, as it reads after "waiting for": "a screenshot of the payment screen"."""
    what = " ".join(what.replace("\0", "").split()).strip(" .,;:?!")
    return re.sub(r"^(An?|The|Some|Your|Any|More)\b", lambda word: word[0].lower(), what)


def find(text: str) -> list[str]:
    """What it asks for, in its order, each once."""
    found: dict[str, None] = {}
    for sentence in _sentences(text):
        for clause in _clauses(sentence):
            what = _thing(clause)
            if what and len(what) <= LONGEST:
                found[what] = None
    return list(found)[:MOST]


_QUOTED = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*>[^\n]*$|“[^”]*”|\"[^\"\n]*\"", re.S | re.M)
_WRAP = re.compile(r"(?<=[\w,])[ \t]*\n(?=[a-z])")
_END = re.compile(r"[.?!]+(?=\s|$)|[;:]\s|\n")


def _sentences(text: str) -> list[str]:
    """Without what is quoted, which somebody else said."""
    text = _QUOTED.sub(" … ", text.replace("\r\n", "\n").replace("’", "'"))
    return [" ".join(part.split()) for part in _END.split(_WRAP.sub(" ", text))]


_FILL = r"(?:(?:please|kindly|also|just|perhaps|possibly|maybe|quickly|then|first|now|ever so kindly) )*"
_GIVE = "send|share|provide|attach|upload|forward|paste|supply|email|e-mail|mail|submit"
# These ask only where what follows is something that one hands over.
_MAKE = "give|add|include|post|take|make|get|grab|create|record|capture|show|drop"
_TELL = "tell|let|confirm|describe"
_TEST = "test|try|retest|re-test|retry"
_VERB = rf"(?:{_GIVE}|{_MAKE}|{_TELL}|{_TEST})"
_YOU_DO = "|".join(
    [
        rf"(?<!how )(?<!what )(?<!where )(?<!why )(?<!when )(?<!who )(?<!which )(?:can|could|would|will) you {_FILL}",
        rf"would you {_FILL}(?:be able to|be so kind as to|be so kind to|mind) {_FILL}",
        rf"are you able to {_FILL}",
        rf"(?:can|could|may|might) (?:i|we) {_FILL}ask you to {_FILL}",
        rf"(?:is|would) it (?:be )?possible (?:for you )?to {_FILL}",
        rf"(?:we|i)(?:'d|'ll| would| will)?(?: still| also| just)* (?:need|like|want|ask) you to {_FILL}",
        rf"(?:it would|it'd|that would|would) (?:really )?(?:help|be (?:very )?\w+)(?: us| me)?(?: a lot)? if you (?:can|could|would) {_FILL}",
        rf"(?:would|'d) (?:really )?appreciate it if you (?:can|could|would) {_FILL}",
        rf"(?:^|[,–—] ?|\b(?:and|but|so|then|or|first|next|also|meanwhile) )(?:please|kindly) {_FILL}",
    ]
)
_DO = re.compile(rf"(?:{_YOU_DO})(?={_VERB}\b)", re.I)
_MIND = re.compile(
    rf"\bwould you mind (?P<verb>{'|'.join(verb.rstrip('e') for verb in _GIVE.split('|'))})ing ", re.I
)
_WE_NEED = re.compile(
    r"(?:^|[,–—] ?|\b(?:and|but|so|then|also|still) )(?:(?:for|to) \w+(?: \w+){0,3}? )?(?:(?:we|i)(?:'d|'ll| would| will)?(?: still| also| just| only| then)*"
    r" (?:need|require)|(?:can|could|may) (?:we|i) (?:please )?(?:have|get|see)|(?:we|i)(?:'d| would) like to (?:have|get|see))"
    r" (?P<thing>.+)",
    re.I,
)
_ASK_WHICH = re.compile(
    r"\b(?:can|could|may|might) (?:i|we) (?:please )?ask (?P<thing>(?:which|what|for) .+)", re.I
)
_START = re.compile(
    rf"(?:^{_FILL}(?=(?:let (?:me|us) know|tell (?:me|us)) )|(?:^|, )(?:(?:just|then) )?(?=(?:send|show|give) (?:me|us) ))",
    re.I,
)
_LATER = re.compile(rf"(?:{_YOU_DO})\w[^,]{{0,80}}? and (?:then )?(?=(?:{_GIVE})\b)", re.I)
_NEXT = re.compile(rf"(?:,? and|,? or|,? then|,) (?:then |also |please )*(?={_VERB} )", re.I)


def _clauses(sentence: str) -> list[str]:
    """What one is to do by it, each from its verb on."""
    if (asked := _DO.search(sentence)) and not _MIND.search(sentence):
        return _NEXT.split(sentence[asked.end() :])
    if mind := _MIND.search(sentence):
        return _NEXT.split(f"send {sentence[mind.end() :]}")
    if asked := _ASK_WHICH.search(sentence):
        return [f"tell us {asked['thing'].removeprefix('for ')}"]
    if asked := _START.search(sentence):
        return _NEXT.split(sentence[asked.end() :])
    if asked := _LATER.search(sentence):
        return _NEXT.split(sentence[asked.end() :])
    if needed := _WE_NEED.search(sentence):
        first, *more = _NEXT.split(needed["thing"])
        return [f"need {first}", *more]
    return []


_REST = re.compile(
    r",| [–—-] | \((?!s\))|(?<! of)(?<! happens)(?<! the)"
    r" (?:so(?: that)?|because|since|before|until|otherwise|unless|in order"
    r"|to (?:help|go|continue|proceed|find|see|check|look|understand|do|investigate|reproduce)|for us|for me|with us|with me|to us|to me|to your|from you|over|back|along|here|below|please"
    r"|now|today|tomorrow|again|once more|one more time|too|as well|first|then|asap|if|whether or not|when(?:ever)? you|as soon as|at your|once you|once it|next time|by"
    r"|in (?:your|the) (?:next )?(?:reply|answer)|in this case|via|and (?:we|i|then|see|check|report|let|reply)(?:'\w+)?)\b.*",
    re.I,
)
_TOO_POLITE = re.compile(
    r"\b(?:moments?|minutes?|seconds?|while|bit|(?<!the )(?<!exact )time|days?|patience|call|shout|ring|hand|break|chance|try|go|look|feedback"
    r"|help|support|understanding|cooperation|thoughts?|opinion|regards|thanks|experience|questions?|anything|something|everything|nothing|attention|sure|way|heads-up|ideas?|vendor|developers?|engineers?|team|update|fix)\b",
    re.I,
)
_ARTICLE = re.compile(
    r"(?:an?|the|your|any|some|more|all|both|each|another|its|one|two|three|a few|further|additional|full) \S",
    re.I,
)
_THINGS = re.compile(
    r"\b(?:screen-?\s?shots?|screen-?\s?captures?|(?:screen )?recordings?|videos?|photos?|pictures?|images?|logs?|log ?files?|traces?|stack ?traces?|dumps?|outputs?"
    r"|exports?|copy|copies|files?|documents?|reports?|receipts?|invoices?|messages?|errors?|codes?|versions?|numbers?|ids?|names?|address(?:es)?"
    r"|e-?mails?|phone|details?|information|info|steps|descriptions?|examples?|samples?|data|browsers?|models?|serials?|settings?|config|configurations?"
    r"|dates?|timestamps?|links?|urls?|har|lists?|results?|access|csv|pdf|request body|headers?)\b",
    re.I,
)
_SENT = ("send", "share", "forward", "mail", "email", "e-mail", "show", "give", "submit")
_ELSEWHERE = re.compile(r" (?:(?:with|to) (?:your|them|him|her|my|our|nobody|anybody|others)|to the)\b", re.I)
_PRONOUN = re.compile(r"(?:it|this|that|them|these|those|one|me|us)$", re.I)


def _thing(clause: str) -> str:
    """What is asked for by something that one is to do."""
    verb, _, rest = clause.partition(" ")
    verb, rest = verb.lower(), rest.strip()
    if verb in _TEST.split("|"):
        return _test(verb, rest)
    if verb == "let":
        return (
            _told(re.sub(r"^(?:me|us) know ", "", rest, flags=re.I), known=True) if " know " in rest else ""
        )
    if verb == "tell":
        return (
            _told(re.sub(r"^(?:me|us) ", "", rest, flags=re.I)) if re.match(r"(?:me|us) ", rest, re.I) else ""
        )
    if verb == "confirm":
        return _confirmed(rest)
    if verb == "describe":
        thing = _noun(rest)
        return f"a description of {thing}" if thing else ""
    if verb == "give" and (again := re.match(r"(?:it|this|that) (another|a) (?:try|go|test)\b", rest, re.I)):
        return f"{again[1].lower()} try"
    rest = re.sub(r"^(?:with )?(?:me|us|over|back|along)\b ?(?:with )?", "", rest, flags=re.I)
    if _ELSEWHERE.search(rest) and verb in _SENT:
        return ""
    thing = _noun(rest)
    if not thing or (verb in (*_MAKE.split("|"), "need") and not _handed_over(verb, rest, thing)):
        return ""
    return thing


def _handed_over(verb: str, rest: str, thing: str) -> bool:
    """Whether somebody hands it over. What we need we may also have to make ourselves."""
    if (
        re.search(r"\bto \w+", rest)
        and verb == "need"
        and " from you" not in rest
        and not _THINGS.search(thing)
    ):
        return False
    ours = re.search(r" from (?!you\b)", rest) or re.match(r"(?:to|our)\b", rest, re.I)
    yours = verb == "need" and re.match(r"your\b", rest, re.I)
    return not ours and bool(yours or _THINGS.search(thing))


def _noun(rest: str) -> str:
    """The thing that a text begins with: without the reason, the way and the time of giving it."""
    thing = _REST.split(rest)[0].strip(" .,;:?!")
    thing = re.sub(r"(?: (?:of|from|by))? …", "", thing)
    if not thing or re.match(r"(?:this|that|these|those)\b", thing, re.I):
        return ""
    if _PRONOUN.match(thing) or _TOO_POLITE.search(thing):
        return ""
    if re.match(r"(?:which|what) ", thing, re.I):
        return _which(thing)
    if not (
        _ARTICLE.match(thing)
        or _THINGS.match(thing)
        or (_THINGS.search(thing) and re.match(r"\w+ \w+$", thing))
    ):
        return ""
    return plain(re.sub(r"^your ", "the ", thing, flags=re.I))


def _which(thing: str) -> str:
    """ "which browser you use" is the browser."""
    named = re.match(r"(which|what) (?:exact |kind of |sort of |type of )?(\w+)\b ?(.*)", thing, re.I)
    if not named or not (named[1].lower() == "which" or _THINGS.match(named[2])):
        return ""
    if re.match(r"(?:of|one|ones|is|are|was|were|do|does|you|it)$", named[2], re.I):
        return ""
    rest = re.sub(r"^(?:it is|it was|that is|that was|this is)$", "", named[3])
    return f"the {named[2]} {rest}".strip()


def _told(rest: str, *, known: bool = False) -> str:
    """Something to be said. "Let us know if, when, how" is politeness more often than not."""
    if re.match(r"(?:about|more about) ", rest, re.I):
        return ""
    if re.match(r"(?:whether|if|when|where|how|why|what|since when) ", rest, re.I) and not _which(rest):
        clause = re.split(r"[,]| (?:so that|because|please|and (?:we|i))\b", rest)[0].strip()
        clause = re.sub(r"^if ", "whether ", clause, flags=re.I)
        chat = re.search(
            r"\b(?:you think|you'd like|you would like|we can|i can|we should|any|anything|questions?|you need|you want|goes|went)\b",
            clause,
            re.I,
        )
        return "" if known or chat else f"word on {clause}"
    return _noun(rest)


def _confirmed(rest: str) -> str:
    said = re.match(r"(?:to us |for us |with us )?(?:that|whether|if) (.+)", rest, re.I)
    if said:
        clause = re.split(r",| (?:so that|because|please|and (?:we|i))\b", said[1])[0].strip()
        return f"word on whether {clause}"
    thing = _noun(rest)
    return f"confirmation of {thing}" if thing else ""


def _test(verb: str, rest: str) -> str:
    """ "test it" asks for a test."""
    again = "another" if verb in ("retest", "re-test", "retry") else "a"
    kind = "test" if "test" in verb else "try"
    if re.match(
        r"(?:(?:it|this|that|them|the same)(?: out)? )?(?:out )?(?:again|once more|one more time|another time)\b",
        rest,
        re.I,
    ):
        again = "another"
    rest = re.sub(r"^(?:it|this|that|them)(?: out)?\b ?|^out ", "", rest, flags=re.I)
    if re.match(r"(?:one|another)\b", rest, re.I):
        return ""
    at = re.match(r"(?:to \w+|\w+ing\b(?! ?$)|\w+ing$)", rest, re.I)
    rest = _REST.split(f" {rest}")[0].strip(" .,;:?!")
    if not rest:
        return f"{again} {kind}"
    if kind == "try" and at and not re.match(r"(?:something|anything|nothing)", rest, re.I):
        return f"{again} try {rest}" if rest.startswith("to ") else f"{again} try at {rest}"
    if re.match(r"(?:with|in|from|on|without|under|as|using) \S", rest, re.I):
        return f"{again} {kind} {rest}"
    if kind == "test" and (clause := re.match(r"(?:if|whether) (\w.*)", rest, re.I)):
        return f"{again} test whether {clause[1]}"
    if re.match(r"(?:if|whether|that) ", rest, re.I) or not _ARTICLE.match(rest) or _TOO_POLITE.search(rest):
        return ""
    return f"{again} test of {re.sub(r'^your ', 'the ', rest)}"
