"""In which cases a person stands, and under which addresses."""

from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from cases.models import Attachment, Case, Event, ReceivedMail, User
from cases.models.account_merge import accounts_of
from cases.models.event import SAID
from cases.models.rights import Right, roles_with
from cases.models.search import LANGUAGE

SHORTEST_NAME = 3  # characters: a shorter one is looked for in their own cases alone


def works_on_the_desk(person: User) -> bool:
    """Whether the desk is for their role, be they deactivated or not."""
    return person.role in roles_with(Right.READ_DESK)


def addresses_of(person: User) -> list[str]:
    """All that are known to be theirs or were given by them, the primary one first."""
    others = EmailAddress.objects.filter(user=person).exclude(email=person.email).order_by("pk")
    return [person.email, *others.values_list("email", flat=True)]


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
    names = {account.name for account in accounts if len(account.name) >= SHORTEST_NAME}
    for words in [*names, *addresses]:
        query = SearchQuery(words, config=LANGUAGE, search_type="phrase")
        numbers |= set(Event.objects.filter(SAID, search=query).values_list("case", flat=True))
        numbers |= set(Case.objects.filter(search=query).values_list("pk", flat=True))
    return sorted(numbers)
