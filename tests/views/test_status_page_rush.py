"""Many visitors at once, and a database that is away."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.test import Client

from cases.actions import incident_updates, incidents
from cases.status_page import cache, pages
from tests.factories import CaseFactory, IncidentFactory

from .test_status_page import FEED, LIST, page_of


@pytest.fixture
def incident(ada, till):
    return IncidentFactory(system=till, by=ada)


@pytest.fixture
def addresses(incident):
    return [LIST, page_of(incident), FEED]


class TestARushOfVisitors:
    def test_costs_few_queries_once_and_then_none_not_even_for_who_is_signed_in(
        self, visitor, cleo, browser_of, addresses, django_assert_num_queries, django_assert_max_num_queries
    ):
        browser = browser_of(cleo)
        for address in addresses:
            with django_assert_max_num_queries(5):
                visitor.get(address)
            with django_assert_num_queries(0):
                for _ in range(10):
                    visitor.get(address)
                    browser.get(address)

    @pytest.mark.django_db
    def test_for_a_page_that_is_not_there_costs_one_query(
        self, visitor, django_assert_num_queries, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(2):  # and the known problems, for the navigation
            assert visitor.get("/incidents/999999/").status_code == 404
        with django_assert_num_queries(0):
            assert visitor.get("/incidents/999999/").status_code == 404

    def test_costs_as_many_queries_for_many_incidents_as_for_few(
        self, visitor, ada, till, django_assert_max_num_queries
    ):
        for number in range(5):
            one = IncidentFactory(system=till, by=ada, title=f"Trouble {number}")
            incident_updates.update(one, by=ada, body="News.")
        with django_assert_max_num_queries(5):
            assert visitor.get(LIST).text.count("News.") == 5

    @pytest.mark.django_db(transaction=True)
    def test_is_answered_by_one_look_into_the_database(self, incident, monkeypatch):
        asked, begun = [], threading.Barrier(12)
        make = pages.list_page.make

        def counted():
            asked.append(1)
            return make()

        def visit(_):
            begun.wait(10)
            try:
                return [Client().get(LIST).status_code for _ in range(10)]
            finally:
                connection.close()

        monkeypatch.setattr(pages.list_page, "make", counted)
        monkeypatch.setattr(pages.list_page, "fresh", 60)
        with ThreadPoolExecutor(12) as threads:
            answers = list(threads.map(visit, range(12)))
        assert answers == [[200] * 10] * 12
        assert len(asked) == 1

    def test_sees_a_change_of_another_process_within_seconds(self, visitor, ada, incident, monkeypatch):
        now = cache.monotonic()
        monkeypatch.setattr(cache, "monotonic", lambda: now)
        visitor.get(LIST)
        incident_updates.update(incident, by=ada, body="News.")
        assert "News." not in visitor.get(LIST).text
        now += 2.1
        assert "News." in visitor.get(LIST).text

    def test_sees_a_change_of_this_process_at_once(
        self, visitor, ada, incident, django_capture_on_commit_callbacks
    ):
        visitor.get(LIST)
        with django_capture_on_commit_callbacks(execute=True):
            incident_updates.update(incident, by=ada, body="News.")
        assert "News." in visitor.get(LIST).text

    def test_is_not_begun_anew_by_each_case_that_is_attached(
        self, visitor, ada, incident, django_capture_on_commit_callbacks
    ):
        case = CaseFactory(system=incident.system)
        with django_capture_on_commit_callbacks() as callbacks:
            incidents.attach(case, by=ada, incident=incident)
            incident_updates.add_note(incident, by=ada, body="Hm.")
        assert pages.forget not in callbacks

    def test_is_still_answered_when_the_database_is_away(self, visitor, incident, monkeypatch):
        visitor.get(LIST)
        later = cache.monotonic() + 60
        monkeypatch.setattr(cache, "monotonic", lambda: later)
        monkeypatch.setattr(pages.list_page, "make", lambda: raise_(OperationalError("away")))
        assert "Card payments fail" in visitor.get(LIST).text


def raise_(error):
    raise error
