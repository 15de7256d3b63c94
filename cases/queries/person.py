"""In which cases a person stands, and under which addresses."""

from allauth.account.models import EmailAddress
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from cases.models import Attachment, Case, Event, ReceivedMail, User
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
    addresses = addresses_of(person)
    found = Case.objects.filter(Q(customer=person) | Q(assignee=person) | Q(claimed_email__in=addresses))
    numbers = set(found.values_list("pk", flat=True))
    numbers |= set(Event.objects.filter(author=person).values_list("case", flat=True))
    numbers |= set(
        Attachment.objects.filter(uploader=person, case__isnull=False).values_list("case", flat=True)
    )
    mails = ReceivedMail.objects.filter(sender__in=addresses, case__isnull=False)
    numbers |= set(mails.values_list("case", flat=True))
    for words in [person.name] * (len(person.name) >= SHORTEST_NAME) + addresses:
        query = SearchQuery(words, config=LANGUAGE, search_type="phrase")
        numbers |= set(Event.objects.filter(SAID, search=query).values_list("case", flat=True))
        numbers |= set(Case.objects.filter(search=query).values_list("pk", flat=True))
    return sorted(numbers)
