"""How text is made searchable: see docs/decisions/search.md."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector
from django.db.models import Func, IntegerField, TextField, Value
from django.db.models.functions import Concat, Left, Replace

LANGUAGE = settings.SEARCH_LANGUAGE
BLOCK = 1024  # cases
PENDING = (
    256  # KB that wait to be sorted into an index: every search reads them, and one writer sorts them in
)


class Block(Func):
    """Among which BLOCK cases a case stands, as an array of one, which a GIN index can hold beside the words."""

    template = "(ARRAY[(%(expressions)s / 1024)::integer])"
    output_field = ArrayField(IntegerField())


def words_of(field: str) -> SearchVector:
    """Of a text that has no column of its words."""
    return SearchVector(Left(field, 200_000), config=LANGUAGE)


def person_words() -> SearchVector:
    """A name and the parts of an address, each as it is written."""
    words = Concat("name", Value(" "), Replace("email", Value("@"), Value(" ")), output_field=TextField())
    return SearchVector(words, config="simple")


def organisation_words() -> SearchVector:
    return SearchVector("name", config="simple")
