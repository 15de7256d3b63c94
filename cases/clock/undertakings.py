"""Who undertakes to do something, and where in a sentence.

A sentence is cut into frames: each begins where somebody does something, and holds until the next. What is said in a
frame of ours ("we will ...", "you will hear ...", "ETA") is promised; in another ("please ...", "you said ...",
"the job runs ...") it is not.
"""

import re
from dataclasses import dataclass, replace

from .phrases import (
    ACTING,
    ADVERBS,
    CUSTOMER,
    DELIVER,
    DUE,
    FOLLOWS,
    HAPPENS,
    NAMED,
    RECEIVE,
    STOP,
    TEAM,
    Side,
)
from .times import LENGTH_AHEAD


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


Q = r"(?:you|we|i|they|it|he|she|this|that|these|there|someone|anyone|somebody|anybody|the|your|our|my)"
CLAUSE = re.compile(r"[,;:()\n!?-]|\b(?:and|but|so|or|then|because|while|if|as|when|though|although|where)\b")
FINITE = re.compile(
    r"""(?<![\w'])(?:
      (?P<word>[a-z]+)(?P<short>'ll|'re|'m|'ve|'d|'s)(?P<no2>\ (?:not|never)\b)?
     |(?P<typo>ill|well|youll|im|were|weve|ive)(?=\ (?:keep|update|get|let|be|have|send|follow|call|check|look|reach|post|provide|hear|receive|going|aiming|hoping|expecting|planning|sending)\b)
     |(?P<no>won't|wont|can't|cant|cannot|couldn't|shouldn't|wouldn't|don't|dont|doesn't|didn't|isn't|aren't|wasn't|weren't|haven't|hasn't|hadn't|mustn't|never|unable\ to|not\ able\ to|(?:will|would|can|could|should|may|might|do|does|did|is|are|am|was|were|have|has|had)\ (?:not|never|no\ longer))
     |(?P<aux>will|wil|shall|should|can|could|may|might|would|must|is|are|am|was|were|has|have|had|do|does|did|gonna|going\ to)
     |(?P<mean>hope|hopes|aim|aims|plan|plans|expect|expects|intend|intends|anticipate|promise|guarantee|commit|estimate|estimates|target|strive|endeavou?r|undertake|reckon|hoping|aiming|planning|expecting|targeting|anticipating|estimating|shooting|trying|looking|working|try)
     )(?!\w|')""",
    re.VERBOSE,
)

TO_YOU = re.compile(r"[^,;]{0,25}\byou\b(?! (?:to|can|should|will|need|have)\b)")


def frames(sentence: str, asks: bool) -> list[Frame]:
    """All of the sentence, in its order."""
    found = [
        Frame(match.start(), match.end(), named.side, named.bare, named.weak)
        for named in NAMED
        for match in named.words.finditer(sentence)
    ]
    found += [frame for match in FINITE.finditer(sentence) if (frame := _finite(sentence, match, asks))]
    found += [
        Frame(match.start(), match.end(), Side.NOT, follows=True) for match in FOLLOWS.finditer(sentence)
    ]
    found.sort(key=lambda frame: (frame.start, frame.weak, -frame.end))
    return _settled(sentence, found)


def _settled(sentence: str, found: list[Frame]) -> list[Frame]:
    """Each with its last word on whose it is, after those before it."""
    done: list[Frame] = []
    swallow = False
    for frame in found:
        last = done[-1] if done else None
        if last and frame.start < last.end and not (frame.bare and not last.bare):
            continue
        if frame.follows:
            if not last:
                continue
            ours = last.side in (Side.OURS, Side.PLAN)
            if (
                last.side is not Side.IF_YOU
                and not sentence.startswith("to ", frame.start)
                and TO_YOU.match(sentence, frame.end)
            ):  # nobody but us
                ours = any(other.side in (Side.OURS, Side.PLAN, Side.BUSY, Side.WANT) for other in done)
            frame = replace(frame, side=Side.OURS if ours else last.side)
        elif frame.weak and last and last.side in (Side.NOT, Side.IF_YOU, Side.WANT):
            between = sentence[last.end : frame.start]
            if not re.search(r"[,;:()\n!-]\s*$|[,;:(\n!]", between) or last.side is Side.IF_YOU:
                continue
        elif swallow and frame.side in (Side.OURS, Side.PLAN):
            frame = replace(frame, side=Side.IF_YOU)
            swallow = False
        elif (
            last
            and last.side is Side.DOUBT
            and not re.search(r"[,;]|\bbut\b", sentence[last.end : frame.start])
        ):
            frame = replace(frame, side=Side.NOT)
        if frame.side is Side.IF_YOU and not frame.follows and not swallow:
            swallow = bool(
                re.search(
                    r"(?:^|[,;:()\n!-]|\b(?:and|but|so|or|then|that|also|again|however))\s*$",
                    sentence[: frame.start][-12:],
                )
            ) and frame.end < len(sentence)
        elif frame.side is Side.NOT and not frame.follows:
            swallow = swallow and not re.match(
                r"(?:please|let|feel|don't hes|do not hes)", sentence[frame.start :][:10]
            )
        done.append(frame)
    return done


WAS = re.compile(r"\b(?:was|were|not) $")


def _finite(sentence: str, match: re.Match[str], asks: bool) -> Frame | None:
    after = sentence[match.end() : match.end() + 90]
    before = sentence[max(0, match.start() - 60) : match.start()]
    if WAS.search(before) and match["aux"] == "going to":
        return Frame(match.start(), match.end(), Side.NOT)
    if match["aux"] and not re.match(r" ?[\w~]", after):
        return None
    subject = CLAUSE.split(before)[-1].strip()
    word = match["word"] or ""
    aux = match["aux"] or {
        "'ll": "will",
        "'re": "are",
        "'m": "am",
        "'ve": "have",
        "'d": "would",
        "'s": "is",
    }.get(match["short"] or "", "")
    if match["typo"]:
        word, aux = {
            "ill": ("i", "will"),
            "well": ("we", "will"),
            "youll": ("you", "will"),
            "im": ("i", "am"),
            "were": ("we", "are"),
            "weve": ("we", "have"),
            "ive": ("i", "have"),
        }[match["typo"]]
    if word:
        subject = f"{subject} {word}".strip()
    who = _who(subject)
    asks = asks and not ASIDE.search(sentence, match.end())
    frame = Frame(match.start(), match.end(), Side.NOT)
    if (
        match["aux"]
        and re.match(rf" {Q}\b", after)
        and aux not in ("gonna", "going to")
        and (not subject or re.search(r"\b(?:when|what|how|where|why|which|who)$", subject))
    ):
        return frame
    if match["no"] or match["no2"]:
        verb = re.match(
            r"(?: \w+){0,2}? (?:expect|plan|promise|anticipate|intend|guarantee|estimate|hope|aim|target|commit)\w*",
            after,
        )
        return replace(frame, end=frame.end + verb.end()) if verb else frame
    if who == "ours" and aux not in ("could", "may", "might", "would", "must", "did", "was", "were", "had"):
        frame = replace(frame, side=Side.BUSY)
    yes = replace(frame, side=Side.OURS)
    if match["mean"]:
        return _meaning(yes, match["mean"], who, after, before)
    if (
        aux == "is"
        and re.search(r"\b(?:goal|aim|plan|intention|target|hope|objective|idea)$", subject)
        and re.match(r"(?: still| now)? to ", after)
    ):
        return yes
    if aux in ("am", "are", "is", "have", "has", "was") and (due := re.match(DUE, after)):
        ours = who != "you" and not re.search(
            r"\b(?:your|payments?|invoices?|maintenance|subscription|trial|bill|audit|window)\b", subject
        )
        return replace(yes if ours else frame, end=match.end() + due.end())
    if aux in ("will", "wil", "shall", "going to", "gonna", "should"):
        takes = re.match(
            rf"{ADVERBS}{{0,3}} (?:take|need|be)(?: us| me)?(?: (?:only|just|about|around|roughly|approximately|another|up to|less than|at least|maybe|probably))* (?={LENGTH_AHEAD})",
            after,
        )
        if takes and who != "you":
            return replace(yes, bare=True)
        return (
            yes
            if _undertaken(who if aux != "should" or who != "none" else "other", aux, after, asks)
            else frame
        )
    if aux in ("have", "do") and not re.search(r"(?:^|\b(?:i|we|you|they|who|that|which|\w+s))$", subject):
        return None
    if aux == "can":
        return (
            yes
            if who in ("ours", "you")
            and not asks
            and re.match(rf"{ADVERBS}{{0,2}} (?:{DELIVER if who == 'ours' else 'expect'})\b", after)
            else frame
        )
    if aux in ("am", "are", "is"):
        return _progressive(frame, who, after)
    if (
        aux in ("have", "has")
        and who == "ours"
        and re.match(
            r" (?:also |now |already |provisionally )?(?:scheduled|planned|booked|arranged|set up|lined up|pencilled|slated|committed)\b",
            after,
        )
    ):
        return yes
    return frame


# A question at the end of a statement: "we'll call at 10, is that fine?"
ASIDE = re.compile(
    r"[,;:-] ?(?:and |so |but )?(?:can|could|would|will|is|are|do|does|did|shall|ok|okay|alright|right|please|what|which|how|any|if|sound)\b"
)


def _who(subject: str) -> str:
    last = subject.rsplit(" ", 1)[-1]
    words = re.sub(r"(?: (?:also|then|now|all|both|still|just|\w+ly))+$", "", subject)
    last = words.rsplit(" ", 1)[-1] if words else ""
    if last in ("i", "we"):
        return "ours"
    if last in ("that", "which", "who"):
        return "other"
    if last == "you" and not re.search(r"(?:for|to|with|by|from|at|near|like) you$", words):
        return "you"
    if not words or words in ("and", "but", "so", "then"):
        return "none"
    if re.search(rf"\b{CUSTOMER}(?: \w+)?$", words):
        return "you"
    if re.search(rf"\b{TEAM}\b|\bone of (?:us|our|my)\b|\b(?:our|my) \w+(?: \w+)?$", words) and last not in (
        "it",
        "this",
        "that",
        "they",
        "which",
    ):
        return "ours"
    return "other"


def _undertaken(who: str, aux: str, after: str, asks: bool) -> bool:
    verb = re.match(rf"{ADVERBS}{{0,4}} (.*)", after, re.DOTALL)
    rest = verb[1] if verb else after.strip()
    if not rest.strip() or (
        re.match(r"have (?:\w+ed|been|seen|sent|got|done|gone|heard|had|made|told)\b", rest)
        and aux == "should"
    ):
        return False
    if who == "ours":
        return not re.match(STOP, rest)
    if who == "you":
        rest = re.sub(r"^(?: \w+ly| then| also| now| soon)? ", "", after)
        return not asks and bool(re.match(RECEIVE + r"\b", rest))
    if who == "other" and asks:
        return False
    if re.match(r"[a-z ]{2,20} you\b(?! to\b)", rest):
        return True
    if who == "none":
        return not re.match(STOP, rest)
    return (bool(re.match(HAPPENS, rest)) and not re.match(r"be \w+ing\b", rest)) or bool(
        re.match(
            r"be (?:working|running|sending|calling|coming|arriving|reaching|contacting|getting|looking|rolling|releasing|deploying)\b",
            rest,
        )
    )


def _progressive(frame: Frame, who: str, after: str) -> Frame:
    rest = re.sub(rf"^{ADVERBS}{{1,3}}(?= )", "", after)
    if re.match(r" (?:going to|gonna|about to)\b", rest):
        going = re.match(r"(?: \w+)*? (?:going to|gonna|about to)\b", after)
        frame = replace(frame, end=frame.end + (going.end() if going else 0))
        ours = who in ("ours", "other", "none") and _undertaken(
            who, "will", re.sub(r"^ (?:going to|gonna|about to)", "", rest), False
        )
        return replace(frame, side=Side.OURS) if ours else frame
    if who == "ours" and re.match(
        r" (?:aiming|hoping|planning|expecting|targeting|looking (?:to|at (?:a|an|about|around|\d))|trying to|working (?:to|towards?|on (?:having|getting|a fix))|shooting for|anticipating|committed to|confident|due to|scheduled|set to|on track|estimating|pushing to)\b(?! you )(?! your )",
        rest,
    ):
        return replace(frame, side=Side.OURS, bare=bool(re.match(r" (?:target|aim|look|shoot)", rest)))
    if who != "you" and re.match(rf" {ACTING}\b", rest):
        return replace(frame, side=Side.PLAN)
    return frame


def _meaning(yes: Frame, verb: str, who: str, after: str, before: str) -> Frame | None:
    """We hope, aim, plan."""
    if re.match(r" (?:you|your|that you|to hear|from you)\b", after) or re.match(
        r" (?:into|forward|on\b(?! having| getting)|with\b|fine|again)", after
    ):
        return None if verb in ("looking", "working", "try", "trying") else replace(yes, side=Side.NOT)
    if verb in ("looking", "working", "trying", "try") and not re.match(r" (?:to|towards?)\b", after):
        return None
    if verb in ("working", "trying", "looking", "plan", "target", "estimate", "promise") and who not in (
        "ours",
        "none",
    ):
        return None
    if who == "you":
        return replace(yes, side=Side.NOT)
    if verb == "try":
        return None
    return replace(yes, bare=verb[:3] in ("aim", "tar", "sho", "est"))
