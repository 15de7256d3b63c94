import pytest
from django.urls import reverse

from cases.actions import bulk
from cases.models import Bulk, Case
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def asked(browser, cases=(), **fields):
    data = {"change": "priority=1", "case": [case.number for case in cases]} | fields
    return browser.post(reverse("bulk_start"), data, follow=True)


def test_chosen_cases_are_changed_and_the_queue_comes_back_as_it_was(desk, case):
    other = CaseFactory()
    response = asked(desk, [case], query="severity=2&order=newest")
    assert response.redirect_chain[-1][0] == f"{reverse('queue')}?severity=2&order=newest"
    assert "1 case is being changed." in response.text
    bulk.run(Bulk.objects.get())
    assert list(Case.objects.filter(priority=1)) == [case]
    assert other.priority is None


def test_a_whole_view_asks_first_and_says_how_many_it_holds(desk, case):
    CaseFactory(severity=4)
    response = asked(desk, query="severity=2", scope="view")
    assert "This changes 1 case of the view" in response.text
    assert Bulk.objects.count() == 0
    asked(desk, query="severity=2", scope="view", confirmed="yes")
    bulk.run(Bulk.objects.get())
    assert list(Case.objects.filter(priority=1)) == [case]


def test_a_view_that_holds_too_many_is_refused_before_it_begins(desk, case, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 1)
    CaseFactory()
    assert "more than 1 cases" in asked(desk, scope="view").text
    assert "Narrow the view first" in asked(desk, scope="view", confirmed="yes").text
    assert Bulk.objects.count() == 0


def test_the_pages_place_does_not_narrow_the_whole_view(desk, case):
    assert "This changes 1 case of the view" in asked(desk, query="after=nonsense", scope="view").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"change": ""}, "Choose what to change."),
        ({"change": "delete=all"}, "Select a valid choice"),
        ({"case": []}, "Choose at least one case."),
        ({"case": ["x", "-1", "9" * 30]}, "Choose at least one case."),
        ({"scope": "view", "query": "severity=9", "confirmed": "yes"}, "That view is not known any more."),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(desk, case, fields, sentence):
    assert sentence in asked(desk, [case], **fields).text
    assert Bulk.objects.count() == 0


def test_progress_is_shown_with_what_could_not_be_changed(desk, ada, case):
    found = bulk.start(by=ada, name="priority", value="1", label="Priority: P1", cases=[case.number, 999_999])
    page = reverse("bulk", args=[found.pk])
    text = desk.get(page).text
    assert "0 of 2 cases are done." in text
    assert "hx-get" in text
    bulk.run(found)
    text = desk.get(page).text
    assert "Done: 2 cases, of which 1 could not be changed." in text
    assert "This case is no longer there." in text
    assert 'hx-trigger="load' not in text


def test_a_running_change_can_be_stopped(desk, ada, case):
    found = bulk.start(by=ada, name="priority", value="1", label="", cases=[case.number])
    response = desk.post(reverse("bulk_stop", args=[found.pk]), follow=True)
    assert "Stopped: 0 of 1 cases were done" in response.text


def test_nobody_sees_or_stops_what_another_agent_asked_for(abe, ada, case, browser_of):
    found = bulk.start(by=ada, name="priority", value="1", label="", cases=[case.number])
    for name in ("bulk", "bulk_stop"):
        browser, url = browser_of(abe), reverse(name, args=[found.pk])
        assert (browser.get if name == "bulk" else browser.post)(url).status_code == 404
