"""An agent's own sentences: without what is quoted, pasted or code.

Every step keeps the length of the text, so that places in the result are places in the text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cases.text.patterns import joined

PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-",
        "—": "-", "‑": "-", "−": "-", "*": " ", "_": " ", "\t": " ", "\u00a0": " ", "\u202f": " ",
        "\u200b": " ", "\r": "\n", "|": ":",
    }
)  # fmt: skip

# From here to the end of the text, or of the paragraph, or of the line, others speak.
REST = re.compile(
    joined(r"""
        ^(?:
          -{2,} ?(?:original|forwarded) message.*
          |begin forwarded message.*|-{2} ?
          |from:.{0,200}\n(?:sent|date|to|subject):.*
          |on [^\n]{4,200} wrote:\s*\n(?!\s*>)[^\n]*
        )$
    """),
    re.MULTILINE,
)
PARAGRAPH = re.compile(
    joined(r"""
        ^\s{0,9}(?:
          you
          |(?:the |your )?(?:customer|client|user|caller)
        ) (?:wrote|said|says|writes|wrote earlier):[^\n]*(?:\n[^\n]*\S[^\n]*)*
    """),
    re.MULTILINE,
)
LINE = re.compile(
    r"""^(?:
      [ ]{0,9}(?:>|&gt;)[^\n]*                                   # quoted
      |[^\n]{0,200}\bwrote:[ ]*                                         # who is quoted
      |[ \-]{0,9}(?:\d{4}-\d\d-\d\d[t ][\d:.+z-]+[ ]{0,3})?                # what a customer said
        \[?(?:customer|client|user|end\ user|caller)\]?[ ]?(?::|(?<=\]))[^\n]*
      |[ ]{0,9}\[?\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d[^\n]*               # a log
      |[ ]{0,9}[a-z]{3}[ ]{1,2}\d{1,2}\ \d\d:\d\d:\d\d[^\n]*
      |[ ]{0,9}\[?\d\d:\d\d:\d\d[^\n]*
      |[ ]{0,9}\[?(?:error|warn|warning|info|debug|trace|fatal)[\]:][ ]*[^\n]*
      |[ ]+at\ [\w.$]+\([^\n]*
      |[ ]{0,9}(?:\$|\#)[ ](?=[a-z./-]+[ ][^\n]*[-/|])[^\n]*            # a command
    )$""",
    re.MULTILINE | re.VERBOSE,
)
PIECES = re.compile(
    joined(r"""
        ```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{1,300}`
        |<(?:pre|code|blockquote)\b[^>]{0,80}>.{0,5000}?</(?:pre|code|blockquote)>
        |"[^"\n]{1,400}(?:\n[^"\n]{1,400})?"
        |(?<!\w)'(?:[^'\n]|'(?=\w)){2,200}'(?!\w)
        |https?://[^\s<>]{1,2000}
    """),
    re.DOTALL,
)
# Points that end no sentence.
SHORT = re.compile(
    joined(r"""
        \b(?:
          approx|min|mins|hr|hrs|sec|est|ca|e\.g|i\.e|vs|no|mr|mrs|ms|dr|mon|tues?|wed|thurs?|thu|fri|sat
          |sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec
        )\.(?=,?\ ?[a-z0-9])
    """)
)
HALF_DAY = re.compile(r"(?<=[\d ])([ap])\.( ?)m\b(\.?)(?!\w)")
BREAK = re.compile(
    joined(r"""
        [.!?…]+["')\]]{0,3}(?=\s|$)|\n(?=[ ]{0,20}\n)
        |\n(?=[ ]{0,9}(?:[-•+]|\d{1,2}[.)])\ )
        |\n(?![ ]{0,9}[a-z0-9(&])
    """)
)
GLUED = re.compile(r"(?<=[a-z]{2})[.!?](?=[A-Z][a-z']*\ )")

# Characters of a sentence.
LONGEST = 1500


class Sentence(NamedTuple):
    """A sentence, where it begins in the text, and whether it ends in a question mark."""

    start: int
    text: str
    asks: bool


def plain(text: str) -> str:
    """Return the text in small letters with simple quotes and dashes, without what others say."""
    glued = [match.start() for match in GLUED.finditer(text)]
    low = text.translate(PLAIN)
    low = (
        low.lower()
        if len(low.lower()) == len(low)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in low)
    )
    for place in glued:
        low = low[:place] + "\n" + low[place + 1 :] if len(glued) < 200 else low
    if match := REST.search(low):
        low = low[: match.start()] + _blank(low[match.start() :])
    for pattern in (PIECES, PARAGRAPH, LINE):
        low = pattern.sub(lambda match: _blank(match[0]), low)
    low = HALF_DAY.sub(_half_day, low)
    return SHORT.sub(lambda match: match[0][:-1].replace(".", " ") + " ", low)


def sentences(low: str) -> Iterator[Sentence]:
    """Yield the sentences of a text that is `plain`."""
    start = 0
    for match in BREAK.finditer(low):
        yield from _pieces(low, start, match.start(), "?" in match[0])
        start = match.end()
    yield from _pieces(low, start, len(low), False)


def _pieces(low: str, start: int, end: int, asks: bool) -> Iterator[Sentence]:
    """Yield a sentence; a very long one, which is none, in pieces."""
    for at in range(start, end, LONGEST):
        sentence = _sentence(low, at, min(at + LONGEST, end), asks)
        if sentence.text:
            yield sentence


def _sentence(low: str, start: int, end: int, asks: bool) -> Sentence:
    """Return the sentence without the mark of a list before it."""
    while start < end and low[start] in " \n\x00>•+:-":
        start += 1
    return Sentence(start, low[start:end], asks)


def _blank(piece: str) -> str:
    """Replace everything but the ends of lines by a character that nothing matches."""
    return re.sub(r"[^\n]", "\x00", piece)


def _half_day(match: re.Match[str]) -> str:
    """Write "3 p.m." as "3 pm". Its last point may end the sentence."""
    ends = re.match(r"\s*(?:\n|$)", match.string[match.end() :])
    return " " + match[2] + match[1] + "m" + ("." if ends and match[3] else " " * len(match[3]))
