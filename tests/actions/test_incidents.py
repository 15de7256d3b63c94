import threading
import time
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from cases.actions import conversation, incident_events, incident_updates, incidents, merging, resolution
from cases.models import Case, Incident, IncidentEvent, Refused, Stage
from tests.factories import CaseFactory, IncidentFactory

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


def numbers(cases):
    return [case.number for case in cases]


def kinds(incident):
    return list(incident.events.order_by("sequence").values_list("kind", flat=True))


class TestOpening:
    def test_an_incident_belongs_to_who_opens_it_and_attaches_its_cases(self, ada, case, till):
        found = incidents.open_incident(
            system=till, title="Down", by=ada, severity=2, area="backend", cases=[case.number]
        )
        case.refresh_from_db()
        assert (found.owner, found.status, case.incident) == (ada, Stage.INVESTIGATING, found)
        assert kinds(found) == ["opened", "attached"]

    def test_a_form_that_comes_twice_opens_one(self, ada, till):
        once = {"system": till, "title": "Down", "by": ada, "severity": 2, "token": uuid4()}
        assert incidents.open_incident(**once) == incidents.open_incident(**once)
        assert incidents.open_incident(**once | {"title": "Something else"}).number
        assert Incident.objects.count() == 2

    def test_a_case_that_cannot_be_attached_leaves_nothing_behind(self, ada, case, cases, till):
        with pytest.raises(Refused, match="belongs to incident"):
            incidents.open_incident(
                system=till, title="Down", by=ada, severity=2, cases=[case.number, cases[0].number]
            )
        case.refresh_from_db()
        assert case.incident is None
        assert Incident.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_that_comes_twice_at_the_same_moment_opens_one(ada, till):
    token, found, together = uuid4(), [], threading.Barrier(4)

    def send():
        together.wait()
        found.append(incidents.open_incident(system=till, title="Down", by=ada, severity=2, token=token))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(found) == 4
    assert Incident.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_open_an_incident_with_the_same_cases_make_one(ada, abe, till):
    cases, refused, together = [CaseFactory(system=till) for _ in range(2)], [], threading.Barrier(2)

    def confirm(agent):
        together.wait()
        try:
            incidents.open_incident(system=till, title="Down", by=agent, severity=2, cases=numbers(cases))
        except Refused as one:
            refused.append(str(one))
        connection.close()

    threads = [threading.Thread(target=confirm, args=[agent]) for agent in (ada, abe)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(refused) == 1
    assert Incident.objects.count() == 1
    assert set(Case.objects.values_list("incident", flat=True)) == {Incident.objects.get().pk}


class TestAttaching:
    def test_it_is_recorded_on_both_sides(self, ada, case, incident):
        event = incidents.attach(case, by=ada, incident=incident)
        assert (event.kind, event.details, event.public) == ("attached", {"incident": incident.number}, True)
        line = incident.events.latest("sequence")
        assert (line.kind, line.details, line.public) == ("attached", {"case": case.number}, False)

    def test_a_second_time_is_nothing(self, ada, case, incident):
        incidents.attach(case, by=ada, incident=incident)
        assert incidents.attach(case, by=ada, incident=incident) is None
        assert kinds(incident) == ["opened", "attached"]

    def test_a_case_belongs_to_one_incident(self, ada, cases, till):
        other = incidents.open_incident(system=till, title="Another", by=ada, severity=2)
        with pytest.raises(Refused, match="Take it out of that one first"):
            incidents.attach(cases[0], by=ada, incident=other)
        assert kinds(other) == ["opened"]

    def test_a_resolved_incident_takes_no_case(self, ada, case, incident):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        with pytest.raises(Refused, match="Reopen it to attach"):
            incidents.attach(case, by=ada, incident=incident)

    def test_a_closed_case_is_not_attached(self, ada, case, incident):
        resolution.close(case, by=ada)
        with pytest.raises(Refused, match="is closed"):
            incidents.attach(case, by=ada, incident=incident)

    def test_of_a_merged_case_the_one_it_goes_on_in_is_attached(self, ada, cleo, case, incident):
        into = CaseFactory(customer=cleo)
        merging.merge(case, by=ada, into=into)
        incidents.attach(case, by=ada, incident=incident)
        assert list(incident.cases.all()) == [into]

    def test_a_case_into_which_an_attached_one_is_merged_is_attached_with_it(self, ada, cleo, case, incident):
        incidents.attach(case, by=ada, incident=incident)
        into = CaseFactory(customer=cleo)
        merging.merge(case, by=ada, into=into)
        into.refresh_from_db()
        assert into.incident == incident

    def test_taking_out_is_recorded_and_can_be_taken_back(self, ada, case, incident):
        incidents.attach(case, by=ada, incident=incident)
        incidents.detach(case, by=ada)
        assert incidents.detach(case, by=ada) is None
        case.refresh_from_db()
        assert case.incident is None
        incidents.attach(case, by=ada, incident=incident)
        assert kinds(incident) == ["opened", "attached", "detached", "attached"]
        of_case = list(case.events.filter(details__incident=incident.number).values_list("kind", flat=True))
        assert of_case == ["attached", "detached", "attached"]


class TestChanging:
    def test_details_are_recorded_with_old_and_new(self, ada, abe, incident):
        incidents.change(incident, by=ada, severity=2)
        incidents.change(incident, by=ada, owner=abe)
        assert incidents.change(incident, by=ada, owner=abe, severity=2) is None
        event = incident.events.latest("sequence")
        assert (event.changes, event.details) == ({"owner_id": [ada.pk, abe.pk]}, {"owner": "Abe"})
        incident.refresh_from_db()
        assert (incident.owner, incident.severity) == (abe, 2)

    def test_a_note_is_internal_and_counts_once_but_other_words_count_anew(self, ada, incident):
        token = uuid4()
        note = incident_updates.add_note(incident, by=ada, body="The bank.", token=token)
        assert note.public is False
        assert incident_updates.add_note(incident, by=ada, body="The bank.", token=token) is None
        assert incident_updates.add_note(incident, by=ada, body="Not the bank.", token=token)
        assert kinds(incident) == ["opened", "note", "note"]


def test_events_of_an_incident_are_in_order_whoever_writes(ada, abe, incident, case):
    incident_updates.add_note(incident, by=ada, body="One.")
    incident_updates.add_note(incident, by=abe, body="Two.")
    conversation.add_note(case, by=ada, body="Elsewhere.")
    sequences = list(IncidentEvent.objects.filter(incident=incident).values_list("sequence", flat=True))
    assert sequences == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_customers_word_and_an_agents_detaching_do_not_block_each_other_for_ever(ada, till):
    incident = IncidentFactory(by=ada, system=till)
    case = CaseFactory(system=till)
    incidents.attach(case, by=ada, incident=incident)
    resolution.resolve(case, by=ada, resolution="Fixed.")
    written, failed = threading.Event(), []

    def customer():
        try:
            with transaction.atomic():
                conversation.reply(case, by=case.customer, body="Still broken.")
                written.set()
                time.sleep(0.5)  # while the agent waits for the case
        except OperationalError as error:
            failed.append(error)
        connection.close()

    def agent():
        written.wait(5)
        try:
            incidents.detach(Case.objects.get(pk=case.pk), by=ada)
        except OperationalError as error:
            failed.append(error)
        connection.close()

    threads = [threading.Thread(target=one) for one in (customer, agent)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    case.refresh_from_db()
    assert (case.incident, case.status) == (None, "open")


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [({"title": "T"}, True), ({"public": False}, True), ({"severity": 3}, False), ({"owner": None}, False)],
)
def test_whoever_looks_at_a_case_is_nudged_when_what_it_shows_of_the_incident_changes(
    ada, till, monkeypatch, changes, is_told
):
    incident, case = IncidentFactory(by=ada, system=till), CaseFactory(system=till)
    incidents.attach(case, by=ada, incident=incident)
    topics = []
    monkeypatch.setattr(incident_events, "nudge", lambda *named: topics.extend(named))
    incidents.change(incident, by=ada, **changes)
    assert (f"case-{case.number}" in topics) == (f"desk-{case.number}" in topics) == is_told
