"""Which team new cases go to is set in the administration."""

import pytest
from django.urls import reverse

from cases.models import Team
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(browser_of, adam):
    return browser_of(adam, proven=True)


def test_one_team_takes_what_is_nobodys_and_it_is_not_deleted_while_it_does(office, team):
    page = reverse("admin:cases_team_change", args=[team.pk])
    assert office.post(page, {"name": "Engineering", "fallback": "on"}).status_code == 302
    answer = office.post(reverse("admin:cases_team_add"), {"name": "Billing", "fallback": "on"})
    assert "Another team takes what is nobody’s." in answer.text.replace("&#x27;", "’")
    answer = office.post(reverse("admin:cases_team_delete", args=[team.pk]), {"post": "yes"})
    assert "New cases of systems without a team" in answer.text
    assert Team.objects.get() == team


def test_whoever_unticks_it_reads_who_hears_then_and_it_is_not_deleted_among_others(office, team, ada):
    page = reverse("admin:cases_team_change", args=[team.pk])
    office.post(page, {"name": "Engineering", "members": [ada.pk], "fallback": "on"})
    chosen = {"action": "delete_selected", "_selected_action": [team.pk], "post": "yes"}
    office.post(reverse("admin:cases_team_changelist"), chosen)
    assert Team.objects.get().fallback
    said = office.post(page, {"name": "Engineering", "members": [ada.pk]}, follow=True).text
    assert (
        "No team hears of a new case whose system has none: administrators are told instead. That is Adam."
        in said
    )


def test_a_team_in_which_nobody_hears_of_new_cases_is_said_at_saving(office, team, ada):
    page = reverse("admin:cases_team_change", args=[team.pk])
    said = office.post(page, {"name": "Engineering"}, follow=True).text
    assert "Nobody in Engineering hears of a new case: administrators are told instead." in said
    assert (
        "Nobody in" not in office.post(page, {"name": "Engineering", "members": [ada.pk]}, follow=True).text
    )


def test_a_system_has_a_team_which_is_not_deleted_then(office, till):
    team = TeamFactory(name="Front desk")
    till.team = team
    till.save()
    answer = office.post(reverse("admin:cases_team_delete", args=[team.pk]), {"post": "yes"})
    assert "Cannot delete team" in answer.text
    assert Team.objects.filter(pk=team.pk).exists()
