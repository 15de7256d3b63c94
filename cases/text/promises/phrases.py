"""Phrases that tell who commits to something, as regular expressions over plain small letters."""

import re
from enum import Enum
from typing import NamedTuple

from cases.text.patterns import joined


class Side(Enum):
    """Who acts in a phrase, and whether that promises something."""

    OURS = "we will"
    PLAN = "we are sending"  # promises once, never repeatedly
    BUSY = "we are looking into"  # ours, and no promise
    WANT = "we need"  # the same; and what is spoken of is not given
    DOUBT = "it is unlikely that"
    NOT = "you said"
    IF_YOU = "once you"


class Phrase(NamedTuple):
    """Words that tell by themselves who acts. `bare` and `weak` are as of a Frame."""

    side: Side
    words: re.Pattern[str]
    bare: bool = False
    weak: bool = False


def phrase(side: Side, words: str, bare: bool = False, weak: bool = False) -> Phrase:
    return Phrase(side, re.compile(rf"(?<![\w'])(?:{joined(words)})"), bare, weak)


# What whoever acts does next: "and get back to you".
FOLLOWS = re.compile(
    joined(r"""
    (?<![\w'])(?:(?:and|then|&|or|to) (?:also |then |to )?|, (?:then )?)(?P<verb>
      update|send|let|get back|get|call|provide|keep|follow|report|share|reply|respond|notify|inform
      |contact|reach|deploy|fix|email|come back|circle|post|have|give|write|touch|revert|advise|confirm
      |roll|release|restore|resolve|be in touch|be back|investigate|look|check|push|ping|message|phone
      |ring|drop|escalate|complete|finish|ship|dispatch|replace|arrange|schedule|monitor|continue
    )(?!\w|-(?!up))(?! (?:us|me)\b)
""")
)
