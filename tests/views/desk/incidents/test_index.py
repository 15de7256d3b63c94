"""The list of incidents, and a new one."""

import re

import pytest
from django.urls import reverse

from cases.actions import incident_updates, incidents
from cases.models import Case, Incident
from tests.factories import CaseFactory

from .test_page import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def incident(ada, till):
    return incidents.open_incident(system=till, title="Cards are refused", by=ada, severity=1)


@pytest.fixture
def attached(incident, ada, till, cleo, mallory):
    """Three cases of two customers."""
    found = [CaseFactory(system=till, customer=one) for one in (cleo, cleo, mallory)]
    for case in found:
        incidents.attach(case, by=ada, incident=incident)
    return found


class TestTheList:
    def test_open_ones_come_first_and_the_newest_of_them(self, desk, ada, till, incident):
        over = incidents.open_incident(system=till, title="Long ago", by=ada, severity=2)
        incident_updates.resolve(over, by=ada, resolution="Done.")
        incidents.open_incident(system=till, title="Slow pages", by=ada, severity=3)
        text = desk.get(reverse("desk_incidents")).text
        places = [text.index(title) for title in ("Slow pages", "Cards are refused", "Long ago")]
        assert places == sorted(places)

    def test_an_empty_list_says_what_an_incident_is_for(self, desk):
        text = desk.get(reverse("desk_incidents")).text
        assert "No open incidents." in text
        assert reverse("desk_incident_new") in text

    def test_a_row_says_how_many_cases_there_are(self, desk, attached):
        assert "3 cases" in desk.get(reverse("desk_incidents")).text

    def test_earlier_ones_are_on_further_pages(self, desk, ada, till):
        for number in range(35):
            one = incidents.open_incident(system=till, title=f"Outage {number:02}", by=ada, severity=2)
            incident_updates.resolve(one, by=ada, resolution="Done.")
        text = desk.get(reverse("desk_incidents")).text
        assert "Outage 05" in text
        assert "Outage 04" not in text
        further = re.search(r'href="(\?before=\d+)"', text)[1]
        text = desk.get(reverse("desk_incidents") + further).text
        assert "Outage 04" in text
        assert "Outage 05" not in text
        assert "Back to the newest" in text

    def test_its_queries_do_not_grow(self, desk, ada, till, attached, django_assert_max_num_queries):
        for number in range(10):
            incidents.open_incident(system=till, title=f"Outage {number}", by=ada, severity=2)
        with django_assert_max_num_queries(7):
            desk.get(reverse("desk_incidents"))

    @pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "1"])
    def test_no_place_in_it_is_an_error(self, desk, incident, before):
        assert desk.get(reverse("desk_incidents"), {"before": before}).status_code == 200


class TestANewOne:
    def open(self, browser, till, **fields):
        data = {"title": "Cards are refused", "system": till.pk, "severity": 1, "public": "on"} | fields
        return browser.post(reverse("desk_incident_new"), data)

    def test_it_is_opened_and_its_page_shown(self, desk, ada, till):
        response = self.open(desk, till, area="backend")
        found = Incident.objects.get()
        assert response.url == url("", found.number)
        assert (found.title, found.system, found.severity, found.area) == (
            "Cards are refused", till, 1, "backend",
        )  # fmt: skip
        assert (found.public, found.owner) == (True, ada)

    def test_without_the_tick_it_is_not_public(self, desk, till):
        self.open(desk, till, public="")
        assert Incident.objects.get().public is False

    def test_it_takes_over_what_a_case_says(self, desk, case):
        Case.objects.filter(pk=case.pk).update(area="network", severity=3)
        text = desk.get(reverse("desk_incident_new"), {"case": case.number}).text
        assert f'<option value="{case.system_id}" selected' in text
        assert '<option value="3" selected' in text
        assert '<option value="network" selected' in text
        assert case.summary not in re.search(r'name="title"[^>]*>', text)[0]
        assert "Everyone can read it, so don’t mention customers" in text

    def test_of_several_cases_those_that_stay_checked_are_attached(self, desk, case, till):
        other = CaseFactory(system=till)
        text = desk.get(reverse("desk_incident_new"), {"case": [case.number, other.number]}).text
        assert text.count('name="case"') == 2
        self.open(desk, till, offered=[case.number, other.number], case=[other.number])
        assert list(Incident.objects.get().cases.all()) == [other]

    def test_a_case_that_was_not_offered_is_not_attached(self, desk, case, till):
        self.open(desk, till, case=[case.number])
        assert Incident.objects.get().cases.count() == 0

    def test_a_case_of_another_incident_is_unchecked_and_says_so(self, desk, attached, incident, case):
        text = desk.get(reverse("desk_incident_new"), {"case": [case.number, attached[0].number]}).text
        assert f"Belongs to incident {incident.number}" in text
        assert text.count(" checked>") == 2  # the free case and the tick of the status page

    def test_a_case_that_was_attached_meanwhile_is_a_sentence_and_nothing_is_lost(
        self, desk, attached, incident, till
    ):
        number = attached[0].number
        response = self.open(desk, till, offered=[number], case=[number], title="Typed for long")
        assert response.status_code == 422
        assert f"belongs to incident {incident.number} already" in response.text
        assert "Typed for long" in response.text
        assert Incident.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"title": ""}, "Say in one line what is broken."),
            ({"title": "x" * 201}, "at most 200 characters"),
            ({"system": ""}, "Choose the system"),
            ({"system": "99999999999999999999"}, "Select a valid choice"),
            ({"severity": "5"}, "Select a valid choice"),
        ],
    )
    def test_a_mistake_gets_a_sentence(self, desk, till, fields, sentence):
        response = self.open(desk, till, **fields)
        assert response.status_code == 422
        assert sentence in response.text

    def test_nonsense_in_the_address_is_left_out(self, desk, case):
        asked = {"case": ["x", "-1", "9" * 30, "0", "999999", str(case.number)]}
        text = desk.get(reverse("desk_incident_new"), asked).text
        assert text.count('name="case"') == 1


def test_agents_find_it_in_the_bar_and_customers_do_not(desk, cleo, browser_of):
    assert reverse("desk_incidents") in desk.get(reverse("queue")).text
    assert reverse("desk_incidents") not in browser_of(cleo).get(reverse("cases")).text
