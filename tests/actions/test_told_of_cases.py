"""Of every case somebody hears: its team, or whoever administers, and of what nobody took, who leads them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import (
    conversation,
    notice_mail,
    preferences,
    promises,
    reminders,
    resolution,
    triage,
    untaken,
)
from cases.models import Case, Kind, Limit, Notification, Team, ToMail, User, Way, Why
from cases.models.preferences import preferences_of
from cases.queries import notices
from cases.tasks import keep_time
from cases.wording.notices import news
from tests.factories import CaseFactory, SystemFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def told(kind, case=None):
    """Who was told of events of this kind, and why."""
    found = Notification.objects.filter(event__kind=kind, **({"event__case": case} if case else {}))
    return {(notice.agent.name, notice.why) for notice in found.select_related("agent")}


def sent():
    """The mail to all for whom there is some."""
    for person in User.objects.filter(pk__in=ToMail.objects.values("person")).order_by("name"):
        notice_mail.send(preferences_of(person))
    return mail.outbox


@pytest.fixture
def desk(team, till, ada, abe):
    """Till's team: Ada and Abe."""
    team.members.set([ada, abe])
    till.team = team
    till.save()
    return team


def test_a_new_case_goes_to_the_team_of_its_system_which_hears_of_it(desk, cleo, till, lena):
    case = CaseFactory(customer=cleo, system=till)
    assert case.team == desk
    assert told(Kind.OPENED) == {("Ada", "new"), ("Abe", "new")}
    assert {waits.person.name for waits in ToMail.objects.all()} == {"Ada", "Abe"}


def test_a_case_of_a_system_without_a_team_goes_to_the_one_that_takes_what_is_nobodys(desk, cleo, lena):
    other = TeamFactory(name="Front desk", fallback=True)
    other.members.add(lena)
    case = CaseFactory(customer=cleo, system=SystemFactory())
    assert case.team == other
    assert told(Kind.OPENED) == {("Lena", "new")}


@pytest.mark.parametrize("has_team", [True, False])
def test_where_there_is_nobody_in_a_team_administrators_hear_of_the_case(
    team, cleo, till, adam, ada, has_team
):
    if has_team:
        till.team = team
        till.save()
    CaseFactory(customer=cleo, system=till)
    assert told(Kind.OPENED) == {("Adam", "new")}


def test_who_opens_a_case_who_is_deactivated_and_who_does_not_see_it_are_not_told(
    desk, cleo, till, ada, abe, lena, adam
):
    desk.members.add(lena, adam)
    User.objects.filter(pk=abe.pk).update(is_active=False)
    elsewhere = Limit.objects.create(name="Elsewhere", systems=[SystemFactory().pk])
    User.objects.filter(pk=lena.pk).update(limit=elsewhere)
    CaseFactory(customer=cleo, system=till, by=ada)
    assert told(Kind.OPENED) == {("Adam", "new")}


def test_a_case_that_is_handed_to_a_team_is_new_to_it(case, desk, lena, ada):
    triage.hand_over(case, by=lena, to=desk, note="Yours, I think.")
    assert told(Kind.TEAM) == {("Ada", "new"), ("Abe", "new")}


def test_a_customers_answer_is_told_to_the_assignee_or_else_to_the_team(desk, cleo, till, ada):
    case = CaseFactory(customer=cleo, system=till)
    assert told(Kind.REPLY) == set()  # they hear of the case itself
    conversation.reply(case, by=cleo, body="Hello?")
    assert told(Kind.REPLY) == {("Ada", "replied"), ("Abe", "replied")}
    Notification.objects.all().delete()
    triage.assign(case, by=ada, assignee=ada)
    conversation.reply(case, by=cleo, body="Hello??")
    assert told(Kind.REPLY) == {("Ada", "replied")}


def overdue(case, by):
    """Promised, and not kept by then."""
    promises.promise(case, by=by, due_at=timezone.now() + timedelta(hours=1))
    passed = timezone.now() - timedelta(minutes=1)
    case.promises.update(due_at=passed, next_check_at=passed)
    reminders.act(case.promises.get(), at=timezone.now())


def test_of_what_is_overdue_and_nobodys_the_lead_hears_or_else_the_team(desk, cleo, till, ada, lena):
    case = CaseFactory(customer=cleo, system=till)
    overdue(case, ada)
    assert told(Kind.BROKEN) == {("Ada", "broken"), ("Abe", "broken")}
    Team.objects.update(lead=lena)
    case = CaseFactory(customer=cleo, system=till)
    overdue(case, ada)
    assert told(Kind.BROKEN, case) == {("Lena", "broken")}


def test_opening_a_case_costs_the_same_however_many_are_in_its_team(desk, cleo, till):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            CaseFactory(customer=cleo, system=till)
        return len(queries)

    few = cost()
    desk.members.add(*(UserFactory(role=User.Role.AGENT) for _ in range(20)))
    assert cost() == few
    assert Notification.objects.filter(event__kind=Kind.OPENED).count() == 2 + 22


def test_a_new_case_is_mailed_with_what_was_reported_and_can_be_answered(desk, cleo, till):
    case = CaseFactory(customer=cleo, system=till, description="Since nine *every* card.")
    letters = sent()
    assert [one.to for one in letters] == [["abe@example.com"], ["ada@example.com"]]
    body = letters[0].body
    assert "Cleo opened a case about Till:\n\nSince nine *every* card." in body
    assert f"/desk/cases/{case.number}/#event-1" in body
    assert f"case-{case.number}-" in letters[0].extra_headers["Reply-To"]
    assert not ToMail.objects.exists()


def test_what_concerns_somebody_no_more_by_the_time_of_the_mail_is_not_mailed(desk, cleo, till, ada, abe):
    CaseFactory(customer=cleo, system=till)
    User.objects.filter(pk=abe.pk).update(is_active=False)
    elsewhere = Limit.objects.create(name="Elsewhere", systems=[SystemFactory().pk])
    User.objects.filter(pk=ada.pk).update(limit=elsewhere)
    assert sent() == []
    assert not ToMail.objects.exists()


class TestACaseThatNobodyTakes:
    @pytest.fixture(autouse=True)
    def _soon(self, settings, desk, lena):
        settings.UNTAKEN_MINUTES = 30
        Team.objects.update(lead=lena)

    def later(self, minutes=31):
        at = timezone.now() + timedelta(minutes=minutes)
        for case in Case.objects.filter(take_by__isnull=False):
            untaken.tell(case, at=at)

    def test_is_told_to_the_lead_once(self, cleo, till):
        CaseFactory(customer=cleo, system=till)
        self.later(29)
        assert told(Kind.UNTAKEN) == set()
        self.later()
        self.later()
        notice = Notification.objects.get(event__kind=Kind.UNTAKEN)
        assert (notice.agent.name, notice.why) == ("Lena", "untaken")
        assert news(notice).startswith("Nobody has taken the case since ")

    @pytest.mark.parametrize("deed", ["take", "answer", "close"])
    def test_is_not_once_it_is_somebodys_answered_or_over(self, cleo, till, ada, deed):
        case = CaseFactory(customer=cleo, system=till)
        conversation.reply(case, by=cleo, body="Hello?")
        conversation.add_note(case, by=ada, body="Hm.")
        assert Case.objects.get().take_by  # words of the customer, and notes, are no answer
        match deed:
            case "take":
                triage.assign(case, by=ada, assignee=ada)
            case "answer":
                conversation.reply(case, by=ada, body="Which till?")
            case "close":
                resolution.close(case, by=ada)
        self.later()
        assert told(Kind.UNTAKEN) == set()

    def test_is_again_when_it_is_nobodys_again(self, cleo, till, ada):
        case = CaseFactory(customer=cleo, system=till)
        triage.assign(case, by=ada, assignee=ada)
        triage.assign(case, by=ada, assignee=None)
        self.later()
        assert told(Kind.UNTAKEN) == {("Lena", "untaken")}

    def test_is_found_by_the_job_that_keeps_time(self, cleo, till):
        case = CaseFactory(customer=cleo, system=till)
        Case.objects.update(take_by=timezone.now() - timedelta(minutes=1))
        keep_time(0)
        assert case.events.filter(kind=Kind.UNTAKEN).count() == 1


def test_administrators_hear_of_a_case_that_nobody_of_its_team_may_see(till, team, cleo, adam):
    limit = Limit.objects.create(name="Other", systems=[SystemFactory().pk])
    team.members.add(UserFactory(name="Lime", role=User.Role.AGENT, limit=limit))
    till.team = team
    till.save()
    assert told(Kind.OPENED, CaseFactory(customer=cleo, system=till)) == {("Adam", "new")}


def test_of_a_critical_case_somebody_hears_though_all_chose_to_hear_nothing(desk, cleo, till, adam, ada, abe):
    for person in (ada, abe, adam):
        preferences.choose(by=person, ways={Why.NEW: set()}, zone="UTC")
    CaseFactory(customer=cleo, system=till, severity=2)
    assert told(Kind.OPENED) == set()
    CaseFactory(customer=cleo, system=till, severity=1)
    assert told(Kind.OPENED) == {("Adam", "new")}
    assert [waits.person for waits in ToMail.objects.all()] == [adam]
    assert notices.unheard(ada) == (
        "Nobody in Engineering hears of a new case, and no administrator either."
        " Of a critical one administrators are told all the same: Adam."
    )
    preferences.choose(by=adam, ways={Why.NEW: {Way.DESK}}, zone="UTC")
    assert notices.unheard(ada).endswith("administrators are told instead. That is Adam.")


def test_somebody_hears_of_a_case_that_becomes_critical(desk, cleo, till, adam, ada, abe, lena):
    case = CaseFactory(customer=cleo, system=till, severity=2)
    triage.set_severity(case, by=lena, severity=3)
    assert told(Kind.SEVERITY) == set()
    for person in (ada, abe):
        preferences.choose(by=person, ways={Why.CRITICAL: set()}, zone="UTC")
    triage.set_severity(case, by=ada, severity=1)
    assert told(Kind.SEVERITY) == {("Abe", "critical")}  # though he chose to hear nothing; Ada knows
    other = CaseFactory(customer=cleo, system=SystemFactory(), severity=2)
    triage.set_severity(other, by=lena, severity=1)
    assert told(Kind.SEVERITY, other) == {("Adam", "critical")}
    taken = CaseFactory(customer=cleo, system=till, severity=2)
    triage.assign(taken, by=lena, assignee=abe)
    preferences.choose(by=abe, ways={}, zone="UTC")
    triage.set_severity(taken, by=lena, severity=1)
    assert told(Kind.SEVERITY, taken) == {("Abe", "critical")}


def test_the_queue_says_since_when_a_case_is_nobodys(desk, cleo, till, ada, browser_of):
    case = CaseFactory(customer=cleo, system=till)
    Case.objects.update(nobodys_since=timezone.now() - timedelta(hours=2, minutes=5))
    queue = lambda: browser_of(ada).get("/desk/").text  # noqa: E731
    assert "Nobody for 2 h</time>" in queue()
    triage.assign(case, by=ada, assignee=ada)
    assert Case.objects.get().nobodys_since is None
    assert "Nobody " not in queue()
    triage.assign(case, by=ada, assignee=None)
    assert "Nobody for less than a minute</time>" in queue()
    resolution.resolve(case, by=ada, resolution="Done.")
    closed = browser_of(ada).get("/desk/?status=resolved").text
    assert "Nobody for" not in closed
    assert "Nobody yet" not in closed
