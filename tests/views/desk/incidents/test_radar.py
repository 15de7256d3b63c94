"""The banner of the radar, and the page on which an agent decides."""

import pytest
from django.urls import reverse

from cases.actions import incidents, radar
from cases.models import Incident, SuggestedCase, Suggestion
from tests.factories import CaseFactory, IncidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(browser_of, ada):
    return browser_of(ada)


@pytest.fixture
def pair(till):
    said = [
        ("Customers cannot pay", "**Nobody** can pay at any till."),
        ("Payments fail", "All payments fail for all."),
    ]
    cases = [CaseFactory(system=till, summary=summary, description=words) for summary, words in said]
    for case in cases:
        radar.judge(case)
    return cases


@pytest.fixture
def suggestion(pair):
    return Suggestion.objects.get()


def page_of(suggestion):
    return reverse("suggestion", args=[suggestion.pk])


def sent(desk, suggestion, **fields):
    known = {"title": "Checkout is down", "severity": "1", "public": "on"}
    return desk.post(page_of(suggestion), known | fields)


def test_the_banner_says_how_many_report_what_and_in_which_words(desk, suggestion):
    text = " ".join(desk.get(reverse("radar")).text.split())
    assert "2 cases of 2 customers on Till" in text
    assert "not working" in text


def test_without_suggestions_the_banner_is_empty(desk, case):
    assert desk.get(reverse("radar")).text.strip() == ""


def test_the_banner_of_a_case_shows_what_concerns_it(desk, suggestion, pair):
    other = CaseFactory()
    assert "Possible outage" in desk.get(reverse("radar"), {"case": pair[0].pk}).text
    assert "Possible outage" not in desk.get(reverse("radar"), {"case": other.pk}).text


def test_the_banner_takes_as_many_queries_for_many_suggestions(
    desk, suggestion, pair, django_assert_max_num_queries
):
    for _ in range(10):
        other = Suggestion.objects.create(system=suggestion.system)
        SuggestedCase.objects.bulk_create(SuggestedCase(suggestion=other, case=case) for case in pair)
    with django_assert_max_num_queries(4):
        text = desk.get(reverse("radar")).text
    assert "And more." in text


def test_the_page_shows_the_cases_their_words_and_a_title_that_quotes_nobody(desk, suggestion, pair):
    text = desk.get(page_of(suggestion)).text
    assert all(case.summary in text for case in pair)
    assert "<strong>Nobody</strong> can pay at any till." in text
    assert 'value="Checkout not working"' in text
    assert all(f'value="{case.pk}" checked' in text for case in pair)


def test_confirming_opens_an_incident_with_the_checked_cases(desk, suggestion, pair):
    answer = sent(desk, suggestion, case=[pair[0].pk, pair[1].pk])
    incident = Incident.objects.get()
    assert answer.url == reverse("desk_incident", args=[incident.pk])
    assert (incident.title, incident.cases.count(), incident.public) == ("Checkout is down", 2, True)


def test_without_a_title_or_a_case_nothing_is_done_and_what_was_typed_stays(desk, suggestion, pair):
    answer = sent(desk, suggestion, case=[pair[0].pk], title="")
    assert answer.status_code == 422
    assert "Give the incident a title." in answer.text
    answer = sent(desk, suggestion, title="Typed with care")
    assert answer.status_code == 422
    assert "Choose at least one case." in answer.text
    assert "Typed with care" in answer.text
    assert not Incident.objects.exists()


def test_a_forged_case_is_not_attached(desk, suggestion, pair):
    other = CaseFactory()
    sent(desk, suggestion, case=[pair[0].pk, other.pk, "x", "9" * 30])
    assert list(Incident.objects.get().cases.all()) == [pair[0]]


def test_a_suggestion_takes_as_many_queries_for_many_cases_as_for_few(
    desk, suggestion, pair, till, django_assert_max_num_queries
):
    for number in range(6):
        third = CaseFactory(system=till, summary="No order can be placed", description=f"{number}: all fail.")
        SuggestedCase.objects.create(suggestion=suggestion, case=third)
    with django_assert_max_num_queries(7):
        assert "5: all fail." in desk.get(page_of(suggestion)).text


def test_what_was_decided_is_told_instead_of_asked_again(desk, suggestion, pair):
    desk.post(reverse("suggestion_dismissal", args=[suggestion.pk]))
    text = desk.get(page_of(suggestion)).text
    assert "Ada dismissed this" in text
    answer = desk.get(sent(desk, suggestion, case=[pair[0].pk]).url)
    assert "Ada has already dismissed this suggestion." in answer.text


def test_one_case_can_be_taken_out(desk, suggestion, pair, till):
    third = CaseFactory(
        system=till, summary="No order can be placed", description="All customers fail to pay."
    )
    radar.judge(third)
    answer = desk.post(reverse("suggestion_removal", args=[suggestion.pk, third.pk]), follow=True)
    assert answer.status_code == 200
    assert f"#{third.pk} " not in answer.text


def test_an_offer_to_an_incident_asks_for_no_title(desk, suggestion, pair, till):
    sent(desk, suggestion, case=[case.pk for case in pair])
    third = CaseFactory(
        system=till, summary="No order can be placed", description="All customers fail to pay."
    )
    radar.judge(third)
    offer = Suggestion.objects.get(state="open")
    assert "reads like incident" in " ".join(desk.get(reverse("radar")).text.split())
    text = desk.get(page_of(offer)).text
    assert 'name="title"' not in text
    answer = desk.post(page_of(offer), {"case": third.pk})
    assert answer.status_code == 302
    assert Incident.objects.get().cases.count() == 3


def test_what_was_attached_or_closed_meanwhile_is_not_suggested_any_more(desk, suggestion, pair, ada):
    incident = IncidentFactory(by=ada, system=pair[0].system)
    incidents.attach(pair[0], by=ada, incident=incident)
    assert "Possible outage" not in desk.get(reverse("radar")).text
    answer = sent(desk, suggestion, case=[pair[0].pk])
    assert answer.status_code == 422


def test_a_suggestion_that_is_gone_meanwhile_is_told_with_a_sentence(desk, suggestion, pair, monkeypatch):
    monkeypatch.setattr("cases.views.desk.incidents.radar.actions.confirm", _gone)
    answer = desk.get(sent(desk, suggestion, case=[pair[0].pk]).url)
    assert "This suggestion is gone" in answer.text


def _gone(suggestion, confirm=radar.confirm, **fields):
    Suggestion.objects.all().delete()
    return confirm(suggestion, **fields)
