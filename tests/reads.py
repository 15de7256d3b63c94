"""How much PostgreSQL reads for something: rows of tables and entries of indexes, counted by itself."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

COUNTS = """
    SELECT relname, pg_stat_get_xact_tuples_returned(oid) + CASE relkind
        WHEN 'r' THEN pg_stat_get_xact_tuples_fetched(oid) ELSE 0 END
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
"""


@contextmanager
def rows_read() -> Iterator[Counter[str]]:
    """What is read in the block, by table and index, known at its end. All of the block is one transaction."""
    read: Counter[str] = Counter()
    with transaction.atomic():
        before = _counts()
        yield read
        read.update(_counts() - before)


def _counts() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return Counter(dict(cursor.fetchall()))
