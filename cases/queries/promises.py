"""What a text promises in a case, in the words of `cases.actions.promises`."""

from datetime import datetime, timedelta

from django.utils import timezone

from cases.clock.calendar import BadCalendar
from cases.models import Case, IncidentEvent
from cases.models.promise import PromiseTerms
from cases.text.promises.find import find, may_promise

from .service_levels import levels_of


def promised_in(text: str, case: Case, now: datetime) -> list[PromiseTerms]:
    """The promises of an agent's text, as written now by somebody in the current time zone.

    A vague one is due after a time set by severity.
    """
    if not may_promise(text):
        return []
    levels = levels_of(case)
    zone, span = timezone.get_current_timezone(), levels.vague_promise(case.severity)
    words = []
    for found in find(text, now, zone, levels.calendar)[: 2 * MOST]:
        try:
            due_at = found.due or levels.calendar.after(now, span)
        except BadCalendar:  # nobody's reply may fail because of it
            due_at = now + span
        words.append(PromiseTerms(due_at, " ".join(found.phrase.split()), found.every, found.vague))
    return words


MOST = 10  # running at once


def promised_in_update(event: IncidentEvent) -> list[PromiseTerms]:
    return [
        PromiseTerms(datetime.fromisoformat(due_at), phrase, every and timedelta(seconds=every), vague)
        for due_at, phrase, every, vague in event.details.get("promises", [])
    ]
