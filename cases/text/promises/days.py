"""Days, weeks and months: "on Monday", "by the 14th", "next week"."""

import re

from .units import MONTH, MONTHS, WEEKDAY, WEEKDAYS, ZONE, zone_of
from .written_time import Fields, Rules

RULES = Rules()


@RULES.add(
    rf"""
    (?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)(?:
      (?:t| (?:at )?)(?P<time>\d\d:\d\d)(?!\d)(?::\d\d(?:\.\d{{1,6}})?)?{ZONE}?
    )?
    """
)
def read_iso(match: re.Match[str]) -> Fields:
    """Read "2026-03-12", with a time and a zone if they follow."""
    fields: dict[str, object] = {"day": ("date", int(match["y"]), int(match["m"]), int(match["d"]))}
    if match["time"]:
        hour, minute = map(int, match["time"].split(":"))
        fields |= {"clock": (hour * 60 + minute,), "zone": zone_of(match["zone"])}
    return fields


@RULES.add(
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
def read_date(match: re.Match[str]) -> Fields:
    """Read "14 March", "March 14th", "the 14th", "14/3/2026". Which of two numbers is the month stays open."""
    if match["ordinal"]:
        return {"day": ("ordinal", int(match["ordinal"]), 0, 0)}
    if day := match["d"] or match["d2"]:
        month = MONTHS.index((match["m"] or match["m2"])[:3]) + 1
        return {"day": ("date", int(match["y"] or 0), month, int(day))}
    a, b = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
    return {"day": ("either", int(match["y2"] or 0), a, b)}


@RULES.add(
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
def read_named_day(match: re.Match[str]) -> Fields:
    """Read "Monday", "next Friday", "tomorrow", "the next business day"."""
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


@RULES.add(
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
def read_week_or_month(match: re.Match[str]) -> Fields:
    """Read "this week", "early next week", "the end of the month", "the weekend"."""
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
