"""In which cases a person stands, and under which addresses."""

from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from cases.models import (
    Attachment,
    AuditEntry,
    AuditKind,
    Case,
    Event,
    Incident,
    InCopy,
    Kind,
    ReceivedMail,
    User,
)
from cases.models.account_merge import accounts_of
from cases.models.event import SAID
from cases.models.rights import Right, roles_with
from cases.models.search import LANGUAGE

SHORTEST_NAME = 3  # characters: a shorter one is looked for in their own cases alone


def works_on_the_desk(person: User) -> bool:
    """Whether the desk is for their role, be they deactivated or not."""
    return person.role in roles_with(Right.READ_DESK)


def nobodys_address(person: User) -> str:
    """What an erased person has instead of theirs: nobody can ever be reached there (RFC 2606)."""
    return f"erased-{person.pk}@erased.invalid"


def is_erased(person: User) -> bool:
    return person.email == nobodys_address(person)


def addresses_of(person: User) -> list[str]:
    """All that are known to be theirs or were given by them, the primary one first."""
    others = EmailAddress.objects.filter(user=person).exclude(email=person.email).order_by("pk")
    return [person.email, *others.values_list("email", flat=True)]


def sent_by(person: User) -> Q:
    """Of files, those that they uploaded or mailed."""
    accounts = accounts_of(person)
    return Q(uploader__in=accounts) | Q(event__author__in=accounts, event__details__has_key="mail")


def lines_with(person: User) -> QuerySet[AuditEntry]:
    """The lines of the audit log that are by or about them, or mention them, but for those of erasures."""
    accounts = accounts_of(person)
    named = (Q(words__icontains=word) for word in _words_for(person))
    lines = AuditEntry.objects.exclude(kind=AuditKind.ERASED).annotate(words=Cast("details", TextField()))
    return lines.filter(reduce(or_, named, Q(by__in=accounts) | Q(about__in=accounts)))


def _words_for(person: User) -> list[str]:
    """By which what mentions them is found."""
    names = {account.name for account in accounts_of(person) if len(account.name) >= SHORTEST_NAME}
    return [*names, *addresses_of(person)]


def incidents_with(person: User) -> list[int]:
    """The numbers of the incidents that mention them by name or address."""
    texts = ("title", "resolution", "root_cause", "events__body", "events__changes", "events__bulk__change")
    named = (Q((f"{text}__icontains", word)) for word in _words_for(person) for text in texts)
    return [*Incident.objects.filter(reduce(or_, named)).values_list("pk", flat=True).distinct()]


def cases_with(person: User) -> list[int]:
    """The numbers of the cases that are theirs, in which they did something, or which mention them by name or address."""
    addresses, accounts = addresses_of(person), accounts_of(person)
    theirs = Q(customer__in=accounts) | Q(assignee=person) | Q(claimed_email__in=addresses)
    numbers = set(Case.objects.filter(theirs).values_list("pk", flat=True))
    numbers |= set(Event.objects.filter(author__in=accounts).values_list("case", flat=True))
    files = Attachment.objects.filter(uploader__in=accounts, case__isnull=False)
    numbers |= set(files.values_list("case", flat=True))
    copied = [Q(people__contains=[address]) for address in addresses]
    mails = ReceivedMail.objects.filter(reduce(or_, copied, Q(sender__in=addresses)), case__isnull=False)
    numbers |= set(mails.values_list("case", flat=True))
    outside = Event.objects.filter(kind=Kind.FORWARDED, details__address__in=addresses)
    numbers |= set(outside.values_list("case", flat=True))
    numbers |= set(InCopy.objects.filter(address__in=addresses).values_list("case", flat=True))
    for words in _words_for(person):
        query = SearchQuery(words, config=LANGUAGE, search_type="phrase")
        numbers |= set(Event.objects.filter(SAID, search=query).values_list("case", flat=True))
        numbers |= set(Case.objects.filter(search=query).values_list("pk", flat=True))
    return sorted(numbers)
