"""What is searched for: words whose frequency is known from `cases.demo.volume`."""

import re
from urllib.parse import urlencode

from django.db import connection
from django.urls import NoReverseMatch, reverse

from cases.demo.volume import VOCABULARY
from cases.models import Event


def common(count: int) -> list[str]:
    """The commonest words that full text does not leave out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT word FROM unnest(%s::text[]) WITH ORDINALITY AS said (word, rank)
               WHERE to_tsvector('english', word) <> '' ORDER BY rank LIMIT %s""",
            [VOCABULARY[:300], count],
        )
        return [word for (word,) in cursor]


def rare() -> str:
    """An error of which a handful of messages tell, the newest."""
    newest = Event.objects.filter(body__regex=r"Error \d+\.$").order_by("-pk").values_list("body", flat=True)
    told = newest.first()
    return f"error {re.findall(r'Error (\d+)', told)[-1]}" if told else VOCABULARY[-1]


def searching(words: str, **filters: object) -> str:
    """The address of a search through all cases."""
    try:
        path, first = reverse("search"), {}
    except NoReverseMatch:
        path, first = reverse("queue"), {"status": "all"}
    return f"{path}?{urlencode(first | {'q': words} | filters)}"
