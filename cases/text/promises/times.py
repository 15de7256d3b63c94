"""Times as they are written in English. When they are is told by `due`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta, tzinfo

from cases.text.patterns import joined

from .units import (
    AT_ZONE,
    ENDS,
    HOUR,
    MONTH,
    MONTHS,
    NUMBER,
    THE_DAY,
    UNIT,
    WEEKDAY,
    WEEKDAYS,
    ZONE,
    minutes,
    number,
    span,
    unit_of,
    zone_of,
)


@dataclass(frozen=True)
class Told:
    """A time as written: what it says of the day, of the clock, or how long it is from now."""

    start: int
    end: int
    length: tuple[float, str] | None = None
    every: timedelta | None = None
    day: tuple[str, int, int, int] | None = None
    clock: tuple[int, ...] | None = None  # minutes of the day that may be meant
    part: str | None = None
    zone: tzinfo | None = None
    before: bool = False
    firm: bool = True  # says by itself that something is due: "in 2 hours", and not "2 hours"

    def with_(self, other: "Told") -> "Told | None":
        """Both in one, if they tell of the same time: "tomorrow" and "at 3 pm"."""
        if self.length or other.length or (self.every and other.every):
            return None
        news = {f.name: getattr(other, f.name) for f in fields(self) if f.name not in ("start", "firm")}
        news = {name: value for name, value in news.items() if value}
        mine = {
            f.name for f in fields(self) if f.name not in ("start", "end", "firm") and getattr(self, f.name)
        }
        if mine & (news.keys() - {"end", "zone", "before"}):
            return None
        return replace(self, **news, firm=self.firm or other.firm)


Made = dict[str, object] | None
RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Made]]] = []


def rule(pattern: str) -> Callable[[Callable[[re.Match[str]], Made]], Callable[[re.Match[str]], Made]]:
    def add(read: Callable[[re.Match[str]], Made]) -> Callable[[re.Match[str]], Made]:
        RULES.append(
            (
                re.compile(
                    joined(rf"""
        (?<![\w.:$€£#/+-])(?:{pattern})
    """)
                ),
                read,
            )
        )
        return read

    return add


# What comes again.


@rule(
    rf"""
    (?:once |at least |(?P<end>the end of ))?(?:every|evry|each) (?:single )?(?:
      (?P<half>half(?:[ -]an)?[ -]hour)
      |(?P<other>other|second) (?P<ounit>{UNIT})
      |(?:{NUMBER} ?(?:-|to|or) ?)?(?P<count>{NUMBER})[ -]?(?P<unit>{UNIT})
      |(?P<one>{UNIT}|weekday)(?: or (?:so|two))?
      |(?P<part>morning|afternoon|evening|night)(?!\w)
      |(?P<weekday>{WEEKDAY})
    )
"""
)
def every(match: re.Match[str]) -> Made:
    if match["half"]:
        return {"every": timedelta(minutes=30)}
    if match["other"]:
        return {"every": span(2, unit_of(match["ounit"]))}
    if match["count"]:
        unit = unit_of(match["unit"])
        return {"every": span(number(match["count"], unit), unit)}
    if match["one"]:
        if match["end"] and match["one"] == "day":
            return {"every": timedelta(days=1), "part": "close"}
        return {"every": span(1, "day" if match["one"] == "weekday" else unit_of(match["one"]))}
    if match["part"]:
        return {"every": timedelta(days=1), "part": match["part"]}
    return {"every": timedelta(days=7), "day": ("weekday", WEEKDAYS.index(match["weekday"][:3]), 0, 0)}


@rule(
    r"""
    (?:
      (?P<rate>
        once|twice|\d|two|three|four
      )(?: times|x)? ?(?:an? |per |every |each |/ ?)(?P<unit>hour|day|week)
      |(?P<twice>twice) daily
      |(?:on an? )?(?P<half>half[ -]?hourly|bi-?hourly)(?: basis)?
      |(?:on an? )?(?P<often>hourly|daily|weekly|fortnightly|monthly|nightly)(?=
        [ ](?:
          basis
          |(?:\w+ )?(?:
            updates?|reports?|calls?|summar(?:y|ies)|status|emails?|mails?|check-?ins?|bulletins?|progress
            |until|till|from|and|or|for|by|with|as|unless|at|on|while|to
          )(?!\w)
        )
        | *(?:$|[,;.!?():\n-])
      )(?: basis)?
      |(?P<hours>
        (?<=updates )on the hour
        |(?:at )?the top of (?:every|each|the) hour(?:,? every hour)?(?<!of the hour)
      )
      |(?:at|in) (?P<count>
        \d{1,3}|ten|fifteen|twenty|thirty
      )[ -](?P<unit2>minute|min|hour|day)s?[ -]intervals
      |(?P<count2>
        \d{1,3}|ten|fifteen|twenty|thirty
      )[ -](?P<unit3>minute|min|hour)(?= (?:status )?updates(?!\w))
    )(?!\w)
"""
)
def often(match: re.Match[str]) -> Made:
    if match["hours"]:
        return {"every": timedelta(hours=1), "part": "top"}
    if match["half"]:
        return {"every": timedelta(minutes=30 if match["half"].startswith("half") else 120)}
    if match["often"]:
        names = {"hourly": "hour", "weekly": "week", "fortnightly": "fortnight", "monthly": "month"}
        return {"every": span(1, names.get(match["often"], "day"))}
    if match["rate"] or match["twice"]:
        times = {"once": 1, "twice": 2}.get(match["rate"] or "twice") or number(match["rate"])
        return {"every": span(1, match["unit"] or "day") / times} if times else None
    return {
        "every": span(number(match["count"] or match["count2"]), unit_of(match["unit2"] or match["unit3"]))
    }


# Days.


@rule(
    rf"""
    (?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)(?:
      (?:t| (?:at )?)(?P<time>\d\d:\d\d)(?!\d)(?::\d\d(?:\.\d{{1,6}})?)?{ZONE}?
    )?
"""
)
def iso(match: re.Match[str]) -> Made:
    made: dict[str, object] = {"day": ("date", int(match["y"]), int(match["m"]), int(match["d"]))}
    if match["time"]:
        hour, minute = map(int, match["time"].split(":"))
        made |= {"clock": (hour * 60 + minute,), "zone": zone_of(match["zone"])}
    return made


@rule(
    rf"""
    (?:{WEEKDAY},? (?:the )?)?(?:
      (?:the )?(?:
        \d{{1,2}}(?:st|nd|rd|th)? ?(?:-|to|and|or) ?
      )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{MONTH})
      |(?P<m2>{MONTH}) (?:the )?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\w|:| ?[ap]m)
    )(?:,? (?P<y>20\d\d))?
    |(?:{WEEKDAY},? )?the (?P<ordinal>\d{{1,2}})(?:st|nd|rd|th)(?=
      [ ]*(?:$|[,;.!?)\n-]|(?:at|by|in|and|or|before|latest|of (?:this|the) month)(?!\w))
    )(?: of (?:this|the) month)?
    |(?P<a>\d{{1,2}})(?P<sep>[/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y2>20\d\d)
    |(?P<a2>\d{{1,2}})/(?P<b2>\d{{1,2}})(?![\w/.])
"""
)
def dated(match: re.Match[str]) -> Made:
    if match["ordinal"]:
        return {"day": ("ordinal", int(match["ordinal"]), 0, 0)}
    if day := match["d"] or match["d2"]:
        month = MONTHS.index((match["m"] or match["m2"])[:3]) + 1
        return {"day": ("date", int(match["y"] or 0), month, int(day))}
    a, b = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
    return {"day": ("either", int(match["y2"] or 0), a, b)}


@rule(
    rf"""
    (?:
      (?P<which>this|next|the (?:coming|following)|coming)[ ]
    )?(?P<weekday>{WEEKDAY})(?: (?P<week>this|next) week(?!\w))?(?!
      [ ](?:release|outage|deployment|incident|issue|deploy)s?\b
    )
    |(?P<after>(?:the )?day after tomorrow)
    |(?P<today>today)(?!'|\w)
    |(?P<tomorrow>tomorrow|tommorow|tommorrow|tomorow|tomorro|tmrw|tmr|tomoz)(?!'|\w)
    |(?P<open>(?:the )?(?:next|following) (?:business|working|work) day|nbd)(?!\w)
"""
)
def named_day(match: re.Match[str]) -> Made:
    if match["weekday"]:
        weekday = WEEKDAYS.index(match["weekday"][:3])
        which = "weekday"
        if "next" in (match["which"], match["week"]):
            which = "next"
        elif "this" in (match["which"], match["week"]):
            which = "this"
        return {
            "day": (which, weekday, 0, 0),
            "firm": bool(match["which"] or match["weekday"].endswith("day")),
        }
    if match["open"]:
        return {"day": ("open", 1, 0, 0)}
    return {"day": ("ahead", 0 if match["today"] else 2 if match["after"] else 1, 0, 0)}


@rule(
    r"""
    (?:
      (?P<early>(?:early|(?:at )?the (?:start|beginning) of|(?:in )?the first half of) )
      |(?P<mid>(?:in )?the middle of |mid[ -])
      |(?:(?:the )?end of|later?|sometime|some time|during|over) (?:the course of )?
    )?(?:
      (?P<next>next|the (?:coming|following)|coming|following)
      |this|the current
    ) (?:(?:working|business) )?(?P<span>week(?!end)|month)(?!\w|'s)
    |(?:the )?end of (?:the )?(?:(?:working|business|calendar) )?(?P<span2>week|month)(?!\w)
    |eo(?P<span3>[wm])(?!\w)
    |(?P<within>within the (?:(?:working|business) )?(?:week|day))(?!\w)
    |(?P<after>after )?(?:(?:the|this) (?:coming )?|over the )(?P<weekend>week-?end)(?!\w)
"""
)
def stretch(match: re.Match[str]) -> Made:
    if match["weekend"]:
        if match["after"]:
            return {"day": ("weekday", 0, 0, 0)}
        before = re.search(r"\b(?:by|before)\ $", match.string[: match.start()])
        return {"day": ("weekend", 4 if before else 6, 0, 0)}
    if match["within"]:
        return {"day": ("ahead", 0, 0, 0) if match["within"].endswith("day") else ("week", 0, 4, 0)}
    ahead = int(bool(match["next"]))
    if (match["span"] or match["span2"] or match["span3"])[0] == "m":
        return {"day": ("month", ahead, 0, 0)}
    return {"day": ("week", ahead, 1 if match["early"] else 2 if match["mid"] else 4, 0)}


@rule(
    rf"""
    (?P<first>first thing(?: in the morning)?)
    |(?P<lunch>after lunch)(?!\w)
    |(?P<tonight>tonight|tonite|this (?:evening|night))(?!\w|'s)
    |(?P<overnight>overnight)
    |(?:(?<=tomorrow )|(?<=tomorrow  ))(?P<half>[ap]m)(?!\w)
    |(?:later |early |late |sometime )?(?P<this>this (?:morning|afternoon))(?!\w|'s)
    |(?:
      (?:in|during|over) the |later in the[ ]
    )(?P<how>early |late |mid[ -]?)?(?P<inthe>morning|afternoon|evening|night)(?!\w)
    |(?P<how2>early |late |mid[ -]?(?!night))?(?P<bare>morning|afternoon|evening|night)(?!\w)
    |(?P<eod>
      (?:the )?(?:eod|eob|cob|eop)
      |(?:the )?close of (?:business(?: day)?|play|the business day)
      |(?:the )?end of (?:(?:the|my|our|your|this) )?(?:business|working|work)? ?(?:day|business|play)
      |(?:the )?end of(?= {THE_DAY})
      |(?:the )?day's end
    )(?!\w)
    |(?P<opening>
      (?:the )?(?:start|beginning|open) of (?:business|(?:the )?(?:business|working|work)? ?day)
    )(?!\w)
"""
)
def part_of_day(match: re.Match[str]) -> Made:
    if match["first"]:
        return {"part": "first thing", "day": None}
    if match["lunch"]:
        return {"part": "early afternoon"}
    if match["tonight"] or match["this"]:
        part = "tonight" if match["tonight"] else match["this"].split()[1]
        return {"part": part, "day": ("ahead", 0, 0, 0)}
    if match["overnight"]:
        return {"part": "overnight", "day": ("ahead", 1, 0, 0)}
    if match["half"]:
        return {"part": "morning" if match["half"] == "am" else "afternoon"}
    if match["eod"] or match["opening"]:
        return {"part": "close" if match["eod"] else "open"}
    how = (match["how"] or match["how2"] or "").strip(" -")
    part = match["inthe"] or match["bare"]
    known = how + " " + part if how in ("early", "mid") and part in ("morning", "afternoon") else part
    return {"part": known, "firm": bool(match["inthe"])}


# So long from now.

AN_HOUR = re.compile(r"\d\d?h(?:\d\d)?")
AT = re.compile(r"\b(?:by|at|before) $")


@rule(
    r"""
    (?<!on )the (?:next |coming )?(?P<one>hour|(?<=next )(?:minute|day|week|fortnight|month))(?!\w| and|')
    |(?P<few>(?:the (?:next|coming) )?(?P<unit>hours|minutes|days|weeks))(?!\w)
"""
)
def the_hour(match: re.Match[str]) -> Made:
    if match["one"]:
        return {"length": (1.0, match["one"]), "firm": False}
    unit = unit_of(match["unit"])
    return {"length": (number("few", unit), unit), "firm": False}


@rule(
    rf"""
    (?:
      (?P<half>(?<!on the )(?:an? )?half[ -]?(?:an?[ -])?(?:hour|hr)|half of an hour)
      |(?P<halfday>(?:an? )?half[ -]?(?:an?[ -])?day)
      |(?P<three>three[ -])?(?:an? )?quarters? of an hour
      |(?P<h>\d{{1,2}})(?:
        [ ]?(?:h|hrs?|hours?) ?(?:and )?(?P<m>\d{{1,2}}) ?(?:m|min(?:ute)?s?)?
        |(?<=in \d):(?P<m2>[0-5]\d) ?(?:h|hrs?|hours)
      )
      |(?P<whole>{NUMBER}) (?P<wunit>hours?|days?) and (?:
        (?P<ahalf>a half)
        |(?P<rest>{NUMBER}) min(?:ute)?s?
      )
      |(?P<halves>{NUMBER}) and a half (?P<hunit>{UNIT})
      |(?P<one>an?|another|one|\d{{1,2}}) (?P<ounit>{UNIT}) or (?P<two>two|three|\d{{1,2}})
      |{NUMBER}(?: ?{UNIT})? ?(?:-|to|or|/|and) ?(?P<to>{NUMBER})(?: more)?[ -]?(?P<tunit>{UNIT})
      |(?:
        (?<=\bin )|(?<=[gv]e me )|(?<=gimme )|(?<=[gv]e us )
      )(?P<mins>\d{{1,2}}|five|ten|fifteen|twenty|thirty){ENDS}
      |(?P<count>{NUMBER})(?:
        [ ](?:more|further|additional|full|short|other)
      )?[ -]?(?P<unit>{UNIT})(?: or so)?
    )(?!\w)
"""
)
def length(match: re.Match[str]) -> Made:
    if AN_HOUR.fullmatch(match[0]) and AT.search(match.string[: match.start()][-7:]):
        return None  # "by 13h"
    if match["count"] in ("a", "an") and unit_of(match["unit"]) == "second":
        return None
    if match["half"]:
        told = (30.0, "minute")
    elif match["mins"]:
        told = (number(match["mins"]), "minute")
    elif match["halfday"]:
        told = (12.0, "hour")
    elif match["h"]:
        told = (int(match["h"]) * 60.0 + int(match["m"] or match["m2"]), "minute")
    elif match["whole"]:
        unit = unit_of(match["wunit"])
        rest = 0.5 if match["ahalf"] else number(match["rest"], "minute") / (60 if unit == "hour" else 1440)
        told = (number(match["whole"]) + rest, unit)
    elif count := match["halves"]:
        told = (number(count) + 0.5, unit_of(match["hunit"]))
    elif match["one"]:
        told = (number(match["two"]), unit_of(match["ounit"]))
    elif match["to"]:
        told = (number(match["to"], unit_of(match["tunit"])), unit_of(match["tunit"]))
    elif match["count"]:
        told = (number(match["count"], unit_of(match["unit"])), unit_of(match["unit"]))
    else:
        told = (45.0 if match["three"] else 15.0, "minute")
    return {"length": told, "firm": False}


# On the clock.

MINUTES = {"half": 30, "quarter": 15}


@rule(
    rf"""
    (?:
      (?P<between>between )?(?P<since>{HOUR}) ?(?P<sincehalf>am|pm)? ?(?:
        -|to|or|(?(between)and|-)
      ) ?(?P<till>{HOUR}) {{0,2}}(?P<tillhalf>am|pm)
      |between {HOUR} and (?P<till2>{HOUR}){ENDS}
      |(?P<at>{HOUR}) {{0,2}}(?P<half>am|pm)(?:-?ish)?
      |(?:\d\d?:\d\d ?- ?)?(?P<colon>\d\d?:\d\d)(?::\d\d)?(?!:?\d)(?:h| ?hrs)?
      |(?P<oclock>{HOUR}) ?o'? ?clock
      |(?P<frac>half|(?:a )?quarter|five|ten|twenty(?:[ -]five)?|\d\d?(?= past)) (?:
        (?P<dir>past|to) (?P<hour>{HOUR})(?= {{0,2}}(?P<frachalf>am|pm)|{ENDS})(?: {{0,2}}[ap]m)?
        |past{ENDS}
      )
      |half (?P<british>{HOUR}){ENDS}
      |(?P<army>(?:[01]\d|2[0-3])[0-5]\d)(?: ?hrs| ?hours|h\b|(?={AT_ZONE}))
      |(?:(?<=by )|(?<=at ))(?P<army2>(?:[01]\d|2[0-3])[0-5]\d)(?<!20[2-4]\d){ENDS}
      |(?P<dotted>\d\d[.h][0-5]\d)(?!\w|\.\d|%)
      |(?P<hh>\d\d?)h
      |(?P<noon>(?:12 )?noon|midday|lunch(?: ?time)?)
      |(?P<midnight>(?:12 )?midnight)
      |(?P<top>the (?:top|end) of the hour|(?<=on )the hour(?! of))
      |(?P<bare>{HOUR})(?:-?ish(?!\w)|{ENDS})
    )(?:(?P<zulu>z)(?!\w)|(?!\w){ZONE}?)
"""
)
def clock(match: re.Match[str]) -> Made:
    told: tuple[int, ...] = ()
    if match["till"]:
        told = minutes(match["till"], match["tillhalf"])
    elif match["at"]:
        told = minutes(match["at"], match["half"])
    elif (
        word := match["till2"]
        or match["colon"]
        or match["oclock"]
        or match["dotted"]
        or match["hh"]
        or match["bare"]
    ):
        told = minutes(word)
    elif fraction := match["frac"]:
        shift = MINUTES.get(fraction.split()[-1]) or round(number(fraction))
        hours = minutes(match["hour"], match["frachalf"]) if match["hour"] else range(0, 1440, 60)
        told = tuple((at + (-shift if match["dir"] == "to" else shift)) % 1440 for at in hours)
    elif match["british"]:
        told = tuple(at + 30 for at in minutes(match["british"]))
    elif army := match["army"] or match["army2"]:
        told = (int(army[:2]) * 60 + int(army[2:]),)
    elif match["noon"] or match["midnight"]:
        told = (720,) if match["noon"] else (1440,)
    elif match["top"]:
        return {"part": "top"}
    if not told:
        return None
    return {"clock": told, "zone": zone_of(match["zulu"] or match["zone"]), "firm": bool(match["between"])}


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
FIRM = re.compile(
    joined(r"""
        (?<!\w)(?:
          later than|latest|by|before|at|on|in|within|inside|under|during|over|after|around|for
          |(?:no |not )?(?:less|more) than
          |as soon as|as early as|this
        )(?!\w)
    """)
)
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
PARTICLE = re.compile(
    r"(?:(?:in|over|on|around|after)\s+(?=(?:by|on|at|before|within|in|over|during|no later)\b))*"
)  # "check in on Friday"
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
TAIL = re.compile(
    joined(r"""
        (?:'s?(?= ))?\s*,?\s*\(?(?:
          at the (?:very )?latest|from now|latest|tops|at most|max(?:imum)?|sharp
          |or (?:sooner|earlier|before)|time|or less|on the half[ -]hour
        )(?!\w)
    """)
)
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


def times(sentence: str) -> list[Told]:
    """The times that a sentence tells, in its order."""
    if not CUE.search(sentence):
        return []
    found: list[Told] = []
    taken = -1
    for told in sorted(_atoms(sentence), key=lambda told: (told.start, -told.end)):
        if told.start >= taken:
            found.append(told)
            taken = told.end
    whole: list[Told] = []
    for told in found:
        if whole and GLUE.fullmatch(sentence, whole[-1].end, told.start) and (both := whole[-1].with_(told)):
            whole[-1] = both
        else:
            whole.append(told)
    return [told for told in (_framed(sentence, told) for told in whole) if told]


def _atoms(sentence: str) -> Iterator[Told]:
    for pattern, read in RULES:
        for match in pattern.finditer(sentence):
            if made := read(match):
                yield Told(match.start(), match.end(), **made)  # type: ignore[arg-type]


def _framed(sentence: str, told: Told) -> Told | None:
    """With the words that belong to it; None if it tells when something was, or how much of something there is."""
    before = sentence[max(0, told.start - 60) : told.start]
    lead = LEAD.search(before)
    words = lead[0] if lead else ""
    earlier = before[: len(before) - len(words)]
    if SINCE.search(earlier) and not MOVED.search(earlier):
        return None
    if AFTERWARDS.match(sentence, told.end) and not told.every:
        return None
    if (
        told.length
        and re.search(r"(?<!\w)for\b", words)
        and not re.search(
            r"(?:allow|scheduled|with (?:us|me)|tight|on) $", before[: len(before) - len(words)]
        )
    ):
        return None
    firm = FIRM.search(words)
    if told.clock and not told.day and re.search(r"(?<!\w)the\s*$", words) and told.clock != (720,):
        return None
    if told.day and told.day[0] in ("weekday",) and words.strip() == "the" and not told.clock:
        return None
    end = told.end
    while tail := TAIL.match(sentence, end):
        end = tail.end()
    start = told.start
    if words and not (told.every and not told.day and not told.part):
        first = re.search(r"(?:no|not) (?:any )?later|at the|up to|another|next|less|~", words)
        starts = [match.start() for match in (firm, first) if match]
        start = told.start - len(words) + min(starts) if starts else start
        start += len(PARTICLE.match(sentence[start : told.start])[0])  # type: ignore[index]
    return replace(
        told,
        start=start,
        end=end,
        before=bool(re.search(r"(?<!\w)(?<!or )before(?!\w)", words)),
        firm=told.firm
        or bool(firm)
        or "from now" in sentence[told.end : end]
        or bool(re.search("latest", sentence[told.end : end])),
    )
