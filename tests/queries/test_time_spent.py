"""A report of time spent reads its days by an index."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cases.queries.time_spent import worked, worked_by_case

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", ["agent", "team", "system"])
def test_time_spent_is_found_by_its_time(ada, by, django_assert_num_queries):
    end = timezone.now()
    start = end - timedelta(days=7)
    with django_assert_num_queries(2) as asked:
        worked(ada, start, end, by)
        worked_by_case(ada, start, end)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off"
        )  # the table is empty, which would be read quicker whole
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            assert "time_spent_by_time" in "\n".join(line for (line,) in cursor.fetchall())
