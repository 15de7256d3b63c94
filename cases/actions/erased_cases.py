"""A person is taken out of a case, which keeps its story and its figures."""

import re

from django.db import transaction

from cases.models import Attachment, Case, Event, Kind, SecretAnswer, User
from cases.queries.person import addresses_of, works_on_the_desk

from . import secrets
from .attachments import take_away
from .events import record
from .originals import strike_mail
from .removal import Strike, opened_by, save_events, strike_beside, strike_cases, strike_files


@transaction.atomic
def erase(case: Case, by: User, person: int) -> Event | None:
    """Replace the name and the addresses of this person wherever the case has them, and remove their files and secrets.

    Returns None when the case has nothing of them (any more).
    """
    case, whom = case.locked(), User.objects.get(pk=person)
    instead = "a former agent" if works_on_the_desk(whom) else "a former customer"
    names = [whom.name, *addresses_of(whom)]
    if case.customer_id == whom.pk or case.claimed_email in names[1:]:
        names += [case.customer_name, case.first_name_given]
    strike = Strike(_exactly(names), "", instead)
    files = list(Attachment.objects.filter(case=case, uploader=whom))
    keys = {str(file.key) for file in files}
    given = SecretAnswer.objects.filter(request__case=case, by=whom).select_related("request__case")
    changed = []
    for event in case.events.all():
        files_before = event.attachments
        strike_files(event, keys)
        if strike.event(event) or event.attachments != files_before:
            changed.append(event)
    shown = strike_cases([case], strike)
    claimed = case.claimed_email in names
    if not (changed or files or given or shown or claimed):
        return None
    if claimed:
        case.claimed_email = ""
        case.save(update_fields=["claimed_email"])
    strike_beside([case.pk], strike)
    for answer in given:
        secrets.delete(answer, by=by)
    recorded = record(case, Kind.ERASED, by=by)
    with opened_by(recorded):
        save_events(changed)
    strike_mail([case.pk], strike.text, events=changed, senders=addresses_of(whom))
    take_away(files)
    return recorded


def _exactly(names: list[str]) -> re.Pattern[str]:
    """Each of these as it is written, be it in capital letters, and not within a longer word. The longest comes first."""
    known = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE)
