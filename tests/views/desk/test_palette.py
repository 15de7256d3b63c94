import pytest
from django.urls import reverse

from cases.actions import triage
from cases.models import SavedView
from tests.factories import CaseFactory, UserFactory


@pytest.fixture
def offered(ada, browser_of):
    browser = browser_of(ada)
    return lambda text="": [
        option.label for option in browser.get(reverse("palette"), {"q": text}).context["options"]
    ]


def test_without_words_it_offers_ones_own_cases_then_pages_and_views(offered, ada, case):
    CaseFactory(summary="Someone else’s")
    triage.assign(case, by=ada, assignee=ada)
    assert offered()[:3] == [f"#{case.number} {case.summary}", "Queue", "Search"]


def test_a_number_words_and_unfinished_words_lead_to_cases(offered, case):
    title = f"#{case.number} {case.summary}"
    CaseFactory(summary="Something else", customer=UserFactory(name="Rhys"))
    for text in (str(case.number), f"#{case.number}", "card reader", "read", "cleo refu", "refused"):
        assert title in offered(text), text
    assert title not in offered("zebra")
    assert len(offered("rhy")) == 3  # the case, its customer, and the search


def test_views_and_pages_come_before_cases_and_search_comes_last(offered, ada, abe):
    SavedView.objects.create(name="Reader trouble", owner=ada, severity=1)
    SavedView.objects.create(name="Reader trouble of Abe", owner=abe)
    case = CaseFactory()
    assert offered("reader") == [
        "Reader trouble",
        f"#{case.number} {case.summary}",
        "Search all messages for “reader”",
    ]
    assert offered("macro")[0] == "Macros"


@pytest.mark.parametrize("text", ["x" * 5000, "a\x00b", "'", "!!", ":*", "the", "9" * 30, "\\", "a'b | !c"])
def test_nothing_that_is_typed_is_an_error(offered, text):
    assert offered(text)[-1].startswith("Search all messages")


def test_the_queries_do_not_grow(offered, django_assert_max_num_queries):
    for _ in range(20):
        CaseFactory()
    with django_assert_max_num_queries(10):
        assert len(offered("reader")) == 9


def test_single_keys_are_turned_off_and_on_in_this_browser(visitor, db):
    response = visitor.post(reverse("keys"), {"keys": "off", "next": "/cases/new/"})
    assert response.url == "/cases/new/"
    page = visitor.get("/cases/new/").text
    assert '<body data-keys="off"' in page
    assert "Turn them on" in page
    visitor.post(reverse("keys"), {"keys": "on"})
    assert "data-keys" not in visitor.get("/cases/new/").text
    assert visitor.post(reverse("keys"), {"keys": "x", "next": "https://example.org/"}).url == "/"
