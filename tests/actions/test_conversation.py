from uuid import uuid4

import pytest
from django.db import IntegrityError

from cases.actions import conversation, resolution
from cases.models import Case, Event, Kind, Refused, Role, Severity, Status, WaitingOn
from tests.factories import CaseFactory


def kinds(case):
    return list(case.events.values_list("kind", flat=True))


def test_opening_a_case_records_the_opening_and_the_first_message(cleo, till):
    case = conversation.open_case(
        system=till,
        summary="No receipts",
        description="None at all.",
        severity=Severity.HIGH,
        customer=cleo,
        by=cleo,
    )
    assert kinds(case) == [Kind.OPENED, Kind.REPLY]
    assert case.events.get(kind=Kind.REPLY).body == "None at all."
    assert (case.status, case.waiting_on, case.severity) == (Status.OPEN, WaitingOn.US, Severity.HIGH)
    assert case.organisation == cleo.organisation


def test_a_report_received_twice_opens_one_case(cleo, till):
    token = uuid4()
    first, second = (CaseFactory(customer=cleo, system=till, token=token) for _ in range(2))
    assert first == second
    assert Case.objects.count() == 1


def test_what_the_database_refuses_of_a_report_is_not_taken_for_one_that_came_before(cleo, till):
    CaseFactory(customer=cleo, system=till)
    for token in (None, uuid4()):
        with pytest.raises(IntegrityError, match="case_severity_is_known"):
            CaseFactory(customer=cleo, system=till, token=token, severity=99)
    assert Case.objects.count() == 1


def test_another_report_from_the_same_form_opens_another_case(cleo, carl, till):
    token = uuid4()
    reports = [
        {"customer": cleo, "description": "Blank receipts."},
        {"customer": cleo, "description": "Now the drawer is stuck."},
        {"customer": carl, "description": "Blank receipts."},
    ]
    opened = {CaseFactory(system=till, token=token, **report).pk for report in reports + reports}
    assert len(opened) == Case.objects.count() == 3


def test_an_agents_reply_turns_the_case_to_the_customer(case, ada):
    conversation.reply(case, by=ada, body="Which reader is it?")
    case.refresh_from_db()
    assert case.waiting_on == WaitingOn.CUSTOMER


def test_a_customers_reply_turns_the_case_to_us(case, ada, cleo):
    conversation.reply(case, by=ada, body="Which reader is it?")
    conversation.reply(case, by=cleo, body="The one at the door.")
    case.refresh_from_db()
    assert case.waiting_on == WaitingOn.US


def test_waiting_since_stays_while_the_same_side_writes_on(case, cleo):
    case.refresh_from_db()
    since = case.waiting_since
    conversation.reply(case, by=cleo, body="Are you there?")
    case.refresh_from_db()
    assert case.waiting_since == since


def test_a_reply_received_twice_counts_once(case, ada):
    token = uuid4()
    assert conversation.reply(case, by=ada, body="On it.", token=token)
    assert conversation.reply(case, by=ada, body="On it.", token=token) is None
    assert kinds(case).count(Kind.REPLY) == 2


@pytest.mark.parametrize("say", [conversation.reply, conversation.add_note, resolution.reopen])
def test_other_words_from_the_same_form_are_recorded_once_too(case, ada, say):
    token = uuid4()
    for body in ("On it.", "On it, give us an hour.", "On it.", "On it, give us an hour."):
        say(case, by=ada, body=body, token=token)
    said = case.events.filter(sequence__gt=2).values_list("body", flat=True)
    assert list(said) == ["On it.", "On it, give us an hour."]


def test_a_note_is_internal_and_leaves_the_turn_alone(case, ada):
    case.refresh_from_db()
    before = case.waiting_on, case.waiting_since
    note = conversation.add_note(case, by=ada, body="Looks like the bank.")
    case.refresh_from_db()
    assert not note.public
    assert (case.waiting_on, case.waiting_since) == before


def test_a_customers_reply_reopens_a_resolved_case(case, ada, cleo):
    resolution.resolve(case, by=ada, resolution="Swapped the reader.")
    conversation.reply(case, by=cleo, body="It fails again.")
    case.refresh_from_db()
    assert (case.status, case.waiting_on, case.resolved_at) == (Status.OPEN, WaitingOn.US, None)
    assert kinds(case)[-2:] == [Kind.REPLY, Kind.REOPENED]


def test_an_agents_reply_leaves_a_resolved_case_resolved(case, ada):
    resolution.resolve(case, by=ada, resolution="Swapped the reader.")
    conversation.reply(case, by=ada, body="Did it arrive?")
    case.refresh_from_db()
    assert (case.status, case.waiting_on) == (Status.RESOLVED, WaitingOn.CUSTOMER)


def test_a_closed_case_refuses_a_reply_with_a_sentence(case, ada, cleo):
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match=f"Case {case.number} is closed. Reopen it to write in it."):
        conversation.reply(case, by=cleo, body="Hello?")


def test_a_closed_case_still_takes_a_note(case, ada):
    resolution.close(case, by=ada)
    assert conversation.add_note(case, by=ada, body="For the record.")


def test_an_event_can_be_neither_changed_nor_deleted(case):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(case=case).update(body="Nothing was said.")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(case=case).delete()


def test_a_guests_words_count_as_the_customers(case, cleo):
    event = conversation.reply(case, by=cleo, body="More of it.")
    assert (event.role, event.author) == (Role.CUSTOMER, cleo)
