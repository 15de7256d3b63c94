"""Who commits to something, and where in a sentence.

A sentence is cut into frames: each begins where somebody acts, and holds until the next. What is said in a frame of
ours ("we will ...", "you will hear ...", "ETA") is promised; in another ("please ...", "you said ...", "the job
runs ...") it is not.
"""

import re
from dataclasses import replace

from .clauses import Frame, clauses
from .other_phrases import OTHER_PHRASES
from .our_phrases import OUR_PHRASES
from .phrases import FOLLOWS, Side

PHRASES = (*OUR_PHRASES, *OTHER_PHRASES)
TO_YOU = re.compile(r"[^,;]{0,25}\byou\b(?! (?:to|can|should|will|need|have)\b)")
# "I've asked Dan to call you"
ASKED = re.compile(r"\b(?:asked|told|instructed|requested|arranged|got)(?! (?:you|your|me|us)\b)[^,;]{2,40}$")
BEGINS = re.compile(r"(?:^|[,;:()\n!-]|\b(?:and|but|so|or|then|that|also|again|however))\s*$")
# "as soon as we know more"
SUBORDINATE = re.compile(r"\b(?:as|once|when|the moment|after|until)(?: we| i)? $")
POLITE = re.compile(r"please|let|feel|don't hes|do not hes")


def frames(sentence: str, asks: bool) -> list[Frame]:
    """Return the frames of a sentence, in its order."""
    frames = [
        Frame(match.start(), match.end(), phrase.side, phrase.bare, phrase.weak)
        for phrase in PHRASES
        for match in phrase.words.finditer(sentence)
    ]
    frames += clauses(sentence, asks)
    frames += [
        Frame(match.start(), match.end(), Side.NOT, follows=True) for match in FOLLOWS.finditer(sentence)
    ]
    frames.sort(key=lambda frame: (frame.start, frame.weak, -frame.end))
    return _settled(sentence, frames)


def _settled(sentence: str, frames: list[Frame]) -> list[Frame]:
    """Return the frames with their sides as those before them leave them; what a frame covers falls away."""
    settled: list[Frame] = []
    depends = False  # the next promise, on what the customer does: "once you send it, we'll look"
    for frame in frames:
        last = settled[-1] if settled else None
        if last and _falls_away(sentence, frame, last):
            continue
        between = sentence[last.end : frame.start] if last else ""
        if frame.follows:
            if not last:
                continue
            frame = replace(frame, side=_following(sentence, frame, last, settled))
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
        settled.append(frame)
    return settled


def _falls_away(sentence: str, frame: Frame, last: Frame) -> bool:
    """Whether the frame is a part of the last one: of its words, or of its clause ("as soon as we know more")."""
    if (
        frame.side in (Side.WANT, Side.BUSY)
        and last.side is Side.OURS
        and SUBORDINATE.search(sentence[: frame.start])
    ):
        return True
    return frame.start < last.end and not (frame.bare and not last.bare)


def _following(sentence: str, frame: Frame, last: Frame, settled: list[Frame]) -> Side:
    """Return who acts next: whoever acted before; but what is done "to you", is done by us."""
    if (
        last.side is not Side.IF_YOU
        and (not sentence.startswith("to ", frame.start) or ASKED.search(sentence[last.start : frame.start]))
        and TO_YOU.match(sentence, frame.end)
    ):
        is_ours = any(other.side in (Side.OURS, Side.PLAN, Side.BUSY, Side.WANT) for other in settled)
    else:
        is_ours = last.side in (Side.OURS, Side.PLAN)
    return Side.OURS if is_ours else last.side
