"""Where a team wants it, agents say how long they worked on a case. Customers never learn of it."""

from uuid import uuid4

import pytest

from cases.actions import corrections, merging, time_spent, triage
from cases.models import Case, Event, Kind, Refused, TimeSpent
from cases.wording.events import deed
from tests.factories import CaseFactory, SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def timed(case, team, ada):
    """A case of a team that records time."""
    team.records_time = True
    team.save()
    triage.assign_team(case, by=ada, team=team)
    return case


def total(case):
    return Case.objects.get(pk=case.pk).minutes_spent


def test_time_is_an_internal_event_and_adds_up(timed, ada, abe, cleo):
    event = time_spent.spend(timed, by=ada, minutes=80, body="The gateway.")
    time_spent.spend(timed, by=abe, minutes=10)
    assert (deed(event), event.body) == ("spent 1 h 20 min", "The gateway.")
    assert total(timed) == 90
    assert not Event.objects.visible_to(cleo).filter(kind=Kind.SPENT).exists()
    assert {(row.agent, row.minutes, row.team) for row in TimeSpent.objects.all()} == {
        (ada, 80, timed.locked().team),
        (abe, 10, timed.locked().team),
    }


def test_the_same_form_counts_once_and_nothing_is_no_entry(timed, ada):
    token = uuid4()
    assert time_spent.spend(timed, by=ada, minutes=5, token=token)
    assert time_spent.spend(timed, by=ada, minutes=5, token=token) is None
    assert time_spent.spend(timed, by=ada, minutes=0) is None
    assert total(timed) == 5


def test_a_correction_takes_back_ones_own_time_with_a_reason(timed, ada, abe):
    time_spent.spend(timed, by=ada, minutes=60)
    with pytest.raises(Refused, match="Say why"):
        time_spent.spend(timed, by=ada, minutes=-20)
    with pytest.raises(Refused, match="You have recorded 0 min in this case"):
        time_spent.spend(timed, by=abe, minutes=-20, body="Not mine.")
    with pytest.raises(Refused, match="You have recorded 1 h in this case"):
        time_spent.spend(timed, by=ada, minutes=-61, body="Another case.")
    event = time_spent.spend(timed, by=ada, minutes=-20, body="Another case.")
    assert deed(event) == "took back 20 min of time spent"
    assert total(timed) == 40


@pytest.mark.parametrize(("minutes", "sentence"), [(1441, "24 hours"), (-1441, "24 hours")])
def test_a_day_has_24_hours(timed, ada, minutes, sentence):
    with pytest.raises(Refused, match=sentence):
        time_spent.spend(timed, by=ada, minutes=minutes, body="Long.")


def test_only_a_team_that_wants_it_records_time(case, team, ada):
    with pytest.raises(Refused, match="A case without a team does not record time spent"):
        time_spent.spend(case, by=ada, minutes=5)
    triage.assign_team(case, by=ada, team=team)
    with pytest.raises(Refused, match="Engineering does not record time spent"):
        time_spent.spend(case, by=ada, minutes=5)


def test_time_goes_along_to_another_system_and_is_recorded_where_a_merged_case_goes_on(timed, ada, cleo):
    time_spent.spend(timed, by=ada, minutes=5)
    system = SystemFactory(team=timed.locked().team)
    corrections.set_system(timed, by=ada, system=system)
    assert TimeSpent.objects.get().system == system
    other = CaseFactory(customer=cleo)
    merging.merge(other, by=ada, into=timed)
    time_spent.spend(other, by=ada, minutes=5)
    assert (total(timed), total(other)) == (10, 0)
