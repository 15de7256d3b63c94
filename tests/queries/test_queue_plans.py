"""What PostgreSQL reads for a page of the queue: an index in the order that is asked for, and never the table."""

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils import timezone

from cases.models import Limit, User
from cases.models.case import NEVER
from cases.queries import queue

pytestmark = pytest.mark.django_db

STATUSES = ["", "open", "investigating", "snoozed", "resolved", "closed", "all"]
PLACES = {
    "waiting_on": 0,
    "waiting_since": timezone.now(),
    "severity": 2,
    "number": 5,
    "due": NEVER,
    "changed_at": timezone.now(),
    "snoozed_until": timezone.now(),
}


def plan(cases, order, *, falling, beyond):
    if "due" in order.fields:
        cases = cases.annotate(due=queue.DUE)
    if beyond:
        than = TupleLessThan if falling else TupleGreaterThan
        cases = cases.filter(
            than(tuple(F(field) for field in order.fields), tuple(PLACES[field] for field in order.fields))
        )
    sorting = [("-" if falling else "") + field for field in order.fields]
    with connection.cursor() as cursor:
        # Small tables are read whole whatever indexes there are.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    return cases.order_by(*sorting).values("number")[:31].explain()


@pytest.mark.parametrize("beyond", [False, True], ids=["first page", "later page"])
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("status", STATUSES)
def test_every_order_that_is_offered_has_an_index(ada, case, status, backwards, beyond):
    for name, order in queue.orders_of(status).items():
        cases = queue.narrowed(ada, {"status": status})
        found = plan(cases, order, falling=order.falling != backwards, beyond=beyond)
        assert "Seq Scan" not in found, (name, found)
        assert "Sort" not in found, (name, found)


@pytest.mark.parametrize("within", ["systems", "teams"])
def test_a_limit_reads_by_the_same_indexes_and_adds_one_condition(ada, till, team, case, within):
    ada.limit = Limit(**{within: [{"systems": till, "teams": team}[within].pk]})
    everybody = User(role=User.Role.AGENT)
    for status in STATUSES:
        cases = queue.narrowed(ada, {"status": status})
        for name, order in queue.orders_of(status).items():
            found = plan(cases, order, falling=order.falling, beyond=False)
            assert "Seq Scan" not in found, (name, found)
            assert "Sort" not in found, (name, found)
        conditions, without = (
            str(queue.narrowed(agent, {"status": status}).query).partition(" WHERE ")[2]
            for agent in (ada, everybody)
        )
        assert conditions.count(" AND ") - without.count(" AND ") == bool(without)
        assert conditions.count(" IN (") - without.count(" IN (") == {"systems": 1, "teams": 2}[within]
        assert " JOIN " not in str(cases.query)
