import threading
import time
from uuid import uuid4

import pytest
from django.core import mail
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from cases import tasks
from cases.actions import broadcast, bulk, conversation, incident_updates, incidents, merging, resolution
from cases.models import Bulk, BulkItem, Case, Event, Incident, IncidentEvent, Kind, Refused, Stage, Status
from tests.factories import CaseFactory, IncidentFactory, UserFactory

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


def run():
    """What the worker does."""
    for one in Bulk.objects.order_by("pk"):
        bulk.run(one)


def letters():
    """The jobs of mail about answers, as (case, receiver)."""
    jobs = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_event")
    events = Event.objects.filter(pk__in=[job.args["event"] for job in jobs], kind=Kind.REPLY, role="agent")
    return [(event.case_id, event.case.customer_id) for event in events.order_by("case")]


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
        assert (event.kind, event.body, event.public) == ("attached", str(incident.number), True)
        line = incident.events.latest("sequence")
        assert (line.kind, line.body, line.public) == ("attached", str(case.number), False)

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
        of_case = list(case.events.filter(body=str(incident.number)).values_list("kind", flat=True))
        assert of_case == ["attached", "detached", "attached"]


class TestChanging:
    def test_details_are_recorded_with_old_and_new(self, ada, abe, incident):
        incidents.change(incident, by=ada, severity=2)
        incidents.change(incident, by=ada, owner=abe)
        assert incidents.change(incident, by=ada, owner=abe, severity=2) is None
        event = incident.events.latest("sequence")
        assert (event.changes, event.body) == ({"owner_id": [ada.pk, abe.pk]}, "Abe")
        incident.refresh_from_db()
        assert (incident.owner, incident.severity) == (abe, 2)

    def test_a_note_is_internal_and_counts_once_but_other_words_count_anew(self, ada, incident):
        token = uuid4()
        note = incident_updates.add_note(incident, by=ada, body="The bank.", token=token)
        assert note.public is False
        assert incident_updates.add_note(incident, by=ada, body="The bank.", token=token) is None
        assert incident_updates.add_note(incident, by=ada, body="Not the bank.", token=token)
        assert kinds(incident) == ["opened", "note", "note"]


class TestTelling:
    def test_each_case_gets_an_answer_with_its_own_words(self, ada, incident, cases):
        for case, name in zip(cases, ["Ann", "Bob", "Cem"], strict=True):
            Case.objects.filter(pk=case.pk).update(customer_name=name)
        body = "Hello {customer}, case {case}: we found it. {agent}"
        incident_updates.update(incident, by=ada, body=body, status="identified", cases=numbers(cases))
        assert not Event.objects.filter(kind="reply", author=ada).exists()
        run()
        told = Event.objects.filter(kind="reply", author=ada).order_by("case")
        assert [event.body for event in told] == [
            f"Hello {name}, case {case.number}: we found it. Ada"
            for case, name in zip(cases, ["Ann", "Bob", "Cem"], strict=True)
        ]
        assert {event.role for event in told} == {"agent"}
        incident.refresh_from_db()
        assert incident.status == Stage.IDENTIFIED

    def test_what_everybody_reads_names_nobody(self, ada, incident, cases):
        body = "Hello {customer}, case {case} on {system}: “{summary}”. {agent}, {whatever}"
        event = incident_updates.update(incident, by=ada, body=body, cases=numbers(cases))
        assert event.body == "Hello there, case … on Till: “…”. our support, {whatever}"

    def test_a_form_that_comes_twice_tells_once(self, ada, incident, cases):
        once = {"by": ada, "body": "We look.", "cases": numbers(cases), "token": uuid4()}
        assert incident_updates.update(incident, **once)
        assert incident_updates.update(incident, **once) is None
        run()
        assert Event.objects.filter(body="We look.").count() == 3

    def test_only_attached_cases_are_told(self, ada, case, incident, cases):
        incident_updates.update(incident, by=ada, body="We look.", cases=[case.number, *numbers(cases[:1])])
        run()
        assert [event.case for event in Event.objects.filter(body="We look.")] == cases[:1]

    def test_a_case_that_is_taken_out_meanwhile_is_not_told(self, ada, incident, cases):
        event = incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        incidents.detach(cases[1], by=ada)
        run()
        assert Event.objects.filter(body="We look.").count() == 2
        assert "taken out" in event.bulk.items.get(case=cases[1]).refused

    def test_a_closed_case_says_why_not(self, ada, incident, cases):
        event = incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        resolution.close(cases[1], by=ada)
        run()
        assert "is closed" in event.bulk.items.get(case=cases[1]).refused

    def test_after_a_crash_each_case_is_told_once(self, ada, incident, cases, monkeypatch):
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        told = []

        def crash(case, by, value):
            broadcast.tell(case, by, value)
            told.append(case)
            if len(told) == 2:
                raise KeyboardInterrupt

        monkeypatch.setitem(bulk.CHANGES, broadcast.TELL, crash)
        with pytest.raises(KeyboardInterrupt):
            run()
        monkeypatch.setitem(bulk.CHANGES, broadcast.TELL, broadcast.tell)
        run()
        run()
        assert [event.case for event in Event.objects.filter(body="We look.").order_by("case")] == cases
        assert len(letters()) == 3

    def test_a_customer_with_two_cases_gets_one_letter_and_two_answers(self, ada, incident, cases):
        second = CaseFactory(customer=cases[0].customer, system=incident.system)
        incidents.attach(second, by=ada, incident=incident)
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers([*cases, second]))
        run()
        assert Event.objects.filter(body="We look.").count() == 4
        assert sorted(customer for _, customer in letters()) == sorted(case.customer_id for case in cases)

    def test_when_the_first_case_of_a_customer_cannot_be_told_the_letter_comes_from_the_next(
        self, ada, incident, cases
    ):
        second = CaseFactory(customer=cases[0].customer, system=incident.system)
        incidents.attach(second, by=ada, incident=incident)
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers([cases[0], second]))
        resolution.close(cases[0], by=ada)
        run()
        assert letters() == [(second.pk, second.customer_id)]

    def test_the_letter_says_what_was_told(self, ada, incident, cases):
        incident_updates.update(incident, by=ada, body="We look, {customer}.", cases=numbers(cases[:1]))
        run()
        tasks.mail_event(event=Event.objects.get(kind="reply", author=ada).pk)
        assert "We look, Customer." in mail.outbox[-1].body

    def test_a_case_of_an_agents_own_is_told_as_by_the_desk(self, ada, incident):
        own = CaseFactory(customer=ada, system=incident.system)
        incidents.attach(own, by=ada, incident=incident)
        incident_updates.update(incident, by=ada, body="We look.", cases=[own.number])
        run()
        assert Event.objects.get(body="We look.").role == "agent"

    def test_a_case_that_was_merged_meanwhile_is_told_where_it_goes_on_and_once(self, ada, incident, cases):
        into = CaseFactory(customer=cases[0].customer, system=incident.system)
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases[:1]))
        merging.merge(cases[0], by=ada, into=into)
        run()
        incident_updates.update(incident, by=ada, body="Still looking.", cases=numbers([cases[0], into]))
        run()
        assert [event.case for event in Event.objects.filter(body="We look.")] == [into]
        assert [event.case for event in Event.objects.filter(body="Still looking.")] == [into]

    @pytest.mark.parametrize(
        ("body", "sentence"), [("  ", "Write what you want to tell"), ("x" * 10_001, "10,001 characters")]
    )
    def test_no_text_and_too_much_of_it_are_refused(self, ada, incident, cases, body, sentence):
        with pytest.raises(Refused, match=sentence):
            incident_updates.update(incident, by=ada, body=body, cases=numbers(cases))
        assert Bulk.objects.count() == 0

    def test_without_a_case_it_goes_to_the_status_page_alone(self, ada, incident):
        event = incident_updates.update(incident, by=ada, body="We look.")
        assert (event.public, event.bulk) == (True, None)

    def test_what_nobody_would_read_is_refused(self, ada, incident):
        incidents.change(incident, by=ada, public=False)
        with pytest.raises(Refused, match="Nobody would read this"):
            incident_updates.update(incident, by=ada, body="We look.")

    def test_an_update_does_not_overtake_the_one_before(self, ada, incident, cases):
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        with pytest.raises(Refused, match="An update is still on its way to 3 cases"):
            incident_updates.update(incident, by=ada, body="We found it.", cases=numbers(cases))

    def test_a_resolved_incident_tells_nothing(self, ada, incident):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        with pytest.raises(Refused, match="is resolved"):
            incident_updates.update(incident, by=ada, body="We look.")

    def test_resolved_is_no_status_of_an_update(self, ada, incident):
        for status in ("resolved", "nonsense"):
            with pytest.raises(Refused, match="Resolve the incident"):
                incident_updates.update(incident, by=ada, body="Over.", status=status)


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

    def test_it_waits_until_an_update_has_arrived(self, ada, incident, cases):
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        with pytest.raises(Refused, match="still on its way to 3 cases"):
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
        with pytest.raises(Refused, match="The resolution is still on its way"):
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


def test_events_of_an_incident_are_in_order_whoever_writes(ada, abe, incident, case):
    incident_updates.add_note(incident, by=ada, body="One.")
    incident_updates.add_note(incident, by=abe, body="Two.")
    conversation.add_note(case, by=ada, body="Elsewhere.")
    sequences = list(IncidentEvent.objects.filter(incident=incident).values_list("sequence", flat=True))
    assert sequences == [1, 2, 3]


def test_a_fault_that_passes_leaves_the_case_to_be_told_by_the_next_try(ada, till, monkeypatch):
    incident = IncidentFactory(by=ada, system=till)
    cases = [CaseFactory(system=till) for _ in range(3)]
    for case in cases:
        incidents.attach(case, by=ada, incident=incident)
    incident_updates.update(incident, by=ada, body="Hello", cases=[case.pk for case in cases])
    say, calls = broadcast.reply, []

    def faulty(*arguments, **said):
        calls.append(1)
        if len(calls) == 2:
            raise OperationalError("deadlock detected")
        return say(*arguments, **said)

    monkeypatch.setattr(broadcast, "reply", faulty)
    with pytest.raises(OperationalError):
        bulk.run(Bulk.objects.get())
    bulk.run(Bulk.objects.get())
    assert Event.objects.filter(kind="reply", role="agent").count() == len(cases)


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
