"""How often something comes again: "every 30 minutes", "hourly", "twice a day"."""

import re
from datetime import timedelta

from .units import NUMBER, UNIT, WEEKDAY, WEEKDAYS, number, span, unit_of
from .written_time import Fields, Rules

RULES = Rules()


@RULES.add(
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
def read_every(match: re.Match[str]) -> Fields:
    """Read "every 30 minutes", "each Monday", "every other day"."""
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


@RULES.add(
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
def read_rate(match: re.Match[str]) -> Fields:
    """Read "hourly", "twice a day", "at 10 minute intervals", "on the hour"."""
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
