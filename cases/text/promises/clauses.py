"""Who does what in a clause that has a verb: "our engineers will have it fixed"."""

import re
from dataclasses import dataclass, replace

from cases.text.patterns import joined

from .phrases import ACTING, ADVERBS, CUSTOMER, DELIVER, DUE, HAPPENS, HARM, RECEIVE, STOP, TEAM, Side
from .units import LENGTH_AHEAD


@dataclass(frozen=True)
class Frame:
    start: int
    end: int
    side: Side
    bare: bool = False  # a length without "in" counts: "ETA 20 minutes"
    weak: bool = (
        False  # says nothing against what somebody else is asked for before it: "please send an update"
    )
    follows: bool = False  # does what the frame before it does: "and get back to you"


FINITE = re.compile(
    joined(r"""
        (?<![\w'])(?:
          (?P<word>[a-z]+)(?P<short>'ll|'re|'m|'ve|'d|'s)(?P<no2> (?:not|never)\b)?
          |(?P<typo>ill|well|youll|im|were|weve|ive)(?=
            [ ](?:
              keep|update|get|let|be|have|send|follow|call|check|look|reach|post|provide|hear|receive
              |going|aiming|hoping|expecting|planning|sending
            )\b
          )
          |(?P<no>
            won't|wont|can't|cant|cannot|couldn't|shouldn't|wouldn't|don't|dont|doesn't|didn't|isn't
            |aren't|wasn't|weren't|haven't|hasn't|hadn't|mustn't|never|unable to|not able to
            |(?:
              will|would|can|could|should|may|might|do|does|did|is|are|am|was|were|have|has|had
            ) (?:not|never|no longer)
          )
          |(?P<aux>
            will|wil|shall|should|can|could|may|might|would|must|ought to|is|are|am|was|were|has|have|had
            |do|does|did|gonna|going to
          )
          |(?P<mean>
            hope|hopes|aim|aims|plan|plans|expect|expects|intend|intends|anticipate|promise|guarantee
            |commit|estimate|estimates|target|strive|endeavou?r|undertake|reckon|hoping|aiming|planning
            |expecting|targeting|anticipating|estimating|shooting|trying|looking|working|try
          )
        )(?!\w|')
    """),
)
CLAUSE = re.compile(r"[,;:()\n!?-]|\b(?:and|but|so|or|then|because|while|if|as|when|though|although|where)\b")
SHORT = {"'ll": "will", "'re": "are", "'m": "am", "'ve": "have", "'d": "would", "'s": "is"}
TYPOS = {
    "ill": ("i", "will"), "well": ("we", "will"), "youll": ("you", "will"), "im": ("i", "am"), "were": ("we", "are"),
    "weve": ("we", "have"), "ive": ("i", "have"),
}  # fmt: skip

OURS = re.compile(rf"\b{TEAM}\b|\bone of (?:us|our|my)\b|\b(?:our|my) \w+(?: \w+)?$")
THEIRS = re.compile(rf"\b{CUSTOMER}(?: \w+)?$")
OBJECT = re.compile(r"(?:for|to|with|by|from|at|near|like) you$")
TRAILING = re.compile(r"(?: (?:also|then|now|all|both|still|just|\w+ly))+$")
PLURAL = re.compile(r"(?:^|\b(?:i|we|you|they|who|that|which|\w+s))$")
NO_DEED = re.compile(
    joined(r"""
        \b(?:
          your (?!
            engineer|technician|courier|driver|order|delivery|replacement|parcel|package|refund|item
          )
          |payments?|invoices?|maintenance|subscription|trial|bill|audit|window
        )\b
    """)
)
WISH = re.compile(r"\b(?:goal|aim|plan|intention|target|hope|objective|idea)$")
ASKED = re.compile(r"\b(?:when|what|how|where|why|which|who)$")
WAS = re.compile(r"\b(?:was|were|not) $")
# "can we", and a question at the end of a statement: "we'll call at 10, is that fine?"
INVERTED = re.compile(
    r" (?:you|we|i|they|it|he|she|this|that|these|there|someone|anyone|somebody|anybody|the|your|our|my)\b"
)
ASIDE = re.compile(
    joined(r"""
        [,;:-] ?(?:and |so |but )?(?:
          can|could|would|will|is|are|do|does|did|shall|ok|okay|alright|right|please|what|which|how|any|if
          |sound
        )\b
    """)
)

MORE = re.compile(rf"{ADVERBS}{{0,4}} (.*)", re.DOTALL)
SIMPLY = re.compile(r"(?: \w+ly| then| also| now| soon)? (.*)", re.DOTALL)
STOPS = re.compile(STOP)
RECEIVES = re.compile(rf"{RECEIVE}\b")
COMES = re.compile(rf"{HAPPENS}")
TO_YOU = re.compile(r"[a-z ]{2,20} you\b(?! to\b)")
ONGOING = re.compile(r"be \w+ing\b")
COMING = re.compile(
    joined(r"""
        be (?:
          working|running|sending|calling|coming|arriving|reaching|contacting|getting|looking|rolling
          |releasing|deploying
        )\b
    """)
)
MISSED = re.compile(r"have (?:\w+ed|been|seen|sent|got|done|gone|heard|had|made|told)\b")
TAKES = re.compile(
    joined(rf"""
        {ADVERBS}{{0,3}} (?:take|need|be)(?: us| me)?(?:
          [ ](?:
            only|just|about|around|roughly|approximately|another|up to|less than|at least|maybe|probably
            |more like|closer to
          )
        )* (?={LENGTH_AHEAD})
    """)
)
CAN = {"ours": re.compile(rf"{ADVERBS}{{0,2}} {DELIVER}\b"), "you": re.compile(rf"{ADVERBS}{{0,2}} expect\b")}
IS_DUE = re.compile(DUE)
ARRANGED = re.compile(
    joined(r"""
        [ ](?:also |now |already |provisionally )?(?:
          scheduled|planned|booked|arranged|set up|lined up|pencilled|slated|promised|estimated|quoted
          |committed
        )\b
    """)
)
GOING = re.compile(rf"{ADVERBS}{{0,3}} (?:going to|gonna|about to)\b")
MEANING = re.compile(
    joined(rf"""
        {ADVERBS}{{0,3}} (?P<bare>aiming|targeting|looking|shooting)?(?:
          (?<=aiming)|(?<=targeting)
          |(?<=looking) (?:to|at (?:a|an|about|around|\d))
          |(?<=shooting) for|hoping|planning|expecting|trying to
          |working (?:to|towards?|on (?:having|getting|a fix))
          |anticipating|committed to|confident|due to|scheduled|set to|on track|estimating|pushing to
        )\b(?! you )(?! your )
    """)
)
RECKONED = re.compile(r" (?:say|guess|estimate|reckon)\b")
ANOTHER = re.compile(r"(?: \w+)? (?:another|a further)\b")
ACTS = re.compile(rf"{ADVERBS}{{0,3}} {ACTING}\b")
NEGATED = re.compile(
    r"(?: \w+){0,2}? (?:expect|plan|promise|anticipate|intend|guarantee|estimate|hope|aim|target|commit)\w*"
)
DOUBTED = re.compile(
    joined(r"""
        (?: \w+)? (?:
          sure|certain|clear|confident|convinced|say|promise|guarantee|tell
        )(?: (?:that|if|when|whether))?(?!\w)
    """)
)
OF_YOU = re.compile(
    rf" (?:{HARM}|you|your|that you|to hear|from you|into|forward|on\b(?! having| getting)|with|fine|again)\b"
)


def clauses(sentence: str, asks: bool) -> list[Frame]:
    """A frame for each verb that tells whether somebody will do something."""
    return [frame for match in FINITE.finditer(sentence) if (frame := _clause(sentence, match, asks))]


def _clause(sentence: str, match: re.Match[str], asks: bool) -> Frame | None:
    after = sentence[match.end() : match.end() + 90]
    before = sentence[max(0, match.start() - 60) : match.start()]
    no = Frame(match.start(), match.end(), Side.NOT)
    past = WAS.search(before)
    if past and (match["aux"] == "going to" or (match["mean"] or "").endswith("ing")):
        return no
    if match["aux"] and not re.match(r" ?[\w~]", after):
        return None
    word, aux = TYPOS.get(
        match["typo"] or "", (match["word"] or "", match["aux"] or SHORT.get(match["short"] or ""))
    )
    subject = f"{CLAUSE.split(before)[-1].strip()} {word}".strip()
    who = _who(subject)
    if (
        match["aux"]
        and aux not in ("gonna", "going to")
        and INVERTED.match(after)
        and (not subject or ASKED.search(subject))
    ):
        return no
    if match["no"] or match["no2"]:
        if doubt := DOUBTED.match(after):
            return replace(no, side=Side.DOUBT, end=no.end + doubt.end())
        verb = NEGATED.match(after)
        return replace(no, end=no.end + verb.end()) if verb else no
    if who == "ours" and aux not in ("could", "may", "might", "would", "must", "did", "was", "were", "had"):
        no = replace(no, side=Side.BUSY)
    if match["mean"]:
        return _meaning(no, match["mean"], who, after)
    if aux in ("have", "do") and not PLURAL.search(subject):
        return None
    return _modal(no, aux or "", subject, who, after, asks and not ASIDE.search(sentence, match.end()))


def _modal(no: Frame, aux: str, subject: str, who: str, after: str, asks: bool) -> Frame:
    yes = replace(no, side=Side.OURS)
    if aux in ("will", "wil", "shall", "going to", "gonna", "should", "ought to"):
        if re.search(r"\b(?:maintenance|downtime|outage)$", subject):
            return no
        if who != "you" and TAKES.match(after):
            return replace(yes, bare=True)
        return (
            yes if _undertaken("other" if (who, aux) == ("none", "should") else who, aux, after, asks) else no
        )
    if aux in ("am", "are", "is", "have", "has", "was") and (due := IS_DUE.match(after)):
        ours = who != "you" and not NO_DEED.search(subject)
        return replace(yes if ours else no, end=no.end + due.end())
    if aux == "can" and who in CAN:
        return yes if not asks and CAN[who].match(after) else no
    if aux == "would" and who == "ours" and RECKONED.match(after):
        return replace(yes, bare=True)
    if aux == "is" and ANOTHER.match(after):
        return replace(yes, bare=True)
    if aux == "is" and WISH.search(subject) and re.match(r"(?: still| now)? to ", after):
        return yes
    if aux in ("am", "are", "is"):
        return _progressive(no, who, after)
    if aux in ("have", "has") and who == "ours" and ARRANGED.match(after):
        return yes
    return no


def _who(subject: str) -> str:
    """Whose clause it is: ours, your (the customer's), of something other, or of nobody who is named."""
    words = TRAILING.sub("", subject)
    last = words.rsplit(" ", 1)[-1]
    if last in ("i", "we"):
        return "ours"
    if last in ("that", "which", "who"):
        return "other"
    if not words or words in ("and", "but", "so", "then"):
        return "none"
    if (last == "you" and not OBJECT.search(words)) or THEIRS.search(words):
        return "you"
    return "ours" if OURS.search(words) and last not in ("it", "this", "they") else "other"


def _undertaken(who: str, aux: str, after: str, asks: bool) -> bool:
    """Whether what they will do is done for the customer by our side."""
    verb = MORE.match(after)
    rest = verb[1] if verb else after.strip()
    if not rest.strip() or (aux in ("should", "ought to") and MISSED.match(rest)):
        return False
    if who == "ours":
        return not STOPS.match(rest)
    if who == "you":
        simply = SIMPLY.match(after)
        return not asks and bool(simply and RECEIVES.match(simply[1]))
    if who == "other" and asks:
        return False
    if TO_YOU.match(rest):
        return True
    if who == "none":
        return not STOPS.match(rest)
    return bool(COMES.match(rest) and not ONGOING.match(rest)) or bool(COMING.match(rest))


def _progressive(no: Frame, who: str, after: str) -> Frame:
    """We are going to, are hoping to, are sending."""
    if going := GOING.match(after):
        no = replace(no, end=no.end + going.end())
        ours = who != "you" and _undertaken(who, "will", after[going.end() :], asks=False)
        return replace(no, side=Side.OURS) if ours else no
    if who == "ours" and (meaning := MEANING.match(after)):
        return replace(no, side=Side.OURS, bare=bool(meaning["bare"]))
    return replace(no, side=Side.PLAN) if who != "you" and ACTS.match(after) else no


def _meaning(no: Frame, verb: str, who: str, after: str) -> Frame | None:
    """We hope, aim, plan, work to."""
    tries = verb in ("looking", "working", "trying", "try")
    if OF_YOU.match(after):
        return None if tries else replace(no, side=Side.NOT)
    if verb == "try" or (tries and not re.match(r" (?:to|towards?)\b", after)):
        return None
    if (tries or verb in ("plan", "target", "estimate", "promise")) and who not in ("ours", "none"):
        return None
    if who == "you":
        return replace(no, side=Side.NOT)
    return replace(no, side=Side.OURS, bare=verb[:3] in ("aim", "tar", "sho", "est"))
