"""Cases that are attached to an incident and taken out again."""

import pytest
from django.urls import reverse

from cases.actions import incidents
from cases.models import Case
from tests.factories import CaseFactory, SystemFactory

from .test_page import HTMX, url

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


def test_so_does_the_address_of_taking_out(desk, incident, attached):
    address = url("_detach", incident.number, attached[0].number)
    assert desk.get(address).url == url("", incident.number)
    assert incident.cases.count() == 3


def test_a_form_of_another_incident_takes_no_case_out(desk, ada, till, attached):
    other = incidents.open_incident(system=till, title="Another", by=ada, severity=2)
    desk.post(url("_detach", other.number, attached[0].number))
    assert Case.objects.filter(incident=None).count() == 0


class TestFromTheCase:
    def case_page(self, browser, case):
        return browser.get(reverse("desk_case", args=[case.number])).text

    def test_open_incidents_of_its_system_are_offered(self, desk, ada, case, incident):
        incidents.open_incident(system=SystemFactory(), title="Elsewhere", by=ada, severity=2)
        menu = reverse("desk_joining", args=[case.number])
        for text in (desk.get(menu).text, desk.get(menu, headers=HTMX).text):
            assert "Cards are refused" in text
            assert "Elsewhere" not in text
        text = self.case_page(desk, case)
        assert f'hx-get="{menu}"' in text
        assert f"{reverse('desk_incident_new')}?case={case.number}" in text

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
    def test_it_is_attached_and_taken_out(self, desk, case, incident, headers):
        joining, leaving = (reverse(name, args=[case.number]) for name in ("desk_joining", "desk_leaving"))
        response = desk.post(joining, {"incident": incident.number, "after": 2}, headers=headers)
        assert response.status_code == (200 if headers else 302)
        text = response.text if headers else self.case_page(desk, case)
        assert "Take out" in text
        assert url("", incident.number) in text
        desk.post(leaving, {"after": 3}, headers=headers)
        assert "Attach to an incident" in self.case_page(desk, case)

    @pytest.mark.parametrize("number", ["", "x", "-1", "999999", "9" * 30])
    def test_an_incident_that_is_not_there_is_a_sentence(self, desk, case, number):
        response = desk.post(reverse("desk_joining", args=[case.number]), {"incident": number}, headers=HTMX)
        assert response.status_code == 409
        assert "There’s no such incident. Choose one from the menu." in response.text

    def test_a_second_incident_is_a_sentence(self, desk, ada, till, attached):
        other = incidents.open_incident(system=till, title="Another", by=ada, severity=2)
        address = reverse("desk_joining", args=[attached[0].number])
        response = desk.post(address, {"incident": other.number}, headers=HTMX)
        assert response.status_code == 409
        assert "Take it out of that one first." in response.text
