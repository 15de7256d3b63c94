"""A newer document over a case that moved on here meanwhile, or that was born here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, resolution
from cases.actions.conversation import ReplyTerms
from cases.actions.importing import document_of, import_document
from cases.models import Case, Clock, Kind, Policy, Refused, Status, Target, WaitingOn
from cases.tasks import keep_time
from cases.transcripts.document import Document, Message

from .replay import replay

pytestmark = pytest.mark.django_db

NINE = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


def minutes(n):
    return NINE + timedelta(minutes=n)


OPEN = Document(
    case_id="OLD-17",
    created_at=NINE,
    issue_summary="Cards are refused",
    status="open",
    contact_email="olga@example.com",
    messages=(Message("customer", minutes(1), "No card works."), Message("agent", minutes(5), "We look.")),
)
RESOLVED = replace(OPEN, status="resolved", resolved_at=minutes(30), resolution="Renewed it.")
CLOSED = replace(RESOLVED, status="closed")
TURN = {
    Status.OPEN: WaitingOn.CUSTOMER,
    Status.INVESTIGATING: WaitingOn.CUSTOMER,
    Status.RESOLVED: WaitingOn.CUSTOMER,
    Status.CLOSED: WaitingOn.NOBODY,
}
DOCUMENTS = {
    Status.OPEN: OPEN,
    Status.INVESTIGATING: replace(OPEN, status="investigating"),
    Status.RESOLVED: RESOLVED,
    Status.CLOSED: CLOSED,
}


def newer(document, **changes):
    said = (*document.messages, Message("agent", minutes(50), "A word more."))
    return replace(document, messages=said, generated_at=minutes(90), **changes)


@pytest.mark.parametrize("before", DOCUMENTS)
@pytest.mark.parametrize("after", DOCUMENTS)
def test_a_newer_document_takes_a_case_from_any_status_to_any_other(before, after):
    case = import_document(DOCUMENTS[before]).case
    document = newer(DOCUMENTS[after])
    assert import_document(document).done == "updated"
    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.waiting_on) == (after, TURN[after])
    assert (case.resolved_at, case.resolution) == (document.resolved_at, document.resolution or "")
    state = replay(case.events.all())
    assert (state["status"], state["waiting_on"], state["waiting_since"]) == (
        case.status,
        case.waiting_on,
        case.waiting_since,
    )
    assert import_document(document).done == "unchanged"
    assert not ProcrastinateJob.objects.exists()


def test_a_document_that_calls_a_case_closed_leaves_the_lines_of_its_end():
    case = import_document(OPEN).case
    import_document(newer(CLOSED))
    lines = case.events.values_list("kind", "at", "body")
    assert list(lines)[-3:] == [
        (Kind.RESOLVED, minutes(30), "Renewed it."),
        (Kind.REPLY, minutes(50), "A word more."),
        (Kind.CLOSED, minutes(50), ""),
    ]


def test_a_document_opens_a_case_that_was_closed_here(ada):
    case = import_document(OPEN).case
    resolution.close(case, by=ada)
    import_document(newer(OPEN))
    case.refresh_from_db()
    assert (case.status, case.resolved_at, case.waiting_on) == (Status.OPEN, None, WaitingOn.CUSTOMER)
    assert case.events.filter(kind=Kind.REOPENED).count() == 1


def test_an_open_case_has_no_time_of_resolution_whatever_its_document_says():
    case = import_document(replace(OPEN, resolved_at=minutes(30))).case
    import_document(newer(OPEN, resolved_at=minutes(40)))
    case.refresh_from_db()
    assert (case.status, case.resolved_at) == (Status.OPEN, None)


def test_a_name_longer_than_an_account_takes_stands_whole_in_the_case():
    case = import_document(replace(OPEN, customer_name="Olga " * 60)).case
    assert case.customer_name == "Olga " * 60
    assert case.customer.name == ("Olga " * 60)[:120]


def test_what_the_database_does_not_take_is_refused_with_a_sentence_and_leaves_nothing():
    with pytest.raises(Refused, match="Case OLD-17 could not be stored"):
        import_document(replace(OPEN, contact_email=f"{'o' * 300}@example.com"))
    assert not Case.objects.exists()


class TestBornHere:
    @pytest.fixture
    def levels(self, till):
        till.policy = Policy.objects.create(name="Gold")
        till.save()
        for severity in range(1, 6):
            Target.objects.create(
                policy=till.policy, severity=severity, first_response=60, next_update=60, resolution=120
            )

    @pytest.fixture
    def case(self, levels, case):
        return Case.objects.get(pk=case.pk)

    def completed(self, case, **changes):
        return replace(document_of(case), root_cause="It had expired.", **changes)

    def test_a_case_that_was_born_here_keeps_its_clocks_when_its_document_comes_back(self, case, ada):
        import_document(self.completed(case))
        assert case.clocks.filter(ended_at=None).count() == 2
        conversation.reply(case, by=ada, body="It works again.", terms=ReplyTerms(promises=[]))
        running = case.clocks.filter(ended_at=None)
        assert [clock.due_at for clock in running if clock.due_at] == []  # the customer's turn: both stand

    def test_it_stays_with_its_system(self, case, till):
        assert import_document(self.completed(case)).system is None
        case.refresh_from_db()
        assert (case.system, case.root_cause) == (till, "It had expired.")

    def test_its_clocks_end_with_it_and_nothing_is_called_overdue(self, case):
        import_document(self.completed(case, status="closed", resolved_at=timezone.now(), resolution="Done."))
        assert not case.clocks.filter(ended_at=None).exists()
        Clock.objects.update(next_check_at=timezone.now() - timedelta(hours=1))
        keep_time(0)
        assert not case.events.filter(kind__in=(Kind.WARNED, Kind.BROKEN)).exists()
        case.refresh_from_db()
        assert case.due_at is None

    def test_its_clocks_go_by_the_severity_that_the_document_says(self, case):
        Target.objects.filter(severity=1).update(first_response=10)
        import_document(self.completed(case, severity="critical"))
        soonest = case.clocks.order_by("due_at").first()
        assert soonest.due_at == case.events.get(kind=Kind.OPENED).at + timedelta(minutes=10)

    def test_what_came_as_a_document_has_no_clocks_ever(self, levels, ada):
        case = import_document(replace(OPEN, system_description="Till")).case
        conversation.reply(case, by=case.customer, body="And now?")
        import_document(newer(OPEN, severity="high"))
        assert not case.clocks.exists()

    def test_what_was_promised_ends_with_the_case(self, case, ada):
        conversation.reply(case, by=ada, body="Soon.")
        import_document(self.completed(case, status="closed", resolved_at=timezone.now(), resolution="Done."))
        case.refresh_from_db()
        assert (case.promised_at, case.due_at) == (None, None)
        assert not case.promises.filter(ended_at=None).exists()
