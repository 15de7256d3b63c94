"""Times on the clock: "3 pm", "half past two", "noon"."""

import re

from .units import AT_ZONE, ENDS, HOUR, ZONE, minutes, number, zone_of
from .written_time import Fields, Rules

RULES = Rules()

MINUTES = {"half": 30, "quarter": 15}


@RULES.add(
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
def read_clock(match: re.Match[str]) -> Fields:
    """Read "3 pm", "15:00 CET", "half past two", "noon": the minutes of the day that may be meant."""
    options: tuple[int, ...] = ()
    if match["till"]:
        options = minutes(match["till"], match["tillhalf"])
    elif match["at"]:
        options = minutes(match["at"], match["half"])
    elif (
        word := match["till2"]
        or match["colon"]
        or match["oclock"]
        or match["dotted"]
        or match["hh"]
        or match["bare"]
    ):
        options = minutes(word)
    elif fraction := match["frac"]:
        shift = MINUTES.get(fraction.split()[-1]) or round(number(fraction))
        hours = minutes(match["hour"], match["frachalf"]) if match["hour"] else range(0, 1440, 60)
        options = tuple((at + (-shift if match["dir"] == "to" else shift)) % 1440 for at in hours)
    elif match["british"]:
        options = tuple(at + 30 for at in minutes(match["british"]))
    elif army := match["army"] or match["army2"]:
        options = (int(army[:2]) * 60 + int(army[2:]),)
    elif match["noon"] or match["midnight"]:
        options = (720,) if match["noon"] else (1440,)
    elif match["top"]:
        return {"part": "top"}
    if not options:
        return None
    return {"clock": options, "zone": zone_of(match["zulu"] or match["zone"]), "firm": bool(match["between"])}
