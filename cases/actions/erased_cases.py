"""Persons are taken out of a case, which keeps its story and its figures."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from cases.models import Attachment, Case, Event, Kind, Rating, Role, SecretAnswer, User
from cases.queries.person import addresses_of, works_on_the_desk

from . import secrets
from .attachments import take_away
from .events import record
from .originals import strike_mail
from .removal import Strike, opened_by, save_events, strike_beside, strike_cases, strike_files

SOMEBODY, AGENT = "a former customer", "a former agent"


@transaction.atomic
def erase(case: Case, by: User, person: int) -> Event | None:
    """Replace the name and the addresses of this person wherever the case has them, and remove their files and secrets.

    Returns None when the case has nothing of them (any more).
    """
    case, whom = case.locked(), User.objects.get(pk=person)
    names = [whom.name, *addresses_of(whom)]
    theirs = case.customer_id == whom.pk or case.claimed_email in names[1:]
    if theirs:
        names += _given(case)
    strike = Strike(_exactly(names), "", AGENT if works_on_the_desk(whom) else SOMEBODY)
    files = list(Attachment.objects.filter(case=case, uploader=whom))
    given = SecretAnswer.objects.filter(request__case=case, by=whom)
    return _take_out(case, by, strike, files, given, claimed=theirs)


@transaction.atomic
def anonymise(case: Case) -> Event | None:
    """Take every customer out of an old case, which belongs to nobody then: not even by number.

    Returns None when that was done before.
    """
    case = case.locked()
    if case.anonymised:
        return None
    theirs = Q(role=Role.CUSTOMER)
    authors = User.objects.filter(pk__in=case.events.filter(theirs).values("author"))
    customers = [*authors, *User.objects.filter(pk=case.customer_id or 0)]
    names = [name for person in customers for name in (person.name, *addresses_of(person))]
    strike = Strike(_exactly([*names, *_given(case), case.claimed_email]), "", SOMEBODY)
    files = list(Attachment.objects.filter(case=case, event__role=Role.CUSTOMER))
    recorded = _take_out(
        case, None, strike, files, SecretAnswer.objects.filter(request__case=case), claimed=True
    )
    recorded = recorded or record(case, Kind.ERASED, by=None)
    with opened_by(recorded):
        case.events.filter(theirs).update(author=None)
        for event in case.events.filter(kind=Kind.MOVED):
            event.details |= {"before": SOMEBODY, "after": SOMEBODY}
            event.changes.pop("customer_id", None)
            save_events([event])
    Rating.objects.filter(case=case).update(by=None)
    Case.objects.filter(pk=case.pk).update(
        customer=None, customer_name=SOMEBODY, first_name_given="", anonymised=True
    )
    return recorded


def _given(case: Case) -> list[str]:
    """The names under which the case was reported."""
    return [case.customer_name, case.first_name_given]


def _take_out(
    case: Case,
    by: User | None,
    strike: Strike,
    files: list[Attachment],
    given: Iterable[SecretAnswer],
    *,
    claimed: bool,
) -> Event | None:
    """Strike it out of the case, take the files away and delete what was given as a secret. `claimed` forgets the
    address that a visitor typed."""
    keys = {str(file.key) for file in files}
    changed = []
    for event in case.events.all():
        files_before = event.attachments
        strike_files(event, keys)
        if strike.event(event) or event.attachments != files_before:
            changed.append(event)
    shown, secret = strike_cases([case], strike), list(given)
    if not (changed or files or secret or shown or (claimed and case.claimed_email)):
        return None
    if claimed and case.claimed_email:
        case.claimed_email = ""
        case.save(update_fields=["claimed_email"])
    strike_beside([case.pk], strike)
    for answer in secret:
        secrets.delete(answer, by=by)
    recorded = record(case, Kind.ERASED, by=by)
    with opened_by(recorded):
        save_events(changed)
    strike_mail([case.pk], strike.text, events=changed)
    take_away(files)
    return recorded


def _exactly(names: Iterable[str]) -> re.Pattern[str]:
    """Each of these as it is written, be it in capital letters, and not within a longer word. The longest comes first."""
    known = sorted(
        {name.strip() for name in names if name.strip()} - {SOMEBODY, AGENT}, key=len, reverse=True
    )
    words = "|".join(map(re.escape, known)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
