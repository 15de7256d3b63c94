"""What a team's lead may beyond an agent."""

import pytest
from django.urls import reverse

from cases.actions import bulk
from cases.models import Bulk
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(ada, case):
    return bulk.start(by=ada, name="priority", value=1, label="Priority P1", cases=[case.pk])


def test_a_lead_finds_and_stops_what_somebody_in_their_team_started(lena, ada, team, started, browser_of):
    team.members.add(lena, ada)
    browser = browser_of(lena)
    assert "Priority P1" in browser.get(reverse("bulk_start")).text
    browser.post(reverse("bulk_stop", args=[started.pk]))
    assert Bulk.objects.get().stopped
    assert "Nothing is running" in browser.get(reverse("bulk_start")).text


@pytest.mark.parametrize("who", ["abe", "lena"])
def test_neither_a_colleague_nor_the_lead_of_another_team(who, request, ada, team, started, browser_of):
    person = request.getfixturevalue(who)
    team.members.add(ada)
    (team if who == "abe" else TeamFactory()).members.add(person)
    browser = browser_of(person)
    assert "Nothing is running" in browser.get(reverse("bulk_start")).text
    assert browser.post(reverse("bulk_stop", args=[started.pk])).status_code == 404
    assert not Bulk.objects.get().stopped
