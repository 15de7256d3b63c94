"""A team may deal its cases in turn: to who is here and has room, once each, whoever works at the same moment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cases.actions import absences, conversation, dealing, resolution, triage
from cases.models import Case, Event, Kind, Limit, Notification, Team
from cases.queries.teams import cannot_wait, to_deal, with_something_to_deal
from cases.tasks import keep_time
from cases.wording.events import for_agents, sentence
from cases.wording.notices import news
from tests.factories import CaseFactory, SystemFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def dealt(team, till, ada, abe, lena):
    """Till's team: Ada and Abe, led by Lena, who has none. It deals its cases."""
    team.members.set([ada, abe])
    team.deals, team.lead = True, lena
    team.save()
    till.team = team
    till.save()
    return team


def opened(till, cleo, count=1):
    return [CaseFactory(customer=cleo, system=till, summary=f"Case {n}") for n in range(count)]


def owners(cases):
    found = Case.objects.in_bulk([case.pk for case in cases])
    return [str(found[case.pk].assignee or "") for case in cases]


def away(person, end=DAY):
    now = timezone.now()
    absences.say_away(person, by=person, start=now - HOUR, end=now + end)


def told(kind):
    found = Notification.objects.filter(event__kind=kind).select_related("agent")
    return [(notice.agent.name, notice.why) for notice in found]


def test_cases_go_round_and_whoever_gets_one_hears_of_it(dealt, till, cleo):
    cases = opened(till, cleo, 3)
    assert told(Kind.OPENED) == []
    keep_time(0)
    assert owners(cases) == ["Ada", "Abe", "Ada"]
    event = cases[0].events.get(kind=Kind.ASSIGNEE)
    assert sentence(event) == "Caseline assigned the case to Ada in turn"
    assert sorted(told(Kind.ASSIGNEE)) == [("Abe", "assigned"), ("Ada", "assigned"), ("Ada", "assigned")]
    later = opened(till, cleo)
    keep_time(0)
    assert owners(later) == ["Abe"]


def test_a_team_that_does_not_deal_and_what_waits_for_the_customer_stay_as_they_are(dealt, till, cleo, ada):
    case, asked = opened(till, cleo, 2)
    conversation.reply(asked, by=ada, body="Which till?")
    keep_time(0)
    assert owners([case, asked]) == ["Ada", ""]
    conversation.reply(asked, by=cleo, body="The first.")
    Team.objects.update(deals=False)
    keep_time(0)
    assert owners([asked]) == [""]


def test_what_is_moved_into_the_team_and_what_somebody_puts_down_is_dealt(dealt, cleo, ada, abe):
    case = CaseFactory(customer=cleo)
    triage.assign_team(case, by=ada, team=dealt)
    keep_time(0)
    assert owners([case]) == ["Ada"]
    triage.assign(case, by=ada, assignee=None)
    keep_time(0)
    assert owners([case]) == ["Abe"]


def test_nobody_gets_more_than_they_have_room_for_and_the_rest_follows_once_there_is_room(
    dealt, till, cleo, ada, abe
):
    Team.objects.update(capacity=1)
    abe.capacity = 2
    abe.save()
    cases = opened(till, cleo, 5)
    keep_time(0)
    keep_time(0)
    assert owners(cases) == ["Ada", "Abe", "Abe", "", ""]
    assert told(Kind.UNDEALT) == [("Lena", "untaken")]
    keep_time(0)
    resolution.resolve(cases[0], by=ada, resolution="Done.")
    keep_time(0)
    assert owners(cases) == ["Ada", "Abe", "Abe", "Ada", ""]
    keep_time(0)
    assert len(told(Kind.UNDEALT)) == 1  # it is the same pile
    notice = Notification.objects.get(event__kind=Kind.UNDEALT)
    assert news(notice) == "Everyone in Engineering is away or at capacity"


def test_the_lead_hears_again_once_a_pile_was_dealt_and_another_waits(dealt, till, cleo):
    Team.objects.update(capacity=0)
    opened(till, cleo)
    keep_time(0)
    Team.objects.update(capacity=5)
    keep_time(0)
    assert owners(Case.objects.all()) == ["Ada"]
    Team.objects.update(capacity=0)
    opened(till, cleo)
    keep_time(0)
    assert len(told(Kind.UNDEALT)) == 2


def test_who_is_away_is_passed_over_and_with_everybody_away_the_lead_hears(dealt, till, cleo, ada, abe):
    away(ada)
    first = opened(till, cleo, 2)
    keep_time(0)
    assert owners(first) == ["Abe", "Abe"]
    away(abe)
    rest = opened(till, cleo)
    keep_time(0)
    assert owners(rest) == [""]
    assert told(Kind.UNDEALT) == [("Lena", "untaken")]
    absences.say_back(ada, by=ada)
    keep_time(0)
    assert owners(rest) == ["Ada"]


def test_what_cannot_wait_for_somebody_away_is_handed_on_and_the_rest_is_not(dealt, till, cleo, ada, abe):
    waits, written_in, due = opened(till, cleo, 3)
    for case in (waits, written_in, due):
        triage.assign(case, by=ada, assignee=ada)
    Case.objects.update(last_public_at=timezone.now() - DAY)
    away(ada)
    conversation.reply(written_in, by=cleo, body="And now?")
    assert ("Abe", "away") not in told(Kind.REPLY)  # it is dealt, and only one hears of it
    Case.objects.filter(pk=due.pk).update(due_at=timezone.now() + HOUR)
    keep_time(0)
    assert owners([waits, written_in, due]) == ["Ada", "Abe", "Abe"]
    event = due.events.get(details__in_turn=True)
    assert sentence(event) == "Caseline assigned the case to Abe in turn, as Ada is away"
    assert for_agents(event) == ""


def test_a_case_goes_to_nobody_who_does_not_see_it_and_stops_no_other(dealt, till, cleo, ada, abe):
    dealt.members.set([abe])
    abe.limit = Limit.objects.create(name="Till", systems=[till.pk])
    abe.save()
    beyond = [CaseFactory(customer=cleo, system=SystemFactory(team=dealt)) for _ in range(dealing.MOST)]
    seen = opened(till, cleo)
    keep_time(0)
    assert owners([beyond[0], *seen]) == ["", "Abe"]


def test_each_case_goes_to_somebody_who_sees_it(dealt, till, cleo, ada, abe):
    ada.limit = Limit.objects.create(name="Till", systems=[till.pk])
    ada.save()
    beyond = CaseFactory(customer=cleo, system=SystemFactory(team=dealt))
    seen = opened(till, cleo)
    keep_time(0)
    assert owners([beyond, *seen]) == ["Abe", "Ada"]


def test_a_flood_of_one_team_keeps_no_other_waiting(dealt, till, cleo):
    opened(till, cleo, dealing.MOST + 2)
    other = TeamFactory(deals=True)
    other.members.add(UserFactory(name="Zoe", role="agent"))
    alone = CaseFactory(customer=cleo, system=SystemFactory(team=other))
    keep_time(0)
    assert owners([alone]) == ["Zoe"]
    assert Case.objects.filter(assignee=None).count() == 2
    keep_time(0)
    assert not Case.objects.filter(assignee=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_deal_at_once_deal_each_case_once_and_fill_nobody_beyond_their_room(
    dealt, till, cleo, monkeypatch
):
    monkeypatch.setattr(dealing, "MOST", 4)  # which the first deals, and leaves the second others
    Team.objects.update(capacity=3)
    opened(till, cleo, 8)

    def deal():
        try:
            dealing.deal(dealt, at=timezone.now())
        finally:
            connection.close()

    second = threading.Thread(target=deal)
    with transaction.atomic():
        dealing.deal(dealt, at=timezone.now())
        second.start()
        second.join(timeout=0.5)  # it waits for the first, unless it does not
    second.join(timeout=60)
    assert Event.objects.filter(kind=Kind.ASSIGNEE).count() == 6
    assert sorted(owners(Case.objects.all())) == ["", "", *3 * ["Abe"], *3 * ["Ada"]]


@pytest.mark.parametrize("count", [1, 12])
def test_a_turn_without_work_costs_one_query_and_dealing_a_bounded_number_a_case(
    dealt, till, cleo, count, django_assert_max_num_queries
):
    with django_assert_max_num_queries(1):
        assert list(with_something_to_deal(timezone.now())) == []
    opened(till, cleo, count)
    with django_assert_max_num_queries(6 + 8 * count):
        dealing.deal(dealt, at=timezone.now())


def test_what_waits_is_found_by_its_index_alone(dealt, ada):
    away(ada)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plans = [cases.order_by("number")[:5].explain() for cases in (to_deal(dealt), cannot_wait(dealt, ada))]
    for plan, index in zip(plans, ("cases_to_deal", "cases_in_hand"), strict=True):
        assert f"using {index}" in plan
        assert "Sort" not in plan
