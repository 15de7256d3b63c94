"""Times as they are written in English. When they are, `due_times` says."""

import re
from collections.abc import Iterator
from dataclasses import replace

from cases.text.patterns import joined

from . import clock_times, days, intervals, lengths, parts_of_day
from .written_time import WrittenTime

# Where two read the same words, the one that comes first holds.
RULES = [*intervals.RULES, *days.RULES, *parts_of_day.RULES, *lengths.RULES, *clock_times.RULES]


# What may stand directly before a time, in all.
LEAD = re.compile(
    joined(r"""
        (?<!\w)(?:
          (?:
            (?:no|not) (?:any )?later than
            |at the (?:very )?latest(?: by)?
            |by the latest|latest (?:by|at|in|on)?|at most|maximum|max|as (?:early|soon|late) as
            |as little as|by|before|at|on|on or before|in|within|inside(?: of)?|under|during|over|after
            |around|about|approximately|approx|roughly|circa|ca|another|next|coming|following|the|these
            |up to
            |(?:no |not )?(?:less|more) than
            |a further|an additional|sometime|some time|later|only|just|for|end|max|this
          )[\s,:(~-]+
          |~ ?
        ){1,6}$
    """),
)
# Which of it says that something is due.
FIRM = re.compile(
    joined(r"""
        (?<!\w)(?:
          later than|latest|by|before|at|on|in|within|inside|under|during|over|after|around|for
          |(?:no |not )?(?:less|more) than
          |as soon as|as early as|this
        )(?!\w)
    """)
)
QUALIFIER = re.compile(r"(?:no|not) (?:any )?later|at the|up to|another|next|less|~")
BEFORE = re.compile(r"(?<!\w)(?<!or )before(?!\w)")
FOR = re.compile(r"(?<!\w)for\b")
ALLOWED = re.compile(r"(?:allow|scheduled|with (?:us|me)|tight|on) $")
THE = re.compile(r"(?<!\w)the\s*$")
# What stands before a time at which nothing is due, unless that was moved to it.
SINCE = re.compile(
    joined(r"""
        (?<!\w)(?:
          since|from|until|through|til|till|'til|last|past|previous|prior to
          |(?<!max )(?<!maximum )(?<!total )(?<!matter )of
          |(?<!longer )(?<!more )(?<!later )(?<!less )than
          |as of|starting|beginning|ago|every|each|version|x|=|(?<=, )not|(?<=- )not|but not|(?<!up )to
        )\s*(?:the\s|at\s|on\s|around\s|about\s|next\s|in\s){0,2}$
    """)
)
# The particle of a verb: "check in on Friday".
PARTICLE = re.compile(
    r"(?:(?:in|over|on|around|after)\s+(?=(?:by|on|at|before|within|in|over|during|no later)\b))*"
)
MOVED = re.compile(
    joined(r"""
        (?:
          (?:
            moved|slipped|pushed|shifted|changed|extended|revised|brought forward|updated|delayed
            |postponed|rescheduled|deferred
          )(?: back| out)? to
          |(?:
            moved|slipped|pushed|shifted|extended|delayed|postponed|deferred|give|allow|need|bear with
            |(?:will|'ll|should|may) take
          )(?: back| out| us| me| the team)?(?: at least| probably)? (?:until|till|'til)
        ) $
    """)
)
# What stands after a time that is past, or the length of something.
AFTERWARDS = re.compile(
    joined(r"""
        \s*(?:
          ago|earlier|old
          |before(?! (?:it|we|this|service|everything|things|i)\b)
          |prior|worth|increments?|windows?|timeouts?|outage\b|downtime|delays?\b|sla\b|late\b|notice\b
          |of (?!today|now|your time)|at the earliest|per\b
          |after (?:that|each|every|the (?:restart|reboot|change|update))
          |(?:free )?trial|(?:business )?hours\b|meeting|batch|job|run|slot\b
          |for (?:the|your|all|any) \w+ to (?:take|clear|propagate|apply|sync|refresh|load|appear|show)
          |since\b|apart|in advance|ahead of
          |(?:was|were|is|got|(?:has|have) been) (?:
            cancell?ed|postponed|withdrawn|scrapped|called off|pulled|rejected
          )\b
        )
    """)
)
# What belongs to a time after it.
TAIL = re.compile(
    joined(r"""
        (?:'s?(?= ))?\s*,?\s*\(?(?:
          at the (?:very )?latest|from now|latest|tops|at most|max(?:imum)?|sharp
          |or (?:sooner|earlier|before)|time|or less|on the half[ -]hour
        )(?!\w)
    """)
)
# What stands between two parts of one time.
GLUE = re.compile(
    joined(r"""
        [\s,(@-]*(?:
          (?:
            at|by|on|in|the|around|about|before|after|of|for|latest|no later than|sometime|first thing
            |approx|~
          )[\s,]+
        ){0,3}$
    """)
)
# Without one of these there is no time.
CUE = re.compile(
    joined(r"""
        \d
        |\b(?:
          hour|minute|min|day|week|month|noon|mid|night|lunch|morn|after|even|over|today|to|mon|tue|wed
          |thu|fri|sat|sun|end|eo|co|clo|first|fort|next|daily|twice|every|each|second|sec|tm|half|nbd
          |start|beg|open|quarter|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve
        )
    """)
)


def times(sentence: str) -> list[WrittenTime]:
    """Return the times that a sentence tells, in its order."""
    if not CUE.search(sentence):
        return []
    merged: list[WrittenTime] = []
    for time in _apart(sentence):
        if (
            merged
            and GLUE.fullmatch(sentence, merged[-1].end, time.start)
            and (both := merged[-1].merged_with(time))
        ):
            merged[-1] = both
        else:
            merged.append(time)
    return [framed for time in merged if (framed := _framed(sentence, time))]


def _apart(sentence: str) -> Iterator[WrittenTime]:
    """Yield the times that the rules read; where two overlap, the first, and of two that begin alike, the longer."""
    end = -1
    for time in sorted(_all(sentence), key=lambda time: (time.start, -time.end)):
        if time.start >= end:
            yield time
            end = time.end


def _all(sentence: str) -> Iterator[WrittenTime]:
    for pattern, read in RULES:
        for match in pattern.finditer(sentence):
            if fields := read(match):
                yield WrittenTime(match.start(), match.end(), **fields)


def _framed(sentence: str, time: WrittenTime) -> WrittenTime | None:
    """Return the time with the words that belong to it: "no later than" before it, "at the latest" after it.

    None if it says when something was, or how much of something there is.
    """
    before = sentence[max(0, time.start - 60) : time.start]
    lead = LEAD.search(before)
    words = lead[0] if lead else ""
    if _is_of_something_else(sentence, time, before[: len(before) - len(words)], words):
        return None
    end = time.end
    while tail := TAIL.match(sentence, end):
        end = tail.end()
    tail_words = sentence[time.end : end]
    return replace(
        time,
        start=_start(sentence, time, words),
        end=end,
        before=bool(BEFORE.search(words)),
        firm=time.firm or bool(FIRM.search(words)) or "from now" in tail_words or "latest" in tail_words,
    )


def _is_of_something_else(sentence: str, time: WrittenTime, earlier: str, words: str) -> bool:
    """Whether it says when something was, or how long it lasts: "since 3 pm", "for 2 hours", "2 hours ago"."""
    if SINCE.search(earlier) and not MOVED.search(earlier):
        return True
    if AFTERWARDS.match(sentence, time.end) and not time.every:
        return True
    if time.length and FOR.search(words) and not ALLOWED.search(earlier):
        return True
    if time.clock and not time.day and THE.search(words) and time.clock != (720,):
        return True
    return bool(time.day and time.day[0] == "weekday" and words.strip() == "the" and not time.clock)


def _start(sentence: str, time: WrittenTime, words: str) -> int:
    """Where the phrase of a time begins, of which `words` stand before it."""
    if not words or (time.every and not time.day and not time.part):
        return time.start
    starts = [match.start() for match in (FIRM.search(words), QUALIFIER.search(words)) if match]
    start = time.start - len(words) + min(starts) if starts else time.start
    return start + len(PARTICLE.match(sentence[start : time.start])[0])  # type: ignore[index]
