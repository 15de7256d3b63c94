"""A customer says once how the help was."""

import pytest

from cases.actions import merging, resolution, triage
from cases.actions.rating import rate
from cases.models import Kind, Notification, Rating, Refused
from cases.wording.events import sentence
from cases.wording.notices import news
from tests.factories import CaseFactory


@pytest.fixture
def closed(case, ada, cleo, team):
    triage.assign(case, by=ada, assignee=ada)
    triage.assign_team(case, by=ada, team=team)
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.confirm(case, by=cleo)
    case.refresh_from_db()
    return case


def test_a_rating_counts_for_whoever_has_the_case(closed, cleo, ada, team):
    event = rate(closed, by=cleo, good=True)
    given = Rating.objects.get()
    assert (given.good, given.word, given.by) == (True, "", cleo)
    assert (given.agent, given.team, given.system) == (ada, team, closed.system)
    assert (event.kind, event.body, event.public) == (Kind.RATED, "", True)
    assert sentence(event) == "Cleo rated the help as good"


def test_it_stays_with_them_when_the_case_goes_on_to_somebody_else(closed, cleo, ada, abe):
    rate(closed, by=cleo, good=True)
    resolution.reopen(closed, by=cleo, body="It is back.")
    triage.assign(closed, by=abe, assignee=abe)
    resolution.close(closed, by=abe)
    assert rate(closed, by=cleo, good=True) is None
    assert Rating.objects.get().agent == ada


def test_a_word_comes_with_it_or_is_added_once(closed, cleo):
    rate(closed, by=cleo, good=False)
    event = rate(closed, by=cleo, good=False, word="Slow.")
    assert (event.body, event.details) == ("Slow.", {"good": False})
    assert rate(closed, by=cleo, good=False, word="Slow.") is None
    assert rate(closed, by=cleo, good=False) is None
    assert Rating.objects.get().word == "Slow."
    with pytest.raises(Refused, match="as bad before, and a rating is given once"):
        rate(closed, by=cleo, good=False, word="Very slow.")


def test_it_is_not_turned_round(closed, cleo):
    rate(closed, by=cleo, good=True)
    with pytest.raises(Refused, match="as good before"):
        rate(closed, by=cleo, good=False)
    assert Rating.objects.get().good


def test_a_case_that_the_desk_closed_is_rated_too(case, cleo, ada):
    resolution.close(case, by=ada)
    assert rate(case, by=cleo, good=True)
    assert Rating.objects.get().agent is None


@pytest.mark.parametrize("resolved", [False, True])
def test_nothing_is_rated_before_it_is_closed(case, cleo, ada, resolved):
    if resolved:
        resolution.resolve(case, by=ada, resolution="Done.")
    with pytest.raises(Refused, match="isn’t closed yet"):
        rate(case, by=cleo, good=True)
    assert not Rating.objects.exists()


def test_a_merged_case_is_rated_where_it_goes_on(case, cleo, ada):
    host = CaseFactory(customer=cleo)
    merging.merge(case, by=ada, into=host)
    with pytest.raises(Refused, match=f"goes on in case {host.number}"):
        rate(case, by=cleo, good=True)


def test_nobody_but_the_customer_rates(closed, carl, ada, mallory):
    for somebody in (carl, ada, mallory):
        with pytest.raises(Refused, match="Only the customer"):
            rate(closed, by=somebody, good=True)
    assert not Rating.objects.exists()


class TestABadRating:
    def told(self):
        return {
            (notice.agent.name, notice.why) for notice in Notification.objects.filter(event__kind=Kind.RATED)
        }

    def test_tells_who_has_the_case_and_who_leads_the_team(self, closed, cleo, abe, team):
        team.lead = abe
        team.save()
        rate(closed, by=cleo, good=False)
        assert self.told() == {("Ada", "rated"), ("Abe", "rated")}
        assert news(Notification.objects.filter(event__kind=Kind.RATED)[0]) == "Cleo rated the help as bad"

    def test_tells_them_of_the_word_that_is_added(self, closed, cleo):
        rate(closed, by=cleo, good=False)
        rate(closed, by=cleo, good=False, word="Slow.")
        assert Notification.objects.filter(event__kind=Kind.RATED).count() == 2

    def test_is_for_nobody_where_nobody_has_the_case(self, case, cleo, ada):
        resolution.close(case, by=ada)
        rate(case, by=cleo, good=False)
        assert self.told() == set()

    def test_a_good_one_interrupts_nobody(self, closed, cleo):
        rate(closed, by=cleo, good=True)
        assert self.told() == set()
