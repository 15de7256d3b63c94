"""Promises that say no time, or say it vaguely: "we'll keep you posted", "we'll call you shortly"."""

import re

from cases.text.patterns import joined

from .clauses import Frame
from .phrases import Side

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
# When, said vaguely.
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


def may_be_vague(text: str) -> bool:
    """Whether a sentence has words of a vague promise, be it one or not."""
    return bool(TALK.search(text) or WHEN.search(text))


def vague_phrase(text: str, frames: list[Frame]) -> tuple[int, int] | None:
    """Return where our side commits itself without a time: the vague time if there is one, else the promise."""
    talk = None
    for at, frame in enumerate(frames):
        if frame.side is not Side.OURS:
            continue
        after = frames[at + 1] if at + 1 < len(frames) else None
        if after and _depends_on_customer(text, frame, after):
            continue
        end = after.start if after and after.side is not Side.OURS else len(text)
        piece = TALK.search(text, frame.start, end)
        start = frame.start if frame.weak else frame.end
        when = WHEN.search(text, start, max(end, len(text) if piece else end))
        if when and (piece or not frame.weak or re.match(r"\W*$", text[when.end() :])):
            return when.start(), when.end() - (len(when[0]) - len(when[0].rstrip()))
        talk = talk or piece
    return (talk.start(), talk.end()) if talk else None


def _depends_on_customer(text: str, frame: Frame, after: Frame) -> bool:
    """Whether the next frame says so: "we'll look at it once you have sent the log"."""
    between = text[frame.end : after.start]
    return after.side is Side.IF_YOU and len(between) < 60 and "," not in between
