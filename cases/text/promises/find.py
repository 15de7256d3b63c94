"""Promises that an agent makes in what he writes.

`find` tells for each its `phrase`: the words of its time as they stand in the text, with their preposition ("by 3 pm",
"within the hour", "every 30 minutes"), and with "ETA" or "updates" where these stand directly before; of a vague one
its time ("shortly", "as soon as we know more"), or else the words that promise ("keep you posted").

Only what our side undertakes is a promise (see undertakings); what depends on the customer ("once you have sent the
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
from .due_times import due
from .phrases import Side
from .sentences import Sentence, plain, sentences
from .times import times
from .written_time import WrittenTime

# How we speak with a customer, without saying when.
TALK = re.compile(
    joined(r"""
        (?<!\w)(?:
          (?:keep|keeping) (?:
            you(?!r)|you all|everyone
            |this (?:ticket|case|thread|page)
          )(?: (?:all|both|fully|regularly|well|closely))?(?:
            [ ](?:
              posted|updated|informed|in the loop|apprised|advised|up[ -]to[ -]date|abreast|notified
              |in the picture|up to speed
            )
          )
          |(?:
            get|come|circle|be|report|write|revert|getting|coming|reporting|loop|check
          ) (?:right |straight )?back(?: in)?(?: (?:to|with) (?:you|everyone|the ticket))?(?!
            [ ](?:to (?:us|me|normal)|up|online|on\b|with the|with our|on track|in (?:the )?office)
          )
          |be in (?:touch|contact)
          |be the first to (?:know|hear)
          |(?:stay|keep) in touch
          |reach(?:ing)? out(?: to you| with| again| once| as soon| shortly| soon| directly)
          |follow(?:ing)?[ -]up(?!
            [ ](?:with|to) (?:the|our|my|a|them|him|her|engineering|\w+ team)\b
            | on (?:your|the|this) (?:side|end)
          )
          |let(?:ting)? (?:you|everyone|all) (?:all |both )?know(?! (?:if|whether|that|how to))
          |(?:
            update|inform|notify|advise|alert|tell|message|e-?mail|ping|call|phone|ring|contact|text|brief
            |notifying|informing|updating
          ) you(?!r)(?! (?:if|that|to|of any|about any|in case)\b)
          |(?:
            provide|send|share|post|give|issue|have|bring|publish|providing|sharing|sending|posting|supply
            |offer
          )(?: (?:you|everyone))?(?: with)?(?:
            [ ](?:
              an?|the|our|my|any|more|some|further|another|regular|new|status|next|frequent|continuous
              |detailed|additional|relevant|all|of|full|ongoing|timely|periodic|progress|fresh|initial
              |complete|root|cause|final|proper|better|concrete|official|clear|clearer|definitive
            )
          ){0,5} (?:
            updates?|news|info(?:rmation)?|details|findings|answers?|responses?|feedback|results?|reply
            |progress|timelines?|time ?frame|etas?|estimates?|analysis|rca|report|clarity|summary|outcome
            |resolution|insights?
          )(?!\w)
          |update (?:this|the|your|our) (?:ticket|case|thread|status page|page|incident|request|status)
          |update (?:
            here|again|further|shortly|soon|once|as soon|when|as|with|asap|later|accordingly|everyone|all
          )
          |(?:respond|reply|answer)(?! (?:by|within|if))(?: to you)?
          |touch(?:ing)? base
          |(?:hear|hearing) (?:back |more |again )?(?:from|by) (?:
            us|me|our|the|one|a|someone|them|him|her|[a-z]+
          )
          |hear (?:more|back)
          |(?:
            receive|get|have|see|expect|receiving
          ) (?:an?|our|the|more|further|another|some) (?:\w+ )?(?:
            updates?|response|reply|answer|e-?mail|call|call-?back|notification|news|message|information
            |info|details|confirmation
          )
          |be (?:
            updated|notified|contacted|informed|called|advised
            |kept (?:informed|updated|posted|in the loop)
          )
          |give you (?:a )?(?:call|ring|shout|bell)
          |(?:drop|shoot) (?:you )?an? (?:note|line|message|mail|e-?mail|text|update|comment)
          |post (?:here|again|it here)
          |write (?:to you )?(?:again|here|when|once|as)
          |(?:confirm|revert)(?=\W*$)
          |confirm (?:here|again|once|when|as soon)
          |confirm (?:with|to) you
          |share (?:what|the (?:root|cause|reason)|whatever|anything|everything)
          |(?:advise|notify|report) (?:when|once|as|on)
          |(?:
            stay tuned|watch this space
            |(?:
              more|updates?|news|info|information|details|eta|rca|report
            ) (?:(?:info|news|details|updates?|information) )?(?:
              to (?:come|follow)|soon|shortly|later|coming|forthcoming|will follow|follows?
            )
            |(?:regular|frequent|continuous|periodic|constant) updates
          )
        )(?!\w)
    """).replace("you", "(?:you|ya|u)")
)
WHEN = re.compile(
    joined(r"""
        (?<!\w)(?:very |quite |really )?(?:
          as (?:soon|quickly|fast|promptly|early|swiftly|speedily) as (?:
            possible|we (?:possibly )?can|i (?:possibly )?can|is possible|humanly possible
          )
          |asap|a\.s\.a\.p\.?|shortly|soonest|soon(?!er)|in some ?time|momentarily|imminently|before long
          |in due (?:course|time)|in no time|in the near future
          |in a (?:
            moment|bit|while|sec(?:ond)?|mo|jiffy|minute|min|few|little while|little bit|short while
          )(?! (?:minutes|hours|days|moments|of))
          |in (?:a )?few moments|in the next while
          |at (?:the|our|my) (?:very )?(?:earliest(?! convenience)|first)(?:
            [ ](?:possible|opportunity|possible opportunity|possible moment|time)
          )*
          |when(?:ever)? (?:possible|ready|available)
          |(?:as soon as|once|when|the moment|the minute|the second|after|as|whenever) (?!
            you\b
            |your (?:
              team|side|it|admin|reply|confirmation|response|approval|payment|go-ahead|feedback|consent
              |log|document|bank|answer
            )
            |the (?:customer|client|user)|possible
            |we (?:
              receive
              |have (?:received|heard from|your|those)
              |get (?:your|those)|hear (?:back )?from you
            )
            |usual|well|per\b|promised|discussed|a\b|part|many|much|often|long|needed|necessary|required
            |requested|expected|said|of\b|for\b|to\b|that\b|i said|mentioned|late|early|an\b|our\b|normal
            |all\b|always|such|before|agreed|follows?
          )(?:[a-z0-9'/ -]{2,60})
          |later on
          |later(?! (?:than|today|this|tonight|in|on)|\w)
        )(?!\w)
    """),
)
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
HEDGED = re.compile(
    joined(r"""
        (?:about|around|roughly|probably|another|only|just|~|approx\w*|maybe) ?[\w ½.-]*$
        |\b(?:tops|max|at most)$
    """)
)
UNTIL = re.compile(r"\s*(?:until|till|before|and (?:we|it|you)|please|pls)\b")
MORE = re.compile(r"\b(?:another|more|further)\b")
THEN = re.compile(r"[^,;]{0,40}\b(?:then|afterwards|after that|at that (?:time|point))\W*$")
LEFT = re.compile(r" (?:to go|left|away|out|remaining)\b")
ONLY = re.compile(r"\s*(?:only\s|but only\s)?")
AWAITED = re.compile(r"next|eta|etr|due|expect|plan|schedul|target|estimat")
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
JOINED = re.compile(
    joined(r"""
        [\s,;/(–-]*(?:
          or|so|i\.?e\.?,?|that is|that's|meaning|most likely|probably|at worst|at the|latest|but|by
          |around|about|max|maximum|definitely|certainly|and definitely|hopefully|say
        )?[\s,:(-]*(?:so|by|definitely|certainly|hopefully|at|around|about)?\s*
    """)
)
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
    phrase: str
    due: datetime | None
    every: timedelta | None
    vague: bool
    start: int
    end: int


def find(text: str, now: datetime, zone: ZoneInfo, calendar: Calendar | None = None) -> list[Promised]:
    """The promises in a text that is written `now`; without a calendar, Monday to Friday from 9 to 17 in `zone`."""
    calendar = calendar or Calendar(zone, OFFICE.weekly)
    return [
        Promised(text[start:end], at, told.every if told else None, told is None, start, end)
        for sentence in sentences(plain(text))
        for told, start, end in _of(sentence)
        for at in [due(told, now, zone, calendar) if told else None]
        if at or not told
    ]


def _of(sentence: Sentence) -> Iterator[tuple[WrittenTime | None, int, int]]:
    told = times(sentence.text)
    if not told and not TALK.search(sentence.text) and not WHEN.search(sentence.text):
        return
    found = frames(sentence.text, sentence.asks)
    exact: list[WrittenTime] = []
    for time in told:
        if _promised(sentence.text, time, found, told):
            if exact and _same(sentence.text, exact[-1], time):
                exact[-1] = _one(exact[-1], time)
            else:
                exact.append(time)
    for time in exact:
        start, end = _named(sentence.text, time)
        yield time, sentence.start + start, sentence.start + end
    if not exact and (vague := _vague(sentence.text, found)):
        yield None, sentence.start + vague[0], sentence.start + vague[1]


def _promised(text: str, time: WrittenTime, found: list[Frame], times: list[WrittenTime]) -> bool:
    """Whether the frame that a time stands in is ours: the one before it, or for "by 3 pm we will ..." the one after."""
    after = next((frame for frame in found if frame.start >= time.end), None)
    frame = next((frame for frame in reversed(found) if frame.start <= time.start), None)
    fronted = bool(
        after
        and not (frame and frame.end > time.end)
        and not text.startswith(("please", "pls"), after.start)
        and FRONTED.search(text[: time.start][-12:])
        and OPENS.fullmatch(text, time.end, after.start)
    )
    if fronted:
        frame = after
    if (
        after and after.side is Side.OURS and THEN.match(text, after.end)
    ):  # "we open at 9 and will call you then"
        return True
    ours = (None, Side.OURS, Side.PLAN, Side.BUSY)
    if time.length and LEFT.match(text, time.end):  # "40 minutes to go"
        return (frame and frame.side) in ours or bool(frame and "," in text[frame.end : time.start])
    if time.length and frame and frame.side in ours and MORE.search(text[time.start : time.end]):
        return frame.side is Side.OURS or "," in text[frame.end : time.start]
    if frame is None:
        return _alone(text, time)
    sooner = text.endswith(("sooner", "earlier", "before"), time.start, time.end)
    if after and after.side is Side.IF_YOU and not sooner and ONLY.fullmatch(text, time.end, after.start):
        return False
    if not (time.firm or time.every or fronted or _counts(text, time, frame, times)):
        return False
    if time.every:
        end = time.end if frame.side is Side.PLAN else time.end + 40
        return frame.side in (Side.OURS, Side.PLAN) and bool(
            REPEATS.search(text[max(0, frame.start - 25) : end])
        )
    return frame.side in (Side.OURS, Side.PLAN)


def _alone(text: str, time: WrittenTime) -> bool:
    """An answer that is nothing but a time: "within the hour", "about 20 minutes"."""
    rest = text[time.end :].strip(" ,:)!-")
    hedged = HEDGED.search(text[: time.end])
    ends = not rest or (time.length and UNTIL.match(rest) and not time.firm)
    if time.every or "?" in text or not ends or not ALONE.fullmatch(text[: time.start]):
        return False
    if time.length:
        return time.firm or bool(hedged) or rest.startswith(("please", "pls"))
    return time.firm and bool(
        re.search(r"^(?:in|no|later than)|\b(?:by|within|before|latest)\b", text[time.start : time.end])
    )


def _counts(text: str, time: WrittenTime, frame: Frame, times: list[WrittenTime]) -> bool:
    """Whether a time without "in" or "by" tells when: "ETA 20 minutes", "next update: 15:00", "call you Monday"."""
    gap = text[frame.end : time.start]
    near = not gap.strip(" :~@(-")
    if (
        time.clock
        and not time.day
        and frame.weak
        and not gap.strip()
        and not AWAITED.search(text[frame.start : frame.end])
    ):
        return False  # "update 14:00" is a heading
    first = not any(frame.end <= other.start < time.start for other in times)
    if first and len(gap) <= 45 and (frame.bare or (frame.weak and near)):
        return True
    if time.clock and re.match(r"\s*(?:$|instead\b|[,;.!)-])", text[time.end :]):
        return near or bool(re.search(r"\d\s?[ap]m|:", text[time.start : time.end])) or bool(time.day)
    return bool(time.day)


def _same(text: str, first: WrittenTime, second: WrittenTime) -> bool:
    if first.every or second.every:
        return False
    between = text[: first.start].endswith("between ") and text[first.end : second.start] == " and "
    return between or bool(JOINED.fullmatch(text, first.end, second.start))


def _one(first: WrittenTime, second: WrittenTime) -> WrittenTime:
    """Of two times for the same thing, the second, which corrects the first; both words are its phrase."""
    return replace(second, start=first.start)


def _named(text: str, time: WrittenTime) -> tuple[int, int]:
    before = NAMES.search(text[max(0, time.start - 60) : time.start])
    if before and not time.every and not re.search(r"\b(?:eta|etr|next)\b", before[0]):
        before = None
    start = (
        time.start - len(before[0])
        if before and (not before.start() or not text[time.start - len(before[0]) - 1].isalnum())
        else time.start
    )
    end = time.end
    if time.every and (
        after := re.match(r"\ (?:\w+\ )?(?:updates?|reports?|calls?|summar(?:y|ies))(?!\w)", text[end:])
    ):
        end += after.end()
    if "(" in text[start:end] and text[end : end + 1] == ")":
        end += 1
    piece = text[start:end]
    end -= len(piece) - len(piece.rstrip(" (,-:"))
    start += len(piece) - len(piece.lstrip())
    return start, end


def _vague(text: str, found: list[Frame]) -> tuple[int, int] | None:
    """Where our side undertakes something and does not say when, or says it vaguely."""
    talk = None
    for at, frame in enumerate(found):
        if frame.side is not Side.OURS:
            continue
        after = found[at + 1] if at + 1 < len(found) else None
        end = after.start if after and after.side is not Side.OURS else len(text)
        if (
            after
            and after.side is Side.IF_YOU
            and len(text[frame.end : after.start]) < 60
            and "," not in text[frame.end : after.start]
        ):
            continue
        piece = TALK.search(text, frame.start, end)
        when = WHEN.search(
            text, frame.end if not frame.weak else frame.start, max(end, len(text) if piece else end)
        )
        if when and (piece or not frame.weak or re.match(r"\W*$", text[when.end() :])):
            return when.start(), when.end() - (len(when[0]) - len(when[0].rstrip()))
        talk = talk or piece
    return (talk.start(), talk.end()) if talk else None
