"""What people of the desk do who are limited to some cases, and what is done about them."""

from datetime import timedelta

import pytest

from cases.actions import (
    bulk,
    conversation,
    escalations,
    incident_updates,
    incidents,
    limits,
    merging,
    notifications,
    promises,
    reports,
    resolution,
    triage,
)
from cases.models import (
    Case,
    Incident,
    Kind,
    Limit,
    Notification,
    Refused,
    SavedView,
    ToMail,
    User,
    Why,
)
from cases.queries import queue, view_counts
from cases.queries.statistics import report
from tests.factories import CaseFactory, IncidentFactory, SystemFactory, TeamFactory, UserFactory
from tests.mail.letters import notice

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def lime(till):
    """An agent who sees the till and nothing else."""
    limit = Limit(name="The till")
    limits.save(limit, systems=[till.pk])
    return UserFactory(name="Lime", role=User.Role.AGENT, limit=limit)


@pytest.fixture
def engineer(team):
    """An agent who sees what Engineering works on."""
    limit = Limit(name="Engineering")
    limits.save(limit, teams=[team.pk])
    person = UserFactory(name="Enid", role=User.Role.AGENT, limit=limit)
    team.members.add(person)
    return person


@pytest.fixture
def other(cleo):
    """A case beyond the till."""
    return CaseFactory(customer=cleo, system=SystemFactory(name="Scale"))


def numbers(agent):
    return set(Case.objects.visible_to(agent).values_list("number", flat=True))


class TestWhatIsSeen:
    def test_the_cases_of_a_system(self, lime, case, other):
        assert numbers(lime) == {case.number}
        assert lime.sees(case)
        assert not lime.sees(other)

    def test_the_cases_that_a_team_has_or_is_asked_about(self, engineer, ada, team, case, other):
        assert numbers(engineer) == set()
        escalations.escalate(other, by=ada, team=team, note="Why?")
        triage.assign_team(case, by=ada, team=team)
        assert numbers(engineer) == {case.number, other.number}

    def test_a_team_that_is_deleted_takes_nobodys_limit_away(self, engineer, case):
        engineer.limit.teams = [TeamFactory().pk]
        engineer.limit.save()
        User.teams.field.model.objects.filter(pk__in=engineer.limit.teams).delete()
        assert numbers(User.objects.get(pk=engineer.pk)) == set()

    def test_who_is_limited_costs_no_query_more(self, lime, case, django_assert_num_queries):
        with django_assert_num_queries(2):
            list(Case.objects.visible_to(User.objects.get(pk=lime.pk)))

    def test_an_incident_and_of_it_what_one_sees(self, lime, ada, case, other):
        beyond = IncidentFactory(by=ada, system=other.system)
        mine = IncidentFactory(by=ada, system=case.system)
        for attached in (case, other):
            incidents.attach(attached, by=ada, incident=mine)
        assert list(Incident.objects.visible_to(lime)) == [mine]
        named = {event.details.get("case") for event in mine.events.visible_to(lime)}
        assert named == {None, case.number}
        assert beyond.events.exists()

    def test_reports_count_what_one_sees(self, lime, ada, case, other):
        at = conversation.now()
        for rated in (case, other):
            promises.promise(rated, by=ada, due_at=at + HOUR)
            conversation.reply(rated, by=ada, body="Here it is.")
        count = {
            agent: report(agent, at, at + 2 * HOUR, "system")[0].tables[0].total.count
            for agent in (lime, ada)
        }
        assert count == {lime: 1, ada: 2}


class TestWhatIsRefused:
    def test_whoever_does_not_see_a_case_is_not_assigned(self, lime, ada, other):
        with pytest.raises(Refused, match="wouldn’t see this case because of their limits"):
            triage.assign(other, by=ada, assignee=lime)

    def test_a_case_is_not_moved_out_of_its_owners_sight(self, engineer, ada, team, case):
        triage.assign_team(case, by=ada, team=team)
        triage.assign(case, by=ada, assignee=engineer)
        with pytest.raises(Refused, match="wouldn’t see this case because of their limits"):
            triage.assign_team(case, by=ada, team=TeamFactory())

    def test_but_they_hand_it_over_themselves(self, engineer, ada, team, case):
        triage.assign_team(case, by=ada, team=team)
        triage.assign(case, by=ada, assignee=engineer)
        triage.hand_over(case, by=engineer, to=TeamFactory(), note="Yours.")
        assert numbers(engineer) == set()
        case.refresh_from_db()
        assert case.assignee is None

    def test_nothing_is_said_through_a_merge_in_a_case_that_one_does_not_see(self, lime, ada, case, other):
        merging.merge(case, by=ada, into=other)
        before = other.events.count()
        for say in (conversation.reply, conversation.add_note):
            with pytest.raises(Refused, match="You don’t have access to one of the cases"):
                say(case, by=lime, body="Hello")
        with pytest.raises(Refused, match="You don’t have access to one of the cases"):
            merging.unmerge(case, by=lime)
        assert other.events.count() == before

    def test_nothing_is_merged_into_what_one_does_not_see(self, lime, ada, case, other, cleo, till):
        between = CaseFactory(customer=cleo, system=till)
        merging.merge(between, by=ada, into=other)
        with pytest.raises(Refused, match="goes on in one that you do not see"):
            merging.merge(case, by=lime, into=between)

    def test_only_whoever_sees_all_cases_speaks_for_an_incident(self, lime, ada, case, other):
        incident = IncidentFactory(by=ada, system=case.system)
        incidents.attach(case, by=ada, incident=incident)
        assert incident_updates.may_speak_for(incident, lime)
        incidents.attach(other, by=ada, incident=incident)
        for speak in (
            lambda: incident_updates.update(incident, by=lime, body="Soon.", cases=[case.pk]),
            lambda: incident_updates.resolve(incident, by=lime, resolution="Done."),
        ):
            with pytest.raises(Refused, match="cases that you do not see"):
                speak()

    def test_a_bulk_that_began_before_stops_at_the_limit(self, lime, ada, case, other):
        User.objects.filter(pk=lime.pk).update(limit=None)
        started = bulk.start(
            by=User.objects.get(pk=lime.pk), name="priority", value=1, label="P1", cases=[case.pk, other.pk]
        )
        User.objects.filter(pk=lime.pk).update(limit=lime.limit)
        bulk.run(started)
        assert {one.priority for one in Case.objects.filter(pk=other.pk)} == {None}
        assert Case.objects.get(pk=case.pk).priority == 1

    def test_who_would_not_see_it_opens_no_case(self, engineer, till):
        with pytest.raises(Refused, match="You wouldn’t have access to this case"):
            reports.report(by=engineer, system=till, summary="Down", description="All", email="c@example.com")


class TestWhoIsTold:
    def test_nobody_is_told_of_a_case_that_they_do_not_see(self, lime, ada, other):
        notifications.follow(other, by=lime)
        note = conversation.add_note(other, by=ada, body="@lime look")
        conversation.reply(other, by=other.customer, body="And?")
        assert not Notification.objects.filter(agent=lime).exists()
        assert notice(note, lime, Why.MENTIONED) is None

    def test_no_mail_goes_to_an_owner_who_sees_the_case_no_more(self, lime, ada, case, other):
        triage.assign(case, by=ada, assignee=lime)
        reply = conversation.reply(case, by=case.customer, body="And?")
        assert list(ToMail.objects.filter(event=reply).values_list("person", flat=True)) == [lime.pk]
        User.objects.filter(pk=lime.pk).update(limit=Limit.objects.create(name="Other", systems=[0]))
        reply = conversation.reply(Case.objects.get(pk=case.pk), by=case.customer, body="And now?")
        assert not ToMail.objects.filter(event=reply).exists()

    def test_notices_from_before_are_gone_with_the_limit(self, lime, ada, case, other):
        User.objects.filter(pk=lime.pk).update(limit=None)
        for told in (case, other):
            conversation.add_note(told, by=ada, body="@lime look")
        now = User.objects.get(pk=lime.pk)
        assert now.unread == 2
        User.objects.filter(pk=lime.pk).update(limit=lime.limit)
        now = User.objects.get(pk=lime.pk)
        assert now.unread == 1
        assert {one.event.case for one in Notification.objects.visible_to(now)} == {case}


class TestCounts:
    def beside(self, agent):
        return {view.name: view.count for view in view_counts.views_of(agent, queue.moment())}

    def test_each_view_counts_what_one_sees_of_it(self, lime, engineer, ada, team, case, other):
        assert [self.beside(agent)["Queue"] for agent in (ada, lime, engineer)] == [2, 1, 0]
        triage.assign_team(other, by=ada, team=team)
        triage.assign(case, by=ada, assignee=lime)
        assert [self.beside(agent)["Queue"] for agent in (ada, lime, engineer)] == [2, 1, 1]
        assert [self.beside(agent)["Mine"] for agent in (ada, lime, engineer)] == [0, 1, 0]
        resolution.resolve(case, by=ada, resolution="Done.")
        assert [self.beside(agent)["Queue"] for agent in (ada, lime, engineer)] == [1, 0, 1]
        assert view_counts.mismatches() == {}

    def test_what_is_due_is_counted_within_the_limit(self, lime, ada, case, other):
        for owed in (case, other):
            promises.promise(owed, by=ada, due_at=conversation.now() + HOUR)
        assert [self.beside(agent)["Due soon"] for agent in (ada, lime)] == [2, 1]

    def test_an_escalation_is_counted_while_it_runs(self, engineer, ada, team, case):
        escalations.escalate(case, by=ada, team=team, note="Why?")
        assert self.beside(engineer)["Queue"] == self.beside(engineer)["Escalated to my teams"] == 1
        escalations.withdraw(case, by=ada)
        assert self.beside(engineer)["Queue"] == 0
        assert view_counts.mismatches() == {}

    def test_a_limit_that_changes_is_counted_anew(self, lime, ada, case, other):
        limits.save(lime.limit, systems=[other.system_id])
        assert limits.count_views(within=1)
        CaseFactory(system=other.system)
        assert self.beside(User.objects.get(pk=lime.pk))["Queue"] == 2
        assert view_counts.mismatches() == {}
        assert SavedView.objects.exists()
        assert case.events.filter(kind=Kind.OPENED).exists()
