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
