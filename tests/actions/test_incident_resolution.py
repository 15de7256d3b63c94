"""An incident is resolved, and each of its cases with it."""

from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import bulk, incident_updates, incidents, merging, resolution
from cases.mail.outbound import message_about
from cases.models import Bulk, BulkItem, Case, Event, Incident, IncidentEvent, Refused, Status
from cases.wording.incidents import sentence
from tests.factories import CaseFactory, IncidentFactory, UserFactory

from .test_incident_updates import run
from .test_incidents import numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(ada, till):
    return incidents.open_incident(system=till, title="Cards are refused", by=ada, severity=1)


@pytest.fixture
def cases(incident, ada, till):
    """Three cases of three customers, attached."""
    found = [CaseFactory(system=till) for _ in range(3)]
    for case in found:
        incidents.attach(case, by=ada, incident=incident)
    return found


class TestResolving:
    def test_open_cases_are_resolved_and_each_customer_is_asked(self, ada, incident, cases):
        incident_updates.resolve(
            incident, by=ada, resolution="Back.", root_cause="A full disk.", area="database", is_bug=True
        )
        run()
        for case in Case.objects.filter(incident=incident):
            assert (case.status, case.resolution, case.root_cause) == ("resolved", "Back.", "A full disk.")
            assert (case.area, case.is_bug) == ("database", True)
        assert Event.objects.filter(kind="resolved", public=True).count() == 3

    def test_what_a_case_says_of_itself_stays(self, ada, incident, cases):
        own = {"root_cause": "Their cable.", "area": "network", "is_bug": False}
        Case.objects.filter(pk=cases[0].pk).update(**own)
        resolution.resolve(cases[1], by=ada, resolution="A new till.")
        incident_updates.resolve(
            incident, by=ada, resolution="Back.", root_cause="A disk.", area="database", is_bug=True
        )
        run()
        first, second = (Case.objects.get(pk=case.pk) for case in cases[:2])
        assert (first.root_cause, first.area, first.is_bug) == ("Their cable.", "network", False)
        assert first.resolution == "Back."
        assert second.resolution == "A new till."

    def test_other_words_from_the_same_form_are_refused_and_stand_nowhere_as_said(self, ada, incident):
        token = uuid4()
        incident_updates.resolve(incident, by=ada, resolution="Back.", token=token)
        assert incident_updates.resolve(incident, by=ada, resolution="Back.", token=token) is None
        with pytest.raises(Refused, match=r"resolved already\. Reopen it first"):
            incident_updates.resolve(incident, by=ada, resolution="Back again.", token=token)

    def test_the_same_words_with_another_root_cause_change_it(self, ada, incident):
        said = {"by": ada, "resolution": "Back.", "token": uuid4()}
        incident_updates.resolve(incident, root_cause="A disk.", **said)
        event = incident_updates.resolve(incident, root_cause="A cable.", is_bug=False, **said)
        assert (event.kind, event.public) == (IncidentEvent.Kind.DETAIL, False)
        assert sentence(event) == "Ada changed the root cause to “A cable.” and called it no bug"
        incident.refresh_from_db()
        assert (incident.root_cause, incident.is_bug, incident.area) == ("A cable.", False, "")
        assert incident_updates.resolve(incident, root_cause="A cable.", is_bug=False, **said) is None

    def test_a_case_that_was_over_before_learns_what_it_does_not_say(self, ada, incident, cases):
        resolution.resolve(cases[0], by=ada, resolution="A new till.", area="network")
        resolution.close(cases[1], by=ada, root_cause="Their cable.")
        known = {"root_cause": "A disk.", "area": "database", "is_bug": True}
        incident_updates.resolve(incident, by=ada, resolution="Back.", **known)
        run()
        said = Case.objects.order_by("pk").values_list("status", "resolution", "root_cause", "area", "is_bug")
        assert list(said) == [
            ("resolved", "A new till.", "A disk.", "network", True),
            ("closed", "", "Their cable.", "database", True),
            ("resolved", "Back.", "A disk.", "database", True),
        ]
        assert Event.objects.filter(kind="resolved").count() == 2

    def test_what_is_known_of_it_later_reaches_the_cases_too(self, ada, incident, cases):
        incident_updates.resolve(incident, by=ada, resolution="Back.")
        run()
        incident_updates.resolve(incident, by=ada, resolution="Back.", root_cause="A disk.")
        run()
        assert set(Case.objects.values_list("root_cause", flat=True)) == {"A disk."}
        assert Event.objects.filter(kind="resolved").count() == 3

    def test_a_case_that_is_resolved_by_hand_while_it_comes_learns_it_too(self, ada, incident, cases):
        incident_updates.resolve(incident, by=ada, resolution="Back.", root_cause="A disk.")
        resolution.resolve(cases[0], by=ada, resolution="A new till.")
        run()
        case = Case.objects.get(pk=cases[0].pk)
        assert (case.resolution, case.root_cause) == ("A new till.", "A disk.")

    def test_a_case_that_left_or_was_opened_again_is_not_explained(self, ada, incident, cases):
        for case in cases[:2]:
            resolution.resolve(case, by=ada, resolution="A new till.")
        incident_updates.resolve(incident, by=ada, resolution="Back.", root_cause="A disk.")
        incidents.detach(cases[0], by=ada)
        resolution.reopen(cases[1], by=ada)
        run()
        assert set(Case.objects.exclude(pk=cases[2].pk).values_list("root_cause", flat=True)) == {""}

    def test_a_customer_with_several_cases_gets_one_mail_that_names_them(self, ada, incident, till, cleo):
        own = [CaseFactory(system=till, customer=cleo) for _ in range(4)]
        for case in own:
            incidents.attach(case, by=ada, incident=incident)
        resolution.resolve(own[0], by=ada, resolution="A new till.")
        ProcrastinateJob.objects.all()._raw_delete("default")
        incident_updates.resolve(incident, by=ada, resolution="Back.")
        run()
        letters = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_event")
        event = Event.objects.get(pk=letters.get().args["event"])
        assert (event.kind, event.case) == ("resolved", own[1])
        text = message_about(event).body
        assert f"This also applies to your cases {own[2].pk} and {own[3].pk}: please reply there too." in text
        assert "Did this fix it?" in text

    def test_who_was_only_told_why_is_still_mailed_of_the_resolution(self, ada, incident, till, cleo):
        own = [CaseFactory(system=till, customer=cleo) for _ in range(2)]
        for case in own:
            incidents.attach(case, by=ada, incident=incident)
        incident_updates.resolve(incident, by=ada, resolution="Back.", root_cause="A disk.")
        resolution.resolve(own[0], by=ada, resolution="A new till.")
        ProcrastinateJob.objects.all()._raw_delete("default")
        run()
        letters = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_event")
        assert [Event.objects.get(pk=job.args["event"]).case for job in letters] == [own[1]]

    def test_it_waits_until_an_update_has_arrived(self, ada, incident, cases):
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        with pytest.raises(Refused, match="still being sent to 3 cases"):
            incident_updates.resolve(incident, by=ada, resolution="Done.")
        run()
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        assert not Incident.objects.get().is_open

    def test_an_update_that_was_stopped_holds_nothing_up(self, ada, incident, cases):
        event = incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        bulk.stop(event.bulk)
        assert incident_updates.resolve(incident, by=ada, resolution="Done.")

    def test_twice_in_the_same_words_is_once_and_in_others_refused(self, ada, abe, incident, cases):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        assert incident_updates.resolve(incident, by=abe, resolution="Done.") is None
        with pytest.raises(Refused, match="resolved already"):
            incident_updates.resolve(incident, by=abe, resolution="Otherwise.")
        assert Bulk.objects.count() == 1

    def test_without_a_case_it_is_resolved_all_the_same(self, ada, incident):
        assert incident_updates.resolve(incident, by=ada, resolution="Done.").bulk is None

    def test_not_yet_opens_the_case_again_and_leaves_it_attached(self, ada, incident, cases):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        run()
        resolution.decline(cases[0], by=cases[0].customer, body="Still broken.")
        case = Case.objects.get(pk=cases[0].pk)
        assert (case.status, case.incident) == (Status.OPEN, incident)

    def test_a_resolution_is_not_overtaken_by_reopening(self, ada, incident, cases):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        with pytest.raises(Refused, match="still being sent to 3 cases"):
            incident_updates.reopen(incident, by=ada)
        run()
        incident_updates.reopen(incident, by=ada, body="It is back.")
        assert incident_updates.reopen(incident, by=ada) is None
        incident.refresh_from_db()
        assert (incident.status, incident.resolved_at, incident.resolution) == ("investigating", None, "")
        assert set(Case.objects.values_list("resolution", flat=True)) == {"Done."}

    def test_cases_that_were_resolved_with_it_are_told_after_reopening(self, ada, incident, cases):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        run()
        incident_updates.reopen(incident, by=ada)
        incident_updates.update(incident, by=ada, body="It is back.", cases=numbers(cases))
        run()
        assert Event.objects.filter(body="It is back.").count() == 3


def test_placeholders_in_a_resolution_are_filled_for_each_customer(ada, till):
    incident = IncidentFactory(by=ada, system=till)
    case = CaseFactory(system=till, customer=UserFactory(name="Ines Alba"))
    incidents.attach(case, by=ada, incident=incident)
    incident_updates.resolve(incident, by=ada, resolution="Dear {customer}, it is fixed.")
    bulk.run(Bulk.objects.get())
    case.refresh_from_db()
    assert case.resolution == "Dear Ines, it is fixed."


def test_a_case_that_was_merged_before_the_job_came_is_resolved_where_it_goes_on(ada, till, cleo):
    incident = IncidentFactory(by=ada, system=till)
    case, other = (CaseFactory(system=till, customer=cleo) for _ in range(2))
    incidents.attach(case, by=ada, incident=incident)
    incident_updates.resolve(incident, by=ada, resolution="Fixed.")
    merging.merge(case, by=ada, into=other)
    bulk.run(Bulk.objects.get())
    other.refresh_from_db()
    told = BulkItem.objects.get()
    assert other.status == "resolved" or told.refused
