"""Persons are taken out of a case, which keeps its story and its figures."""

import re
from collections.abc import Iterable
from email.utils import parseaddr

from django.db import transaction
from django.db.models import Q

from cases.models import (
    Attachment,
    Case,
    Delivery,
    Event,
    InCopy,
    Kind,
    Rating,
    ReceivedMail,
    Role,
    SecretAnswer,
    User,
)
from cases.models.account_merge import accounts_of
from cases.models.rights import Right, roles_with
from cases.queries.person import addresses_of, sent_by, works_on_the_desk

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
    addresses, accounts = addresses_of(whom), accounts_of(whom)
    theirs = case.customer in accounts or case.claimed_email in addresses
    strike = strike_of(whom, _given(case) if theirs else ())
    files = list(
        Attachment.objects.filter(sent_by(whom) | _of_nobody(case, addresses, is_theirs=theirs), case=case)
    )
    given = SecretAnswer.objects.filter(request__case=case, by__in=accounts)
    return _take_out(case, by, strike, addresses, files, given)


def strike_of(person: User, names: Iterable[str] = ()) -> Strike:
    """Their names and addresses, and these names too."""
    known = [*(account.name for account in accounts_of(person)), *names, *addresses_of(person)]
    return Strike(_exactly(known), "", AGENT if works_on_the_desk(person) else SOMEBODY)


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
    addresses = [address for person in customers for address in addresses_of(person)]
    typed = case.events.filter(changes__has_key="claimed_email").values_list(
        "changes__claimed_email", flat=True
    )
    mailed = case.events.exclude(details__mailed_by=None).values_list("details__mailed_by", flat=True)
    addresses += filter(None, [case.claimed_email, *(one for pair in typed for one in pair), *_mailed(case)])
    names = [*_given(case), *(person.name for person in customers), *mailed]
    names += [name for name, _ in map(parseaddr, mailed)]
    outside = case.events.filter(kind=Kind.FORWARDED).values_list("details__address", flat=True)
    addresses += outside
    read_along = InCopy.objects.filter(case=case)
    addresses += [one.address for one in read_along]
    names += [one.name for one in read_along]
    strike = Strike(_exactly([*names, *addresses]), "", SOMEBODY)
    by_mail = Q(event__details__has_key="mailed_by")
    files = list(Attachment.objects.filter(Q(event__role=Role.CUSTOMER) | by_mail, case=case))
    given = SecretAnswer.objects.filter(request__case=case)
    recorded = _take_out(case, None, strike, addresses, files, given) or record(case, Kind.ERASED, by=None)
    with opened_by(recorded):
        case.events.filter(theirs).update(author=None)
        for event in case.events.filter(kind__in=(Kind.MOVED, Kind.PROVEN)):
            if event.kind == Kind.MOVED:
                event.details |= {"before": SOMEBODY, "after": SOMEBODY}
            event.changes.pop("customer_id", None)
            save_events([event])
    Rating.objects.filter(case=case).update(by=None)
    Case.objects.filter(pk=case.pk).update(
        customer=None, customer_name=SOMEBODY, first_name_given="", anonymised=True
    )
    return recorded


def _of_nobody(case: Case, addresses: list[str], *, is_theirs: bool) -> Q:
    """The files of whoever is not known: what came from these addresses, and where the case `is_theirs`, all that its
    customer gave."""
    mails = ReceivedMail.objects.filter(case=case, sender__in=addresses)
    keys = [str(key) for key in mails.values_list("key", flat=True)]
    named = Q(event__details__has_key="mailed_by")
    theirs = named & Q(event__details__mail__in=keys)
    if is_theirs:
        theirs |= Q(event__role=Role.CUSTOMER) & ~named
    return Q(event__author=None) & theirs


def _mailed(case: Case) -> set[str]:
    """The addresses in the mail of the case, but for those of people on the desk."""
    mails = ReceivedMail.objects.filter(case=case).values_list("sender", "people")
    found = {address for sender, people in mails for address in (sender, *people)}
    desk = User.objects.filter(role__in=roles_with(Right.READ_DESK))
    return found - {address for person in desk.filter(email__in=found) for address in addresses_of(person)}


def _given(case: Case) -> list[str]:
    """The names under which the case was reported."""
    return [case.customer_name, case.first_name_given]


def _take_out(
    case: Case,
    by: User | None,
    strike: Strike,
    addresses: list[str],
    files: list[Attachment],
    given: Iterable[SecretAnswer],
) -> Event | None:
    """Strike it out of the case, with the mail that came from these addresses, take the files away and delete what was
    given as a secret. Returns None where there was nothing that the case's events, texts or files tell."""
    keys = {str(file.key) for file in files}
    changed = []
    for event in case.events.all():
        files_before = event.attachments
        strike_files(event, keys)
        if strike.event(event) or event.attachments != files_before:
            changed.append(event)
    shown, secret = strike_cases([case], strike), list(given)
    strike_beside([case.pk], strike)
    strike_mail([case.pk], strike.text, events=changed)
    Delivery.objects.filter(event__case=case, address__in=addresses).delete()
    read_along, _ = InCopy.objects.filter(case=case, address__in=addresses).delete()
    claimed = bool(case.claimed_email) and case.claimed_email in addresses
    if not (changed or files or secret or shown or claimed or read_along):
        return None
    if claimed:
        case.claimed_email = ""
        case.save(update_fields=["claimed_email"])
    for answer in secret:
        secrets.delete(answer, by=by)
    recorded = record(case, Kind.ERASED, by=by)
    with opened_by(recorded):
        save_events(changed)
    take_away(files)
    return recorded


def _exactly(names: Iterable[str]) -> re.Pattern[str]:
    """Each of these as it is written, be it in capital letters, and not within a longer word. The longest comes first."""
    known = sorted(
        {name.strip() for name in names if name.strip()} - {SOMEBODY, AGENT}, key=len, reverse=True
    )
    words = "|".join(map(re.escape, known)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
