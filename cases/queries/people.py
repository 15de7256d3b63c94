"""Finding people."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef

from cases.models import Case, User, Viewer
from cases.models.people import WORKS_ON_CASES
from cases.models.search import person_words


def people_like(text: str, viewer: Viewer, most: int) -> list[User]:
    """Customers who have this address, or whose name or primary one has these words or beginnings of words: one more
    than `most` at most. Who is limited finds those of whom they see a case."""
    words = re.findall(r"[\w.+-]*\w", text.lower())
    if not words or len(words) > 5 or max(map(len, words)) < 3:
        return []
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
    people = User.objects.exclude(WORKS_ON_CASES)
    if isinstance(viewer, User) and viewer.limit:
        people = people.filter(Exists(Case.objects.visible_to(viewer).filter(customer=OuterRef("pk"))))
    found: list[User] = list(people.annotate(words=person_words()).filter(words=query)[: most + 1])
    owner = User.objects.of_address(text) if "@" in text else None
    if owner and owner not in found and people.filter(pk=owner.pk).exists():
        found.insert(0, owner)
    return found
