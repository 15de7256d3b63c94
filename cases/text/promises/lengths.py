"""Lengths of time: "half an hour", "2-3 days"."""

import re

from .units import ENDS, NUMBER, UNIT, number, unit_of
from .written_time import Fields, Rules

RULES = Rules()

AN_HOUR = re.compile(r"\d\d?h(?:\d\d)?")
AT = re.compile(r"\b(?:by|at|before) $")


@RULES.add(
    r"""
    (?<!on )the (?:next |coming )?(?P<one>hour|(?<=next )(?:minute|day|week|fortnight|month))(?!\w| and|')
    |(?P<few>(?:the (?:next|coming) )?(?P<unit>hours|minutes|days|weeks))(?!\w)
    """
)
def read_the_hour(match: re.Match[str]) -> Fields:
    """Read a length without a number: "the hour", "the next week", "the coming days"."""
    if match["one"]:
        return {"length": (1.0, match["one"]), "firm": False}
    unit = unit_of(match["unit"])
    return {"length": (number("few", unit), unit), "firm": False}


@RULES.add(
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
def read_length(match: re.Match[str]) -> Fields:
    """Read "2 hours", "half an hour", "1h 20m", "an hour or two", "2-3 days"; of a range, the later end."""
    if AN_HOUR.fullmatch(match[0]) and AT.search(match.string[: match.start()][-7:]):
        return None  # "by 13h"
    if match["count"] in ("a", "an") and unit_of(match["unit"]) == "second":
        return None
    if match["half"]:
        length = (30.0, "minute")
    elif match["mins"]:
        length = (number(match["mins"]), "minute")
    elif match["halfday"]:
        length = (12.0, "hour")
    elif match["h"]:
        length = (int(match["h"]) * 60.0 + int(match["m"] or match["m2"]), "minute")
    elif match["whole"]:
        unit = unit_of(match["wunit"])
        rest = 0.5 if match["ahalf"] else number(match["rest"], "minute") / (60 if unit == "hour" else 1440)
        length = (number(match["whole"]) + rest, unit)
    elif count := match["halves"]:
        length = (number(count) + 0.5, unit_of(match["hunit"]))
    elif match["one"]:
        length = (number(match["two"]), unit_of(match["ounit"]))
    elif match["to"]:
        length = (number(match["to"], unit_of(match["tunit"])), unit_of(match["tunit"]))
    elif match["count"]:
        length = (number(match["count"], unit_of(match["unit"])), unit_of(match["unit"]))
    else:
        length = (45.0 if match["three"] else 15.0, "minute")
    return {"length": length, "firm": False}
