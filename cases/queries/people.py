"""Which customers and organisations the desk sees, and finding them by the beginnings of words."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from cases.models import CaseCount, Organisation, User, Viewer
from cases.models.people import WORKS_ON_CASES
from cases.models.rights import Right, roles_with
from cases.models.search import organisation_words, person_words

NOBODYS = r"@(merged|erased)\.invalid$"  # the addresses of accounts that are nobody's any more


def people_seen_by(viewer: User) -> QuerySet[User]:
    """The customers whose page this viewer opens: all, and for somebody limited those of whom they see a case. Whoever
    works at the desk is one of them with a case of their own."""
    has_cases = Exists(_lines(viewer, "customer"))
    if viewer.limit:
        return User.objects.filter(has_cases)
    return User.objects.filter(~Q(role__in=roles_with(Right.READ_DESK)) | has_cases)


def organisations_seen_by(viewer: User) -> QuerySet[Organisation]:
    found = Organisation.objects.select_related("policy")
    return found.filter(Exists(_lines(viewer, "organisation"))) if viewer.limit else found


def organisations_called(name: str, viewer: User) -> list[Organisation]:
    """The one that bears this name as it is written, or else those that bear it in other letters, large or small."""
    seen = organisations_seen_by(viewer)
    exactly = seen.filter(name=name).first()
    if exactly:
        return [exactly]
    words = SearchQuery(name, config="simple")  # which an index finds
    return list(
        seen.annotate(words=organisation_words()).filter(words=words, name__iexact=name).order_by("name")
    )


def lines_within(viewer: User, lines: QuerySet[CaseCount]) -> QuerySet[CaseCount]:
    return lines.filter(viewer.limit.within()) if viewer.limit else lines


def people_like(text: str, viewer: Viewer, most: int) -> list[User]:
    """Customers who have this address, or whose name or primary one has these words or beginnings of words, by name: one
    more than `most` at most. Who is limited finds those of whom they see a case."""
    query = _beginnings(text)
    if query is None or not isinstance(viewer, User):
        return []
    people = people_seen_by(viewer).exclude(WORKS_ON_CASES).exclude(email__regex=NOBODYS)
    like = people.annotate(words=person_words()).filter(words=query).order_by("name", "pk")
    found: list[User] = list(like[: most + 1])
    if "@" in text:
        owner = User.objects.of_address(text)
        seen = people.filter(
            pk=owner.pk if owner else 0
        ).first()  # asked for either way, so that no time tells
        if seen and seen not in found:
            found.insert(0, seen)
    return found


def organisations_like(text: str, viewer: User, most: int) -> list[Organisation]:
    """Those whose name has these words or beginnings of words, by name. Who is limited finds those of whom they see a
    case."""
    return list(organisations_named(text, organisations_seen_by(viewer)).order_by("name")[:most])


def people_named(text: str, people: QuerySet[User]) -> QuerySet[User]:
    """Of these people those who have this address, or these words or beginnings of words in their name or address."""
    owner = User.objects.of_address(text) if "@" in text else None
    has_address, query = Q(pk=owner.pk if owner else 0), _beginnings(text)
    if query is None:
        return people.filter(has_address)
    return people.annotate(words=person_words()).filter(has_address | Q(words=query))


def organisations_named(text: str, organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Of these organisations those whose name has these words or beginnings of words."""
    query = _beginnings(text)
    return (
        organisations.annotate(words=organisation_words()).filter(words=query)
        if query
        else organisations.none()
    )


def _beginnings(text: str) -> SearchQuery | None:
    """None for what is too short, or too long, to be looked for."""
    words = re.findall(r"[\w.+-]*\w", text.lower())
    if not words or len(words) > 5 or max(map(len, words)) < 3:
        return None
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")


def _lines(viewer: User, kind: str) -> QuerySet[Any]:
    """Of the outer row: what says that this viewer sees a case of it."""
    cases = [CaseCount.What.OPEN, CaseCount.What.PAST, CaseCount.What.SPAM]
    lines = CaseCount.objects.filter(whose=kind, owner=OuterRef("pk"), what__in=cases)
    return lines_within(viewer, lines).order_by().values("owner").annotate(sum=Sum("n")).filter(sum__gt=0)
