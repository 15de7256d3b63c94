"""What a case says it is about is put right, and everything that hangs on it follows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import corrections, merging, resolution, triage
from cases.actions.events import history
from cases.actions.importing import document_of, import_document
from cases.actions.radar import judge
from cases.mail.threads import subject_of
from cases.models import (
    BusinessHours,
    Case,
    Clock,
    Limit,
    Notification,
    OpenHours,
    Organisation,
    Policy,
    Refused,
    SavedView,
    Suggestion,
    Target,
    Why,
)
from cases.queries import view_counts
from cases.wording.events import for_agents, sentence
from tests.factories import CaseFactory, OrganisationFactory, SystemFactory, TeamFactory

from .replay import replay

pytestmark = pytest.mark.django_db


def levels(system, minutes):
    system.policy = Policy.objects.create(name=f"Of {system}")
    Target.objects.create(policy=system.policy, severity=2, first_response=minutes)
    system.save()
    return system


def corrected(case, ada, system):
    event = corrections.set_system(case, by=ada, system=system)
    case.refresh_from_db()
    assert replay(case.events.order_by("sequence"))["system_id"] == case.system_id
    return event


class TestTheSystem:
    def test_the_other_systems_hours_hold_and_figures_count_it_there(self, ada, cleo):
        slow, quick = levels(SystemFactory(name="Slow"), 600), levels(SystemFactory(name="Quick"), 30)
        case = CaseFactory(customer=cleo, system=slow)
        first = case.due_at
        event = corrected(case, ada, quick)
        assert case.due_at == first - timedelta(minutes=570)
        assert set(Clock.objects.filter(case=case).values_list("system__name", flat=True)) == {"Quick"}
        assert sentence(event) + for_agents(event) == "Ada changed the system to Quick, from Slow"
        assert event.public

    def test_a_report_of_friday_afternoon_counts_from_then_in_the_other_systems_business_hours(self, ada):
        hours = BusinessHours.objects.create(name="Office", time_zone="Europe/Vienna")
        for day in range(5):
            OpenHours.objects.create(business_hours=hours, day=day, opens=time(9), closes=time(17))
        always, office = levels(SystemFactory(name="Always"), 120), levels(SystemFactory(name="Office"), 120)
        Policy.objects.filter(pk=office.policy.pk).update(business_hours=hours)
        with history(datetime(2026, 3, 27, 15, tzinfo=UTC)):  # Friday at 16:00; on Sunday the clocks change
            case = CaseFactory(system=always)
        corrected(case, ada, office)
        assert case.due_at == datetime(2026, 3, 30, 8, tzinfo=UTC)  # Monday at 10:00
        corrected(case, ada, always)
        assert case.due_at == datetime(2026, 3, 27, 17, tzinfo=UTC)

    def test_a_system_that_is_not_public_stays_unnamed_to_customers(self, case, ada):
        event = corrected(case, ada, SystemFactory(name="Vault", public=False))
        assert sentence(event) == "Ada changed the system"
        assert for_agents(event) == ": from Till to Vault"

    def test_it_goes_to_the_other_systems_team_which_is_told(self, case, ada, abe):
        team = TeamFactory(name="Payments")
        team.members.add(abe)
        corrected(case, ada, SystemFactory(team=team))
        assert case.team == team
        assert Notification.objects.filter(agent=abe, why=Why.NEW).count() == 1

    def test_it_stays_with_a_team_that_somebody_chose(self, case, ada, team):
        triage.assign_team(case, by=ada, team=team)
        corrected(case, ada, SystemFactory(team=TeamFactory()))
        assert case.team == team

    def test_an_assignee_who_would_see_it_no_more_is_named(self, case, ada, abe):
        triage.assign(case, by=ada, assignee=abe)
        abe.limit = Limit.objects.create(name="Tills", systems=[case.system_id])
        abe.save()
        with pytest.raises(Refused, match="wouldn’t see this case because of their limits"):
            corrections.set_system(case, by=ada, system=SystemFactory())

    def test_the_radar_compares_it_with_reports_of_the_other_system(self, case, ada, till):
        other = CaseFactory(system=till)
        assert judge(case)
        corrected(case, ada, SystemFactory())
        assert ProcrastinateJob.objects.filter(task_name="cases.tasks.judge_case", args={"case": case.pk})
        assert judge(case) is None
        assert not Suggestion.objects.filter(members__case__in=[case, other]).exists()

    def test_views_count_it_where_it_is_found(self, case, ada):
        other = SystemFactory()
        view = SavedView.objects.create(name="Other", system=other)
        corrected(case, ada, other)
        assert sum(view.counts.values_list("n", flat=True)) == 1
        assert view_counts.mismatches() == {}

    def test_doing_it_twice_records_once(self, case, ada, till):
        assert corrections.set_system(case, by=ada, system=till) is None

    def test_a_retired_system_takes_no_case(self, case, ada):
        with pytest.raises(Refused, match="is retired"):
            corrections.set_system(case, by=ada, system=SystemFactory(retired=True))


class TestTheSummary:
    def test_is_found_in_its_new_words_while_mail_keeps_its_subject(self, case, ada):
        subject, seen = subject_of(case), case.summary
        event = corrections.set_summary(case, by=ada, summary="The till eats coins", seen=seen)
        case.refresh_from_db()
        assert sentence(event) == "Ada changed the summary to “The till eats coins”"
        assert Case.objects.filter(search="coins").exists()
        assert subject_of(case) == subject

    def test_two_at_once_are_told_of_each_other(self, case, ada, abe):
        seen = case.summary
        corrections.set_summary(case, by=ada, summary="Coins", seen=seen)
        with pytest.raises(Refused, match="It’s now “Coins”"):
            corrections.set_summary(case, by=abe, summary="Notes", seen=seen)


class TestTheOrganisation:
    def test_its_people_read_the_case_and_the_others_no_more(self, case, ada, carl, mallory, cleo):
        mill = mallory.organisation
        Organisation.objects.filter(pk=mill.pk).update(shares_cases=True)
        mallory = type(mallory).objects.get(pk=mallory.pk)
        event = corrections.set_organisation(case, by=ada, organisation=mill)
        for viewer, sees in ((mallory, True), (cleo, True), (carl, False)):
            assert Case.objects.visible_to(viewer).filter(pk=case.pk).exists() is sees
        assert sentence(event) + for_agents(event) == "Ada changed the organisation to Mill instead of Bakery"

    def test_a_visitors_case_is_no_organisations(self, claimed, ada):
        with pytest.raises(Refused, match="Nobody has confirmed"):
            corrections.set_organisation(claimed, by=ada, organisation=OrganisationFactory())


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_what_is_over_is_not_corrected_but_says_what_to_do(case, ada, state):
    if state == "closed":
        resolution.close(case, by=ada)
    else:
        merging.merge(case, by=ada, into=CaseFactory(customer=case.customer))
    for correct in (
        lambda: corrections.set_system(case, by=ada, system=SystemFactory()),
        lambda: corrections.set_summary(case, by=ada, summary="Other", seen=case.summary),
        lambda: corrections.set_organisation(case, by=ada, organisation=None),
    ):
        with pytest.raises(Refused, match=r"Reopen it to correct it|Correct that one"):
            correct()


def test_a_newer_document_leaves_what_was_corrected_here(case, ada):
    case.refresh_from_db()
    document = document_of(case)
    other, before = SystemFactory(), case.summary
    corrected(case, ada, other)
    corrections.set_summary(case, by=ada, summary="Corrected", seen=before)
    import_document(replace(document, issue_summary="As it was", severity="low"))
    case.refresh_from_db()
    assert (case.system, case.summary, case.severity) == (other, "Corrected", 4)
