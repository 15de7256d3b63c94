"""Links between cases, and a case that goes on in another."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import (
    conversation,
    escalations,
    incidents,
    merging,
    promises,
    requests,
    resolution,
    snooze,
    triage,
)
from cases.models import Case, Draft, Event, Kind, Link, Refused, Request, Role, Status, WaitingOn
from cases.models.kinds import PUBLIC
from tests.factories import CaseFactory, IncidentFactory

from .replay import replay

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(cleo, till):
    """Another case of the same customer."""
    return CaseFactory(customer=cleo, system=till, summary="The drawer does not open")


def both_fold_from_their_events(*cases):
    for case in cases:
        case = Case.objects.get(pk=case.pk)
        folded = replay(case.events.order_by("sequence"))
        stored = {name: getattr(case, name) for name in folded}
        assert {n: str(_json(v)) for n, v in stored.items()} == {n: str(_json(v)) for n, v in folded.items()}


def _json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_a_link_shows_in_both_cases_and_leaves_an_event_in_each(ada, case, other):
    merging.link(other, by=ada, other=case)
    assert Link.objects.get().first == case
    assert [event.details for event in Event.objects.filter(kind="linked").order_by("case")] == [
        {"case": other.number},
        {"case": case.number},
    ]
    assert merging.link(case, by=ada, other=other) is None
    assert merging.unlink(case, by=ada, other=other)
    assert merging.unlink(case, by=ada, other=other) is None
    assert not Link.objects.exists()
    assert Event.objects.filter(kind="unlinked").count() == 2


def test_a_case_is_not_linked_to_itself(ada, case):
    with pytest.raises(Refused, match="You can’t link a case to itself"):
        merging.link(case, by=ada, other=case)
    assert merging.unlink(case, by=ada, other=case) is None


def test_a_link_is_internal_and_a_merge_is_not(ada, case, other):
    assert Kind.LINKED not in PUBLIC
    assert {Kind.MERGED, Kind.UNMERGED} <= PUBLIC


def test_a_merged_case_is_closed_and_each_keeps_its_history(ada, case, other):
    before = list(case.events.values_list("pk", flat=True)), list(other.events.values_list("pk", flat=True))
    merging.merge(case, by=ada, into=other)
    case.refresh_from_db()
    assert (case.merged_into, case.status, case.waiting_on) == (other, Status.CLOSED, WaitingOn.NOBODY)
    assert case.resolved_at
    assert list(case.events.values_list("pk", flat=True))[:-1] == before[0]
    assert list(other.events.values_list("pk", flat=True))[:-1] == before[1]
    both_fold_from_their_events(case, other)


def test_merging_again_is_nothing_new_and_nobody_is_mailed(ada, case, other):
    ProcrastinateJob.objects.all()._raw_delete("default")
    merging.merge(case, by=ada, into=other)
    assert merging.merge(case, by=ada, into=other) is None
    assert not ProcrastinateJob.objects.exists()


def test_what_the_customer_waits_for_is_owed_in_the_other_case(ada, case, other):
    conversation.reply(other, by=ada, body="Have you tried it again?")
    snooze.snooze(other, by=ada, until=timezone.now() + timedelta(days=1))
    due = timezone.now() + timedelta(hours=2)
    promises.promise(case, by=ada, due_at=due)
    waited = case.waiting_since
    merging.merge(case, by=ada, into=other)
    other.refresh_from_db()
    assert (other.waiting_on, other.waiting_since, other.due_at) == (WaitingOn.US, waited, due)
    assert other.snoozed_until is None
    both_fold_from_their_events(case, other)


def test_of_two_that_wait_on_us_the_longer_wait_counts(ada, case, other):
    merging.merge(case, by=ada, into=other)
    other.refresh_from_db()
    assert other.waiting_since == case.waiting_since


def test_what_waits_on_the_customer_wakes_nothing(ada, case, other):
    conversation.reply(case, by=ada, body="Please try.")
    until = timezone.now() + timedelta(days=1)
    snooze.snooze(other, by=ada, until=until)
    merging.merge(case, by=ada, into=other)
    other.refresh_from_db()
    assert other.snoozed_until == until


def test_merges_lead_on_to_where_the_other_case_goes_on(ada, cleo, till, case, other):
    third = CaseFactory(customer=cleo, system=till)
    merging.merge(other, by=ada, into=third)
    merging.merge(case, by=ada, into=other)
    case.refresh_from_db()
    assert case.merged_into == third
    assert case.merged_target() == third


def test_a_chain_ends_where_its_last_case_goes_on(ada, cleo, till, case, other):
    third = CaseFactory(customer=cleo, system=till)
    merging.merge(case, by=ada, into=other)
    merging.merge(other, by=ada, into=third)
    case.refresh_from_db()
    assert case.merged_target() == third
    conversation.reply(case, by=cleo, body="And another thing.")
    assert third.events.filter(body="And another thing.").exists()


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda ada, case, other: (case, case), "into itself"),
        (
            lambda ada, case, other: (case, CaseFactory()),
            "Only cases from the same customer can be merged. Link them instead.",
        ),
        (
            lambda ada, case, other: resolution.resolve(other, by=ada, resolution="Done.") and (case, other),
            "is resolved",
        ),
        (lambda ada, case, other: resolution.close(other, by=ada) and (case, other), "Reopen it before"),
        (
            lambda ada, case, other: merging.merge(other, by=ada, into=case) and (case, other),
            "goes on in case",
        ),
        (
            lambda ada, case, other: (
                merging.merge(case, by=ada, into=other) and (case, CaseFactory(customer=case.customer))
            ),
            "already",
        ),
    ],
)
def test_what_cannot_be_merged_is_refused_with_a_sentence(ada, case, other, prepare, sentence):
    case, into = prepare(ada, case, other)
    before = Event.objects.count()
    with pytest.raises(Refused, match=sentence):
        merging.merge(case, by=ada, into=into)
    assert Event.objects.count() == before


def test_a_closed_case_may_be_merged_into_a_closed_one(ada, case, other):
    resolution.close(case, by=ada)
    resolution.close(other, by=ada)
    assert merging.merge(case, by=ada, into=other)


def test_what_is_written_to_a_merged_case_arrives_where_it_goes_on(ada, cleo, case, other):
    merging.merge(case, by=ada, into=other)
    conversation.reply(case, by=cleo, body="Still broken.")
    conversation.add_note(case, by=ada, body="Look at the drawer.")
    resolution.reopen(case, by=cleo, body="And again.")
    triage.hand_over(case, by=ada, to=ada, note="Mine.")
    said = list(other.events.exclude(body="").values_list("body", flat=True))
    assert {"Still broken.", "Look at the drawer.", "And again.", "Mine."} <= set(said)
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    assert case.events.latest("sequence").kind == Kind.MERGED


def test_a_merged_case_is_not_reopened_without_a_word(ada, case, other):
    merging.merge(case, by=ada, into=other)
    with pytest.raises(Refused, match="Separate the two"):
        resolution.reopen(case, by=ada)


def test_a_form_for_a_merged_case_counts_once(ada, cleo, case, other):
    merging.merge(case, by=ada, into=other)
    token = uuid4()
    assert conversation.reply(case, by=cleo, body="Once.", token=token)
    assert conversation.reply(case, by=cleo, body="Once.", token=token) is None


def test_drafts_go_along_below_those_that_are_there(ada, abe, case, other):
    Draft.objects.create(agent=ada, case=case, kind="reply", fields={"body": "From here."})
    Draft.objects.create(agent=ada, case=other, kind="reply", fields={"body": "From there."})
    Draft.objects.create(agent=abe, case=case, kind="note", fields={"body": "A note."})
    merging.merge(case, by=ada, into=other)
    drafts = {(draft.agent, draft.kind): draft.fields["body"] for draft in other.drafts.all()}
    assert drafts == {(ada, "reply"): "From there.\n\nFrom here.", (abe, "note"): "A note."}
    assert not case.drafts.exists()


def test_the_document_of_a_merged_case_remains_its_own(ada, cleo, case, other):
    conversation.reply(case, by=cleo, body="Only here.")
    merging.merge(case, by=ada, into=other)
    conversation.reply(other, by=cleo, body="Only there.")
    assert [e.body for e in case.events.conversation()].count("Only here.") == 1
    assert "Only there." not in [e.body for e in case.events.conversation()]
    assert Event.objects.filter(case=case, role=Role.CUSTOMER, body="Only there.").count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_merge_two_cases_into_each_other_at_once(ada, abe, cleo, till):
    one, two = CaseFactory(customer=cleo, system=till), CaseFactory(customer=cleo, system=till)
    gate, done, refused, errors = threading.Barrier(2, timeout=20), [], [], []

    def merge(agent, case, into):
        try:
            gate.wait()
            done.append(merging.merge(case, by=agent, into=into))
        except Refused as refusal:
            refused.append(str(refusal))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    pairs = [(ada, one, two), (abe, two, one)]
    threads = [threading.Thread(target=merge, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert (len(done), len(refused)) == (1, 1)
    assert Event.objects.filter(kind="merged").count() == 2
    assert Case.objects.filter(merged_into=None).count() == 1
    both_fold_from_their_events(one, two)


@pytest.mark.django_db(transaction=True)
def test_replies_during_a_merge_are_all_kept_in_order_and_none_follows_the_merge(ada, cleo, till):
    case, other = CaseFactory(customer=cleo, system=till), CaseFactory(customer=cleo, system=till)
    gate, errors = threading.Barrier(3, timeout=20), []

    def run(deed):
        try:
            gate.wait()
            deed()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    def write_to(one):
        return lambda: [conversation.reply(one, by=cleo, body=f"{one.number} {n}") for n in range(10)]

    def merge_and_separate():
        for _ in range(3):
            merging.merge(case, by=ada, into=other)
            merging.unmerge(case, by=ada)
        merging.merge(case, by=ada, into=other)

    deeds = [write_to(case), write_to(other), merge_and_separate]
    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    case.refresh_from_db()
    merged = 0
    for event in case.events.order_by("sequence"):
        merged += {"merged": 1, "unmerged": -1}.get(event.kind, 0)
        assert event.kind != "reply" or not merged
    said = Event.objects.filter(kind="reply").exclude(body__startswith="Since")
    assert said.count() == 20
    both_fold_from_their_events(case, other)


@pytest.mark.django_db(transaction=True)
def test_an_incident_that_a_case_gets_at_the_same_moment_is_not_overlooked(ada, case, other, till):
    incident, said = IncidentFactory(by=ada, system=till), []

    def merge():
        try:
            merging.merge(case, by=ada, into=other)
        except Refused as refused:
            said.append(str(refused))
        finally:
            connection.close()

    thread = threading.Thread(target=merge)
    with transaction.atomic():
        incidents.attach(case, by=ada, incident=incident)
        thread.start()
        wait_for_a_lock()
    thread.join(timeout=20)
    assert said == [f"Someone else just changed case {case.number}. Please check it again."]
    merging.merge(case, by=ada, into=other)
    other.refresh_from_db()
    assert other.incident == incident


def wait_for_a_lock():
    """Until another connection waits for what this one holds."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1")
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waits.")


class TestWhatIsAsked:
    """Whoever is asked in two cases has all their time in the one that is left."""

    @pytest.fixture
    def closing(self, ada, other):
        """The other case, about to close without a photo."""
        requests.ask(other, by=ada, what="a photo")
        requests.remind(Request.objects.get(), at=timezone.now() + timedelta(days=3))
        other.refresh_from_db()
        assert other.closes_at
        return other

    def test_a_request_that_comes_along_is_reminded_of_before_the_case_closes(self, ada, case, closing):
        requests.ask(case, by=ada, what="the log")
        merging.merge(case, by=ada, into=closing)
        closing.refresh_from_db()
        assert closing.closes_at is None
        assert {request.reminded_at for request in closing.requests.all()} == {None}

    def test_a_team_that_comes_along_keeps_the_case_open(self, ada, case, closing, team):
        team.members.add(ada)
        conversation.reply(case, by=ada, body="We ask.")
        escalations.escalate(case, by=ada, team=team, note="?")
        merging.merge(case, by=ada, into=closing)
        closing.refresh_from_db()
        assert (closing.escalated_to, closing.closes_at) == (team, None)

    def test_a_request_that_was_reminded_of_is_reminded_of_again(self, ada, case, other):
        conversation.reply(other, by=ada, body="Hello.")
        requests.ask(case, by=ada, what="the log")
        requests.remind(Request.objects.get(), at=timezone.now() + timedelta(days=3))
        merging.merge(case, by=ada, into=other)
        assert other.requests.get().next_check_at
