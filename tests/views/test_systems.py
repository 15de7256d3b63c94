"""Which systems customers are told of."""

import pytest

from cases.actions import incident_updates
from cases.models import Case
from cases.status_page import pages
from tests.factories import CaseFactory, IncidentFactory, SystemFactory

pytestmark = pytest.mark.django_db

REPORT = {
    "summary": "No card works",
    "description": "Every card is refused.",
    "severity": 2,
    "name": "Olga",
    "email": "olga@example.com",
}


@pytest.fixture
def hidden():
    return SystemFactory(name="Zeppelin", description="What nobody else knows of.", public=False)


def test_the_home_page_tells_of_public_systems_alone(visitor, till, hidden):
    page = visitor.get("/").text
    assert till.name in page
    assert hidden.name not in page
    assert hidden.description not in page


def test_customers_are_not_offered_a_hidden_system(visitor, browser_of, cleo, till, hidden):
    for browser in (visitor, browser_of(cleo)):
        for address in ("/cases/new/", f"/cases/new/?system={hidden.pk}"):
            page = browser.get(address).text
            assert till.name in page
            assert hidden.name not in page


def test_a_hidden_systems_number_and_one_of_none_are_answered_alike(visitor, hidden):
    answers = [visitor.post("/cases/new/", REPORT | {"system": pk}) for pk in (hidden.pk, 999_999)]
    for answer in answers:
        assert answer.status_code == 422
        assert "Choose the system that the problem is in." in answer.text
        assert "No card works" in answer.text
        assert hidden.name not in answer.text
    assert not Case.objects.exists()


def test_an_agent_uses_a_hidden_system_at_once(browser_of, ada, hidden):
    browser = browser_of(ada)
    assert hidden.name in browser.get("/cases/new/").text
    assert browser.post("/cases/new/", REPORT | {"system": hidden.pk}).status_code == 302
    assert Case.objects.get().system == hidden
    assert hidden.name in browser.get("/desk/incidents/new/").text


def test_whoever_has_a_case_of_it_does_not_read_its_name(browser_of, cleo, ada, hidden):
    case = CaseFactory(customer=cleo, system=hidden)
    for address in (f"/cases/{case.number}/", "/cases/", "/cases/new/"):
        assert hidden.name not in browser_of(cleo).get(address).text
    assert hidden.name in browser_of(ada).get(f"/desk/cases/{case.number}/").text


def test_the_status_page_tells_of_the_incident_and_not_of_the_system(visitor, ada, till, hidden):
    incident = IncidentFactory(system=hidden, by=ada, title="Flights are late")
    incident_updates.update(incident, by=ada, body="We look into {system}.")
    shown = IncidentFactory(system=till, by=ada, title="Cards fail")
    incident_updates.update(shown, by=ada, body="We look into {system}.")
    pages.forget()
    for address in ("/", "/incidents/", f"/incidents/{incident.number}/", "/incidents/feed/"):
        page = visitor.get(address).text
        assert "Flights are late" in page
        assert hidden.name not in page, address
        assert f"system={hidden.pk}" not in page
    assert "We look into our system." in visitor.get(f"/incidents/{incident.number}/").text
    assert till.name in visitor.get("/incidents/").text


def test_an_incident_of_a_hidden_system_is_not_found_by_its_systems_number(visitor, ada, hidden):
    incident = IncidentFactory(system=hidden, by=ada, title="Flights are late")
    page = visitor.get(f"/cases/new/?system={hidden.pk}&incident={incident.number}").text
    assert "Is it this?" not in page
    assert "It is this:" not in page


def test_an_administrator_shows_a_system_from_the_list(visitor, browser_of, adam, hidden):
    office = browser_of(adam)
    address = "/admin/cases/system/?public__exact=0"
    assert hidden.name in office.get(address).text
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": hidden.pk, "form-0-public": "on"}
    office.post(address, form | {"_save": "Save"})
    assert hidden.name in visitor.get("/").text
