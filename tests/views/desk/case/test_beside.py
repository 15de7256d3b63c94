"""The queue beside a case, for whoever has a wide window."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import resolution, triage
from cases.queries import queue
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    browser.cookies["wide"] = "1"
    return browser


def look(browser, case):
    return browser.get(reverse("desk_case", args=[case.number]))


def listed(response):
    return [int(number) for number in re.findall(r'id="row-(\d+)"', response.text)]


def current(response):
    return [int(number) for number in re.findall(r'id="open-(\d+)" aria-current="page"', response.text)]


def test_a_wide_window_has_the_queue_beside_the_case(desk, case):
    other = CaseFactory()
    response = look(desk, case)
    assert sorted(listed(response)) == [case.number, other.number]
    assert current(response) == [case.number]
    assert 'name="case"' not in response.text  # many cases are changed in the queue itself


def test_another_window_has_it_not(desk, case):
    desk.cookies["wide"] = "0"
    assert listed(look(desk, case)) == []
    del desk.cookies["wide"]
    assert listed(look(desk, case)) == []


def test_it_is_the_queue_as_one_left_it(desk, ada, case):
    other = CaseFactory()
    triage.assign(other, by=ada, assignee=ada)
    desk.get(reverse("queue"), {"assignee": "me"})
    response = look(desk, case)
    assert (listed(response), current(response)) == ([other.number], [])


def test_a_case_beyond_the_page_begins_the_list(desk, case):
    cases = [CaseFactory() for _ in range(queue.PAGE + 3)]
    response = look(desk, cases[-1])
    assert listed(response)[0] == cases[-1].number
    assert current(response) == [cases[-1].number]


def test_one_that_left_the_queue_stands_beside_what_is_left(desk, ada, case):
    other = CaseFactory()
    resolution.close(case, by=ada)
    assert listed(look(desk, case)) == [other.number]


@pytest.mark.parametrize("state", ["after=nonsense", "status=nonsense&order=no", "columns=no", "severity=x"])
def test_a_broken_cookie_shows_the_whole_queue(desk, case, state):
    desk.cookies["queue"] = state
    assert listed(look(desk, case)) == [case.number]


def test_it_costs_one_query_and_three_where_the_case_stands_further_on(desk, case):
    def asked(one, wide):
        desk.cookies["wide"] = wide
        look(desk, one)
        with CaptureQueriesContext(connection) as queries:
            look(desk, one)
        return len(queries)

    cases = [CaseFactory() for _ in range(queue.PAGE + 3)]
    assert asked(case, "1") - asked(case, "0") == 1
    assert asked(cases[-1], "1") - asked(cases[-1], "0") <= 4
