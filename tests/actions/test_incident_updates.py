"""What each case of an incident is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import (
    broadcast,
    bulk,
    conversation,
    copies,
    incident_updates,
    incidents,
    merging,
    resolution,
)
from cases.actions.conversation import ReplyTerms
from cases.mail.outbound import message_about
from cases.models import Bulk, Case, Event, Kind, Refused, Stage
from cases.models.promise import PromiseTerms
from tests.factories import CaseFactory, IncidentFactory

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


def run():
    """What the worker does."""
    for one in Bulk.objects.order_by("pk"):
        bulk.run(one)


def in_an_hour(phrase=""):
    return PromiseTerms(timezone.now() + timedelta(hours=1), phrase)


def letters():
    """The jobs of mail about answers, as (case, receiver)."""
    jobs = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_event")
    events = Event.objects.filter(pk__in=[job.args["event"] for job in jobs], kind=Kind.REPLY, role="agent")
    return [(event.case_id, event.case.customer_id) for event in events.order_by("case")]


class TestPromises:
    """An update promises and keeps for the incident. What an agent promised in a case is theirs to keep."""

    @pytest.fixture
    def own(self, ada, cases):
        conversation.reply(cases[0], by=ada, body="I call you.", terms=ReplyTerms(promises=[in_an_hour()]))
        return cases[0].promises.get()

    def test_an_update_keeps_what_updates_promised_and_not_what_the_case_promised(
        self, ada, incident, cases, own
    ):
        for promised in ([in_an_hour("next update")], []):
            incident_updates.update(incident, by=ada, body="News.", cases=numbers(cases), promises=promised)
            run()
        assert [one.outcome for one in cases[0].promises.order_by("pk")] == ["", "kept"]
        assert [one.outcome for one in cases[1].promises.all()] == ["kept"]
        own.refresh_from_db()
        assert Case.objects.get(pk=cases[0].pk).promised_at == own.due_at

    def test_in_a_merged_case_it_keeps_what_it_promised_in_the_one_before(self, ada, incident, cases, cleo):
        case, into = CaseFactory(customer=cleo, system=incident.system), CaseFactory(customer=cleo)
        incidents.attach(case, by=ada, incident=incident)
        incident_updates.update(
            incident, by=ada, body="News.", cases=[case.pk], promises=[in_an_hour("soon")]
        )
        run()
        merging.merge(case, by=ada, into=into)
        incident_updates.update(incident, by=ada, body="Good news.", cases=[case.pk, into.pk])
        run()
        assert [one.outcome for one in into.promises.all()] == ["kept"]

    def test_a_case_with_all_the_promises_it_may_have_is_told_and_promised_all_the_same(
        self, ada, incident, cases
    ):
        many = [in_an_hour(f"thing {number}") for number in range(10)]
        conversation.reply(cases[0], by=ada, body="Ten things.", terms=ReplyTerms(promises=many))
        incident_updates.update(
            incident, by=ada, body="News.", cases=numbers(cases), promises=[in_an_hour("next update")]
        )
        run()
        assert not Bulk.objects.latest("pk").items.exclude(refused="").exists()
        assert cases[0].promises.running().count() == 11
        assert cases[0].events.filter(kind="reply", body="News.").exists()


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

    def test_an_incident_is_told_and_resolved_however_many_cases_it_has(
        self, ada, incident, cases, monkeypatch
    ):
        monkeypatch.setattr(bulk, "MOST", 2)
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        run()
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        run()
        assert Event.objects.filter(body="We look.").count() == 3
        assert Case.objects.filter(status="resolved").count() == 3

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
        told = {event.case_id: message_about(event).body for event in Event.objects.filter(body="We look.")}
        assert f"This also covers your case {second.pk}." in told[cases[0].pk]
        assert "too." not in told[cases[1].pk]

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
        assert "We look, Customer." in message_about(Event.objects.get(kind="reply", author=ada)).body

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
        ("body", "sentence"), [("  ", "Write an update first."), ("x" * 10_001, "10,001 characters")]
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
        with pytest.raises(
            Refused,
            match="Nobody would get this: no cases are selected and the incident isn’t on the status page",
        ):
            incident_updates.update(incident, by=ada, body="We look.")

    def test_an_update_does_not_overtake_the_one_before(self, ada, incident, cases):
        incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
        with pytest.raises(Refused, match="still being sent to 3 cases"):
            incident_updates.update(incident, by=ada, body="We found it.", cases=numbers(cases))

    def test_a_resolved_incident_tells_nothing(self, ada, incident):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        with pytest.raises(Refused, match="is resolved"):
            incident_updates.update(incident, by=ada, body="We look.")

    def test_resolved_is_no_status_of_an_update(self, ada, incident):
        for status in ("resolved", "nonsense"):
            with pytest.raises(Refused, match="Resolve the incident"):
                incident_updates.update(incident, by=ada, body="Over.", status=status)


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


def test_who_is_in_copy_of_a_customers_second_case_hears_of_it_though_the_customer_has_one_mail(
    ada, cleo, till, incident
):
    cases = [CaseFactory(system=till, customer=cleo) for _ in range(2)]
    for case in cases:
        incidents.attach(case, by=ada, incident=incident)
        copies.add(case, by=ada, address=f"bert{case.pk}@elsewhere.example")
    incident_updates.update(incident, by=ada, body="We look.", cases=numbers(cases))
    run()
    incident_updates.resolve(incident, by=ada, resolution="Done.")
    run()
    assert len(letters()) == 1
    told = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_beside").order_by("id")
    kinds = [(one.case_id, one.kind) for one in (Event.objects.get(pk=job.args["event"]) for job in told)]
    assert sorted(kinds) == [(case.pk, kind) for case in cases for kind in (Kind.REPLY, Kind.RESOLVED)]
