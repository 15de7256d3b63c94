"""Who undertakes to do something, and where in a sentence.

A sentence is cut into frames: each begins where somebody does something, and holds until the next. What is said in a
frame of ours ("we will ...", "you will hear ...", "ETA") is promised; in another ("please ...", "you said ...",
"the job runs ...") it is not.
"""

import re
from dataclasses import replace

from .clauses import Frame, clauses
from .phrases import FOLLOWS, NAMED, Side

TO_YOU = re.compile(r"[^,;]{0,25}\byou\b(?! (?:to|can|should|will|need|have)\b)")


# "I've asked Dan to call you"
ASKED = re.compile(r"\b(?:asked|told|instructed|requested|arranged|got)(?! (?:you|your|me|us)\b)[^,;]{2,40}$")
BEGINS = re.compile(r"(?:^|[,;:()\n!-]|\b(?:and|but|so|or|then|that|also|again|however))\s*$")
SUBORDINATE = re.compile(
    r"\b(?:as|once|when|the moment|after|until)(?: we| i)? $"
)  # "as soon as we know more"
POLITE = re.compile(r"please|let|feel|don't hes|do not hes")


def frames(sentence: str, asks: bool) -> list[Frame]:
    """All of the sentence, in its order."""
    found = [
        Frame(match.start(), match.end(), named.side, named.bare, named.weak)
        for named in NAMED
        for match in named.words.finditer(sentence)
    ]
    found += clauses(sentence, asks)
    found += [
        Frame(match.start(), match.end(), Side.NOT, follows=True) for match in FOLLOWS.finditer(sentence)
    ]
    found.sort(key=lambda frame: (frame.start, frame.weak, -frame.end))
    return _settled(sentence, found)


def _settled(sentence: str, found: list[Frame]) -> list[Frame]:
    """Each with its last word on whose it is, after those before it."""
    done: list[Frame] = []
    depends = False  # the next promise, on what the customer does: "once you send it, we'll look"
    for frame in found:
        last = done[-1] if done else None
        if (
            frame.side in (Side.WANT, Side.BUSY)
            and last
            and last.side is Side.OURS
            and SUBORDINATE.search(sentence[: frame.start])
        ):
            continue
        if last and frame.start < last.end and not (frame.bare and not last.bare):
            continue
        between = sentence[last.end : frame.start] if last else ""
        if frame.follows:
            if not last:
                continue
            frame = replace(frame, side=_following(sentence, frame, last, done))
        elif frame.weak and last and last.side in (Side.NOT, Side.IF_YOU, Side.WANT):
            if last.side is Side.IF_YOU or not re.search(r"[,;:()\n!]|-\s*$", between):
                continue
        elif depends and frame.side in (Side.OURS, Side.PLAN):
            frame = replace(frame, side=Side.IF_YOU)
            depends = False
        elif last and last.side is Side.DOUBT and not re.search(r"[,;]|\bbut\b", between):
            frame = replace(frame, side=Side.NOT)
        if frame.side is Side.IF_YOU and not frame.follows and not depends:
            depends = bool(BEGINS.search(sentence[: frame.start][-12:])) and frame.end < len(sentence)
        elif frame.side is Side.NOT and not frame.follows:
            depends = depends and not POLITE.match(sentence, frame.start)
        done.append(frame)
    return done


def _following(sentence: str, frame: Frame, last: Frame, done: list[Frame]) -> Side:
    """Whoever acted before, acts on; but what is done "to you", is done by us."""
    if (
        last.side is not Side.IF_YOU
        and (not sentence.startswith("to ", frame.start) or ASKED.search(sentence[last.start : frame.start]))
        and TO_YOU.match(sentence, frame.end)
    ):
        ours = any(other.side in (Side.OURS, Side.PLAN, Side.BUSY, Side.WANT) for other in done)
    else:
        ours = last.side in (Side.OURS, Side.PLAN)
    return Side.OURS if ours else last.side
