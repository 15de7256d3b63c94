"""Parts of a day: "this afternoon", "end of day", "first thing"."""

import re

from .units import THE_DAY
from .written_time import Fields, Rules

RULES = Rules()


@RULES.add(
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
def read_part(match: re.Match[str]) -> Fields:
    """Read "this afternoon", "tonight", "EOD", "early morning"."""
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
