"""Promises that an agent makes in what they write.

The `phrase` of a promise holds the words of its time as they stand in the text, with their preposition ("by 3 pm",
"within the hour", "every 30 minutes"), and with "ETA" or "updates" where these stand directly before. The phrase of a
vague promise is its time ("shortly", "as soon as we know more"), or else the words that promise ("keep you posted").

Only what our side commits to is a promise (see commitments); what depends on the customer ("once you have sent the
log, we'll look at it within the hour") is none yet. In one sentence, a time makes the vague words beside it exact.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cases.clock.calendar import OFFICE, Calendar
from cases.text.patterns import joined

from .clauses import Frame
from .commitments import frames
from .due_times import due_time
from .phrases import Side
from .sentences import Sentence, plain, sentences
from .times import times
from .vague import may_be_vague, vague_phrase
from .written_time import WrittenTime

# What may stand before a time that is an answer by itself.
ALONE = re.compile(
    joined(r"""
        [\s,:(>•+&~-]*(?:
          (?:
            about|around|roughly|another|only|just|i think|maybe|hopefully|probably|likely|most likely
            |should be|looks like|ready|done|fixed|sorted|all|and|so|ok|sure|yes|yep|yeah|no problem|np
            |definitely|hi|hello
          )[\s,:-]+
        ){0,3}$
    """)
)
# "about 20 minutes", "20 minutes tops"
HEDGED = re.compile(
    joined(r"""
        (?:about|around|roughly|probably|another|only|just|~|approx\w*|maybe) ?[\w ½.-]*$
        |\b(?:tops|max|at most)$
    """)
)
# What may follow it: "20 minutes until we are back".
UNTIL = re.compile(r"\s*(?:until|till|before|and (?:we|it|you)|please|pls)\b")
# "another 20 minutes", "20 minutes to go"
MORE = re.compile(r"\b(?:another|more|further)\b")
# "we open at 9 and will call you then"
THEN = re.compile(r"[^,;]{0,40}\b(?:then|afterwards|after that|at that (?:time|point))\W*$")
LEFT = re.compile(r" (?:to go|left|away|out|remaining)\b")
ONLY = re.compile(r"\s*(?:only\s|but only\s)?")
# Words after which a bare hour is no heading: "next update 14:00".
AWAITED = re.compile(r"next|eta|etr|due|expect|plan|schedul|target|estimat")
# What stands around a time at the front: "by 3 pm we will ...".
FRONTED = re.compile(r"(?:^|[,;:()\n!-]|(?<!\w)(?:and|but|so|then|that|hopefully|or|also))\s*$")
OPENS = re.compile(
    joined(r"""
        [\s,:-]{1,3}(?:
          (?:
            at the latest|hopefully|then|and|so|the|our|my|a|an|one|of|someone|from|all|everything|it|this
            |that|there|things|you|your|[a-z]+
          )[\s,]+
        ){0,4}$
    """)
)
# Between two times for the same thing: "today or tomorrow", "shortly, by 3 pm at the latest".
JOINED = re.compile(
    joined(r"""
        [\s,;/(–-]*(?:
          or|so|i\.?e\.?,?|that is|that's|meaning|most likely|probably|at worst|at the|latest|but|by
          |around|about|max|maximum|definitely|certainly|and definitely|hopefully|say
        )?[\s,:(-]*(?:so|by|definitely|certainly|hopefully|at|around|about)?\s*
    """)
)
# What belongs to the phrase before the time: "ETA is", "next update at".
NAMES = re.compile(
    joined(r"""
        (?:
          (?:(?:more|regular|next|status|progress|further|hourly|daily) )*(?:updates|(?<=next )update)
          |(?:current |estimated |the |our |new )*(?:eta|etr)(?:
            [ ](?:for|to|of|on) (?:the |a |this |full |complete )*\w+
          )?
        )(?:
          [ ](?:
            is|are|will be|now|still|about|around|approximately|roughly|currently|provided|sent|posted|due
            |at|in|of|likely|probably|within|remains|at around
          )
        )*[\s:~=(-]*$
    """),
)
# A time that says until when.
LIMIT = re.compile(r"^(?:in|no|later than)|\b(?:by|within|before|latest)\b")
UPDATES = re.compile(r" (?:\w+ )?(?:updates?|reports?|calls?|summar(?:y|ies))(?!\w)")
# Words of what is promised again and again.
REPEATS = re.compile(
    joined(r"""
        \b(?:
          updat\w*|posted|inform\w*|loop|you|check\w*|call\w*|report\w*|touch|progress|status|email\w*
          |write|ping|messag\w*|notif\w*|notes?|contact\w*|sync|provid\w*|shar\w*|send\w*|post\w*
          |monitor\w*|brief\w*|follow\w*|reply|respond|comms|every\w+
        )\b
    """)
)


@dataclass(frozen=True)
class Promised:
    """A promise in a text."""

    phrase: str
    due: datetime | None  # None of a vague one
    every: timedelta | None
    vague: bool
    start: int
    end: int


def find(text: str, now: datetime, zone: ZoneInfo, calendar: Calendar | None = None) -> list[Promised]:
    """Return the promises of a text written `now`, in its order, each with its phrase and due time.

    Without a calendar, business hours are Monday to Friday from 9 to 17 in `zone`.
    """
    calendar = calendar or Calendar(zone, OFFICE.weekly)
    return [
        Promised(text[start:end], due, time.every if time else None, time is None, start, end)
        for sentence in sentences(plain(text))
        for time, start, end in _in_sentence(sentence)
        for due in [due_time(time, now, zone, calendar) if time else None]
        if due or not time
    ]


def may_promise(text: str) -> bool:
    """Whether `find` may find something in the text, whatever the calendar."""
    return any(True for sentence in sentences(plain(text)) for _ in _in_sentence(sentence))


def _in_sentence(sentence: Sentence) -> Iterator[tuple[WrittenTime | None, int, int]]:
    """Yield the time of each promise, None for a vague one, and where its phrase stands in the text."""
    text = sentence.text
    written = times(text)
    if not written and not may_be_vague(text):
        return
    parts = frames(text, sentence.asks)
    promised: list[WrittenTime] = []
    for time in written:
        if _is_promised(text, time, parts, written):
            if promised and _is_same(text, promised[-1], time):
                # The second corrects the first; the words of both are its phrase.
                promised[-1] = replace(time, start=promised[-1].start)
            else:
                promised.append(time)
    for time in promised:
        start, end = _phrase(text, time)
        yield time, sentence.start + start, sentence.start + end
    if not promised and (vague := vague_phrase(text, parts)):
        yield None, sentence.start + vague[0], sentence.start + vague[1]


def _is_promised(text: str, time: WrittenTime, frames: list[Frame], times: list[WrittenTime]) -> bool:
    """Whether the frame of a time is ours: the one before it, or for "by 3 pm we will ..." the one after."""
    after = next((frame for frame in frames if frame.start >= time.end), None)
    frame = next((frame for frame in reversed(frames) if frame.start <= time.start), None)
    is_fronted = bool(after and not (frame and frame.end > time.end) and _is_fronted(text, time, after))
    if is_fronted:
        frame = after
    if after and after.side is Side.OURS and THEN.match(text, after.end):
        return True
    if time.length and (is_left := _is_time_left(text, time, frame)) is not None:
        return is_left
    if frame is None:
        return _is_answer(text, time)
    if after and _is_for_customer(text, time, after):
        return False
    if not (time.firm or time.every or is_fronted or _counts(text, time, frame, times)):
        return False
    if frame.side not in (Side.OURS, Side.PLAN):
        return False
    return not time.every or _is_repeated(text, time, frame)


def _is_fronted(text: str, time: WrittenTime, after: Frame) -> bool:
    """Whether a time belongs to the frame after it: "by 3 pm we will ..."."""
    return bool(
        not text.startswith(("please", "pls"), after.start)
        and FRONTED.search(text[: time.start][-12:])
        and OPENS.fullmatch(text, time.end, after.start)
    )


def _is_time_left(text: str, time: WrittenTime, frame: Frame | None) -> bool | None:
    """Whether we promise "40 minutes to go", or "another 40 minutes"; None if it is neither."""
    is_ours = frame is None or frame.side in (Side.OURS, Side.PLAN, Side.BUSY)
    is_apart = bool(frame and "," in text[frame.end : time.start])
    if LEFT.match(text, time.end):
        return is_ours or is_apart
    if frame and is_ours and MORE.search(text[time.start : time.end]):
        return frame.side is Side.OURS or is_apart
    return None


def _is_answer(text: str, time: WrittenTime) -> bool:
    """Whether the text is nothing but a time: "within the hour", "about 20 minutes"."""
    rest = text[time.end :].strip(" ,:)!-")
    is_hedged = HEDGED.search(text[: time.end])
    is_end = not rest or (time.length and UNTIL.match(rest) and not time.firm)
    if time.every or "?" in text or not is_end or not ALONE.fullmatch(text[: time.start]):
        return False
    if time.length:
        return time.firm or bool(is_hedged) or rest.startswith(("please", "pls"))
    return time.firm and bool(LIMIT.search(text[time.start : time.end]))


def _is_for_customer(text: str, time: WrittenTime, after: Frame) -> bool:
    """Whether the time is of what the customer does: "within 2 days once you confirm"."""
    is_sooner = text.endswith(("sooner", "earlier", "before"), time.start, time.end)
    return after.side is Side.IF_YOU and not is_sooner and bool(ONLY.fullmatch(text, time.end, after.start))


def _is_repeated(text: str, time: WrittenTime, frame: Frame) -> bool:
    """Whether it is us who do something again and again: "we'll update you every hour"."""
    end = time.end if frame.side is Side.PLAN else time.end + 40
    return bool(REPEATS.search(text[max(0, frame.start - 25) : end]))


def _counts(text: str, time: WrittenTime, frame: Frame, times: list[WrittenTime]) -> bool:
    """Whether a time without "in" or "by" tells when: "ETA 20 minutes", "next update: 15:00", "call you Monday"."""
    gap = text[frame.end : time.start]
    is_near = not gap.strip(" :~@(-")
    if (
        time.clock
        and not time.day
        and frame.weak
        and not gap.strip()
        and not AWAITED.search(text[frame.start : frame.end])
    ):
        return False  # "update 14:00" is a heading
    is_first = not any(frame.end <= other.start < time.start for other in times)
    if is_first and len(gap) <= 45 and (frame.bare or (frame.weak and is_near)):
        return True
    if time.clock and re.match(r"\s*(?:$|instead\b|[,;.!)-])", text[time.end :]):
        return is_near or bool(re.search(r"\d\s?[ap]m|:", text[time.start : time.end])) or bool(time.day)
    return bool(time.day)


def _is_same(text: str, first: WrittenTime, second: WrittenTime) -> bool:
    """Whether two times are for the same thing: "today or tomorrow", "between Monday and Friday"."""
    if first.every or second.every:
        return False
    is_between = text[: first.start].endswith("between ") and text[first.end : second.start] == " and "
    return is_between or bool(JOINED.fullmatch(text, first.end, second.start))


def _phrase(text: str, time: WrittenTime) -> tuple[int, int]:
    """Return where the phrase of a promise begins and ends: with "ETA" before it, "updates" after it."""
    start = time.start - _length_of_name(text, time)
    end = time.end
    if time.every and (after := UPDATES.match(text[end:])):
        end += after.end()
    if "(" in text[start:end] and text[end : end + 1] == ")":
        end += 1
    piece = text[start:end]
    end -= len(piece) - len(piece.rstrip(" (,-:"))
    start += len(piece) - len(piece.lstrip())
    return start, end


def _length_of_name(text: str, time: WrittenTime) -> int:
    """Return how many characters before the time name what it is of: "next update at"."""
    name = NAMES.search(text[max(0, time.start - 60) : time.start])
    if not name or (not time.every and not re.search(r"\b(?:eta|etr|next)\b", name[0])):
        return 0
    length = len(name[0])
    return length if not name.start() or not text[time.start - length - 1].isalnum() else 0
