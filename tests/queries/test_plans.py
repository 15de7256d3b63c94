"""What is asked on the side is read by an index of its own, whatever PostgreSQL knows of the tables."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import copies
from cases.models import Delivery, Limit
from cases.queries import owners, setup

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_of():
    """How PostgreSQL goes about the questions that name this column. Small tables are read whole otherwise."""

    def plan_of(asks, names):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            asks()
        with connection.cursor() as cursor:
            for forbidden in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
                cursor.execute(f"SET LOCAL {forbidden} = off")
            plans = []
            for query in [query["sql"] for query in asked.captured_queries if names in query["sql"]]:
                cursor.execute(f"EXPLAIN {query}")
                plans += [line for (line,) in cursor.fetchall()]
        assert plans
        return "\n".join(plans)

    return plan_of


def test_whom_a_customer_put_in_copy_today(plan_of, case, cleo):
    add = lambda: copies.add(case, by=cleo, address="bert@example.net")  # noqa: E731
    assert "put_in_copy_by" in plan_of(add, '"added_at" >')


def test_the_last_mail_that_was_tried_is_found_behind_any_number_that_wait(plan_of):
    assert "deliveries_that_were_tried" in plan_of(setup.last_mail, "cases_delivery")
    tried = Delivery.objects.create(address="a@example.com", message_id="<a>", state=Delivery.State.SENT)
    waiting = [Delivery(address="a@example.com", message_id=f"<{number}>") for number in range(40)]
    Delivery.objects.bulk_create(waiting)
    assert setup.last_mail() == tried


def test_the_first_answer_is_looked_for_in_the_cases_that_are_near(plan_of, case, adam):
    plan = plan_of(lambda: setup.first_case(adam), "cases_event")
    assert plan.count("on cases_event") == plan.count("Index Cond: (case_id = cases_case.number)") == 2


@pytest.mark.parametrize("within", ["systems", "teams"])
def test_past_cases_of_a_customer_are_chosen_within_a_limit_by_the_index_alone(
    plan_of, case, ada, cleo, till, team, within
):
    ada.limit = Limit(**{within: [{"systems": till, "teams": team}[within].pk]})
    for owner in (cleo, cleo.organisation):
        asks = lambda owner=owner: owners.cases_of(ada, owner, which="past", before="", count=9)  # noqa: E731
        assert f"Index Only Scan using past_of_{owners.whose(owner)}" in plan_of(asks, "ORDER BY")
