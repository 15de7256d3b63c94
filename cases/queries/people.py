"""Finding people."""

import re

from django.contrib.postgres.search import SearchQuery

from cases.models import User
from cases.models.people import WORKS_ON_CASES
from cases.models.search import person_words


def people_like(text: str, most: int) -> list[User]:
    """Customers who have this address, or whose name or primary one has these words or beginnings of words: one more
    than `most` at most."""
    words = re.findall(r"[\w.+-]*\w", text.lower())
    if not words or len(words) > 5 or max(map(len, words)) < 3:
        return []
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")
    people = User.objects.exclude(WORKS_ON_CASES).annotate(words=person_words()).filter(words=query)
    found: list[User] = list(people[: most + 1])
    owner = User.objects.of_address(text) if "@" in text else None
    if owner and not owner.is_agent and owner not in found:
        found.insert(0, owner)
    return found
