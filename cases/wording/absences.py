"""Until when somebody is away."""

from datetime import datetime

from django.utils import timezone

from cases.models import User
from cases.text.times_of_day import time_of_day


def away(person: User) -> str:
    """ "away until Mon 5 Oct", in the zone of whoever reads; nothing while they are here."""
    return f"away until {back(person.away_until)}" if person.is_away and person.away_until else ""


def back(at: datetime) -> str:
    """When somebody goes or is back: the day alone where that is as it begins."""
    local, today = timezone.localtime(at), timezone.localdate()
    time = time_of_day(local)
    begins = (local.hour, local.minute) == (0, 0)
    if local.date() == today:
        return "today" if begins else time
    day = f"{local:%a %-d %b}{f' {local:%Y}' if local.year != today.year else ''}"
    return day if begins else f"{day}, {time}"
