""" "Is it this?": the report of a problem that is known already."""

import re

import pytest
from django.urls import reverse

from cases.actions import incident_updates, incidents
from cases.models import Case, Incident, Severity
from tests.factories import IncidentFactory, SystemFactory

NEW = "/cases/new/"
GUEST = {"name": "Grete", "email": "grete@example.com"}
WORDS = {
    "summary": "Cards are refused",
    "description": "All of them.",
    "severity": Severity.CRITICAL.value,
}


@pytest.fixture
def incident(ada, till):
    return IncidentFactory(system=till, by=ada)


@pytest.fixture
def yes(till, incident):
    return {"system": till.pk, "incident": incident.number}


def said(case):
    return case.events.get(sequence=2).body


def test_the_open_incidents_of_the_chosen_system_are_offered(visitor, ada, till, incident):
    IncidentFactory(system=SystemFactory(), by=ada, title="Elsewhere")
    IncidentFactory(system=till, by=ada, title="Hidden", public=False)
    over = IncidentFactory(system=till, by=ada, title="Long over")
    incident_updates.resolve(over, by=ada, resolution="Done.")
    page = visitor.get(NEW, {"system": till.pk}).text
    assert "Is it this?" in page
    assert "Card payments fail" in page
    assert "Investigating" in page
    for other in ("Elsewhere", "Hidden", "Long over"):
        assert other not in page
    assert "Is it this?" not in visitor.get(NEW).text


@pytest.mark.parametrize("system", ["x", "9" * 40, "-1", "999999"])
@pytest.mark.django_db
def test_a_system_that_makes_no_sense_is_no_error(visitor, system):
    assert visitor.get(NEW, {"system": system, "incident": system}).status_code == 200
    assert visitor.post(NEW, {"system": system, "incident": system} | WORDS | GUEST).status_code == 422


def test_without_script_a_button_looks_and_nothing_typed_is_lost_or_judged(visitor, till, incident):
    response = visitor.post(NEW, {"system": till.pk, "description": "Half a", "name": "Gre", "look": "yes"})
    assert response.status_code == 200
    assert "Is it this?" in response.text
    assert "Half a" in response.text
    assert 'value="Gre"' in response.text
    assert 'class="error"' not in response.text
    assert Case.objects.count() == 0


def test_a_customer_says_yes_with_one_click(cleo, browser_of, yes, incident):
    response = browser_of(cleo).post(NEW, yes, follow=True)
    case = Case.objects.get()
    assert (case.incident, case.customer, case.severity) == (incident, cleo, Severity.HIGH)
    assert (case.summary, said(case)) == ("Card payments fail", "I have this problem too.")
    assert f"This is part of incident {incident.number}" in response.text
    assert f"part of incident {incident.number}. We’ve emailed you" in response.text


def test_what_was_typed_is_kept(cleo, browser_of, yes, incident):
    browser_of(cleo).post(NEW, yes | WORDS)
    case = Case.objects.get()
    assert (case.summary, said(case), case.severity) == ("Cards are refused", "All of them.", 1)
    assert case.incident == incident


def test_a_visitor_is_asked_for_name_and_address_and_the_answer_is_kept(visitor, yes, incident):
    response = visitor.post(NEW, yes | {"description": "All of them."})
    assert response.status_code == 422
    assert "Tell us your name." in response.text
    assert "Say in one line what is wrong." not in response.text
    assert "All of them." in response.text
    assert "It is this: Card payments fail" in response.text
    kept = re.search(r'<input type="hidden" name="incident" value="(\d+)"', response.text)[1]
    visitor.post(NEW, yes | {"incident": kept, "description": "All of them."} | GUEST)
    case = Case.objects.get()
    assert (case.incident, case.customer_name, said(case)) == (incident, "Grete", "All of them.")


def test_who_takes_the_answer_back_reports_something_else(visitor, till, incident):
    data = {"system": till.pk, "incident": [incident.number, ""]}
    assert "Say in one line what is wrong." in visitor.post(NEW, data | GUEST).text
    visitor.post(NEW, data | GUEST | WORDS)
    assert Case.objects.get().incident is None


def test_an_agent_says_yes_for_a_customer_even_to_what_is_not_public(ada, browser_of, yes, incident):
    incidents.change(incident, by=ada, public=False)
    response = browser_of(ada).post(NEW, yes | GUEST)
    case = Case.objects.get()
    assert response.url == reverse("desk_case", args=[case.number])
    assert (case.incident, case.customer_name) == (incident, "Grete")


def test_a_customer_cannot_join_what_is_not_public(cleo, ada, browser_of, yes, incident):
    incidents.change(incident, by=ada, public=False)
    response = browser_of(cleo).post(NEW, yes)
    assert response.status_code == 422
    assert "Card payments fail" not in response.text
    browser_of(cleo).post(NEW, yes | WORDS)
    assert Case.objects.get().incident is None


def test_an_incident_of_another_system_is_not_meant(cleo, browser_of, yes):
    other = SystemFactory()
    assert browser_of(cleo).post(NEW, yes | {"system": other.pk}).status_code == 422
    browser_of(cleo).post(NEW, yes | WORDS | {"system": other.pk})
    assert Case.objects.get().incident is None


class TestWhatWasResolvedMeanwhile:
    @pytest.fixture(autouse=True)
    def over(self, ada, incident):
        incident_updates.resolve(incident, by=ada, resolution="Done.")

    def test_is_said_and_nothing_is_lost(self, cleo, browser_of, yes):
        response = browser_of(cleo).post(NEW, yes | {"description": "All of them."})
        assert response.status_code == 422
        assert "“Card payments fail” was resolved meanwhile." in response.text
        assert "All of them." in response.text
        assert "Say in one line what is wrong." in response.text

    def test_does_not_keep_a_whole_report_from_being_a_case(self, cleo, browser_of, yes):
        response = browser_of(cleo).post(NEW, yes | WORDS, follow=True)
        case = Case.objects.get()
        assert case.incident is None
        assert f"” is no longer taking reports, so yours is a separate case: {case.number}" in response.text


def test_resolved_at_the_same_moment_the_case_is_open_by_itself(cleo, ada, browser_of, yes, monkeypatch):
    attach = incidents.attach

    def late(case, *, by, incident):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        return attach(case, by=by, incident=incident)

    monkeypatch.setattr("cases.actions.incidents.attach", late)
    response = browser_of(cleo).post(NEW, yes, follow=True)
    assert Case.objects.get().incident is None
    assert "” is no longer taking reports, so yours is a separate case:" in response.text


class TestSentTwice:
    def test_counts_once(self, cleo, browser_of, yes, incident):
        for _ in range(2):
            browser_of(cleo).post(NEW, yes)
        case = Case.objects.get()
        assert case.events.filter(kind="attached").count() == 1
        assert incident.events.filter(kind="attached").count() == 1

    def test_also_joins_what_was_first_sent_without_it(self, cleo, browser_of, yes, incident):
        browser_of(cleo).post(NEW, yes | WORDS | {"incident": ""})
        browser_of(cleo).post(NEW, yes | WORDS)
        assert Case.objects.get().incident == incident

    def test_does_not_undo_what_an_agent_decided(self, cleo, ada, browser_of, yes):
        browser_of(cleo).post(NEW, yes)
        incidents.detach(Case.objects.get(), by=ada)
        browser_of(cleo).post(NEW, yes)
        assert Case.objects.get().incident is None


def test_the_link_of_the_status_page_brings_the_answer_along(visitor, incident):
    page = visitor.get(reverse("incident", args=[incident.number])).text
    address = re.search(r'href="(/cases/new/\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert "It is this: Card payments fail" in visitor.get(address).text


def test_the_link_brings_the_answer_along_however_many_problems_there_are(visitor, ada, till, incident):
    for number in range(6):
        IncidentFactory(system=till, by=ada, title=f"Trouble {number}")
    page = visitor.get(NEW, {"system": till.pk, "incident": incident.number}).text
    assert "It is this: Card payments fail" in page
    assert "Card payments fail" not in visitor.get(NEW, {"system": till.pk}).text


def test_the_form_costs_one_query_more_for_what_is_known(
    visitor, ada, till, incident, django_assert_max_num_queries
):
    visitor.get(NEW)
    for number in range(4):
        IncidentFactory(system=till, by=ada, title=f"Trouble {number}")
    with django_assert_max_num_queries(2):  # the systems and their incidents
        visitor.get(NEW, {"system": till.pk})
    assert Incident.objects.count() == 5
