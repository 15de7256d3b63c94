"""A merged case is a case of its own again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cases.actions import (
    conversation,
    drafts,
    escalations,
    incidents,
    merging,
    notifications,
    promises,
    requests,
    resolution,
    snooze,
)
from cases.actions.conversation import ReplyTerms
from cases.models import Case, Draft, Status, WaitingOn
from cases.queries.deadlines import open_requests
from tests.factories import CaseFactory, IncidentFactory, TeamFactory

from .test_merging import both_fold_from_their_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(cleo, till):
    """Another case of the same customer."""
    return CaseFactory(customer=cleo, system=till, summary="The drawer does not open")


def state(case):
    """What a case is, without what every event changes."""
    fields = Case.objects.filter(pk=case.pk).values().get()
    return {
        name: value
        for name, value in fields.items()
        if name not in ("last_sequence", "last_public_sequence", "changed_at", "last_public_at", "search")
    }


def test_separating_makes_both_what_they_were(ada, case, other):
    conversation.reply(other, by=ada, body="Have you tried it again?")
    snooze.snooze(other, by=ada, until=timezone.now() + timedelta(days=1))
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=2))
    before = state(case), state(other)
    merging.merge(case, by=ada, into=other)
    merging.unmerge(case, by=ada)
    assert (state(case), state(other)) == before
    assert merging.unmerge(case, by=ada) is None
    both_fold_from_their_events(case, other)


def test_a_case_that_was_resolved_is_resolved_again_when_it_is_separated(ada, case, other):
    resolution.resolve(case, by=ada, resolution="Done.")
    before = state(case)
    merging.merge(case, by=ada, into=other)
    merging.unmerge(case, by=ada)
    after = state(case)
    assert after.pop("closes_at") > before.pop("closes_at")  # the customer is asked anew
    assert after == before


def test_what_was_said_meanwhile_is_not_turned_back_by_separating(ada, cleo, case, other):
    conversation.reply(other, by=ada, body="Have you tried it again?")
    snooze.snooze(other, by=ada, until=timezone.now() + timedelta(days=1))
    merging.merge(case, by=ada, into=other)
    conversation.reply(other, by=cleo, body="Yes, and it fails.")
    merging.unmerge(case, by=ada)
    other.refresh_from_db()
    assert (other.waiting_on, other.snoozed_until) == (WaitingOn.US, None)


def test_a_case_that_closed_meanwhile_is_not_put_to_sleep_by_separating(ada, case, other):
    snooze.snooze(other, by=ada, until=timezone.now() + timedelta(days=1))
    merging.merge(case, by=ada, into=other)
    resolution.close(other, by=ada)
    merging.unmerge(case, by=ada)
    other.refresh_from_db()
    case.refresh_from_db()
    assert (other.status, other.snoozed_until, case.status) == (Status.CLOSED, None, Status.OPEN)


def test_a_sleep_whose_time_has_passed_is_not_taken_up_again(ada, case, other, monkeypatch):
    snooze.snooze(case, by=ada, until=timezone.now() + timedelta(hours=1))
    merging.merge(case, by=ada, into=other)
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    merging.unmerge(case, by=ada)
    case.refresh_from_db()
    assert (case.status, case.snoozed_until) == (Status.OPEN, None)


def test_a_case_that_is_separated_again_does_not_close_by_a_time_from_before(
    case, ada, cleo, till, monkeypatch
):
    into = CaseFactory(customer=cleo, system=till)
    resolution.resolve(case, by=ada, resolution="Mended.")
    merging.merge(case, by=ada, into=into)
    conversation.reply(case, by=cleo, body="Still broken.")
    began = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: began + timedelta(days=30))
    merging.unmerge(case, by=ada)
    case.refresh_from_db()
    assert (case.status, case.closes_at > timezone.now()) == (Status.RESOLVED, True)


@pytest.fixture
def third(cleo, till):
    return CaseFactory(customer=cleo, system=till)


def waits_for(case):
    case.refresh_from_db()
    return case.waiting_on, [one.what for one in open_requests(case)]


class TestOfAChain:
    def test_a_case_in_its_middle_goes_on_elsewhere_and_its_first_is_separated(self, ada, case, other, third):
        conversation.reply(third, by=ada, body="Which browser?", terms=ReplyTerms(promises=[]))
        conversation.reply(other, by=ada, body="Which drawer?", terms=ReplyTerms(promises=[]))
        before = state(case), state(third)
        merging.merge(case, by=ada, into=other)
        merging.merge(other, by=ada, into=third)
        third.refresh_from_db()
        assert third.waiting_on == WaitingOn.US
        merging.unmerge(case, by=ada)
        assert (state(case), state(third)) == before
        assert Case.objects.get(pk=other.pk).merged_into == third
        both_fold_from_their_events(case, other, third)
        merging.unmerge(other, by=ada)
        other.refresh_from_db()
        assert (other.status, other.waiting_on) == (Status.OPEN, WaitingOn.CUSTOMER)

    def test_what_another_of_its_cases_waits_for_is_still_owed(self, ada, case, other, third):
        conversation.reply(third, by=ada, body="Which browser?", terms=ReplyTerms(promises=[]))
        since = other.waiting_since
        merging.merge(case, by=ada, into=other)
        merging.merge(other, by=ada, into=third)
        merging.unmerge(case, by=ada)
        third.refresh_from_db()
        assert (third.waiting_on, third.waiting_since) == (WaitingOn.US, since)

    def test_a_promise_and_a_question_to_a_team_come_back_from_where_they_are_by_now(
        self, ada, case, other, third
    ):
        team, due = TeamFactory(), timezone.now() + timedelta(hours=2)
        team.members.add(ada)
        promises.promise(case, by=ada, due_at=due)
        escalations.escalate(case, by=ada, team=team, note="?")
        merging.merge(case, by=ada, into=other)
        merging.merge(other, by=ada, into=third)
        merging.unmerge(case, by=ada)
        for one, owed in ((case, (due, team)), (other, (None, None)), (third, (None, None))):
            one.refresh_from_db()
            assert (one.promised_at, one.escalated_to) == owed

    def test_a_question_that_rested_on_the_way_is_asked_again(self, ada, case, other, third):
        teams = [TeamFactory(), TeamFactory()]
        for one, team in zip((case, third), teams, strict=True):
            team.members.add(ada)
            escalations.escalate(one, by=ada, team=team, note="?")
        merging.merge(case, by=ada, into=other)
        merging.merge(other, by=ada, into=third)
        merging.unmerge(case, by=ada)
        case.refresh_from_db()
        third.refresh_from_db()
        assert [case.escalated_to, third.escalated_to] == teams


class TestRequests:
    def test_they_go_along_and_come_back_and_are_reminded_of(self, ada, case, other):
        requests.ask(case, by=ada, what="the log")
        merging.merge(case, by=ada, into=other)
        assert waits_for(case) == (WaitingOn.NOBODY, [])
        assert waits_for(other) == (WaitingOn.US, ["the log"])
        merging.unmerge(case, by=ada)
        assert waits_for(other) == (WaitingOn.US, [])
        assert waits_for(case) == (WaitingOn.CUSTOMER, ["the log"])
        request = case.requests.get()
        assert request.next_check_at > timezone.now()
        assert requests.remind(request, at=request.next_check_at)

    def test_what_was_given_elsewhere_is_not_waited_for(self, ada, cleo, case, other):
        requests.ask(case, by=ada, what="the log")
        merging.merge(case, by=ada, into=other)
        conversation.reply(other, by=cleo, body="Here is the log.")
        merging.unmerge(case, by=ada)
        assert waits_for(case) == (WaitingOn.US, [])
        assert case.events.latest("sequence").kind == "given"
        both_fold_from_their_events(case, other)

    def test_what_was_withdrawn_elsewhere_is_not_waited_for(self, ada, case, other):
        conversation.reply(other, by=ada, body="Hm.", terms=ReplyTerms(promises=[]))
        requests.ask(case, by=ada, what="the log")
        merging.merge(case, by=ada, into=other)
        requests.withdraw(other, by=ada, request=case.requests.model.objects.get().pk)
        merging.unmerge(case, by=ada)
        assert waits_for(case) == (WaitingOn.US, [])
        assert waits_for(other) == (WaitingOn.CUSTOMER, [])
        both_fold_from_their_events(case, other)

    def test_what_both_ask_for_is_asked_for_once_and_in_both_again(self, ada, cleo, case, other):
        requests.ask(case, by=ada, what="the log")
        requests.ask(other, by=ada, what="the log")
        merging.merge(case, by=ada, into=other)
        assert waits_for(other) == (WaitingOn.CUSTOMER, ["the log"])
        merging.unmerge(case, by=ada)
        assert waits_for(case) == (WaitingOn.CUSTOMER, ["the log"])
        assert waits_for(other) == (WaitingOn.CUSTOMER, ["the log"])
        merging.merge(case, by=ada, into=other)
        conversation.reply(other, by=cleo, body="Here.")
        merging.unmerge(case, by=ada)
        assert waits_for(case) == (WaitingOn.US, [])

    def test_more_of_them_than_one_case_may_ask_for_are_all_kept(self, ada, case, other):
        for one in (case, other):
            for number in range(5):
                requests.ask(one, by=ada, what=f"file {number} of {one.number}")
        merging.merge(case, by=ada, into=other)
        assert len(waits_for(other)[1]) == 10
        merging.unmerge(case, by=ada)
        assert [len(waits_for(one)[1]) for one in (case, other)] == [5, 5]


class TestFollowers:
    def test_they_follow_where_the_case_goes_on_until_it_is_separated(
        self, ada, abe, adam, case, other, third
    ):
        notifications.follow(case, by=ada)
        notifications.follow(case, by=abe)
        notifications.follow(third, by=abe)
        merging.merge(case, by=ada, into=other)
        merging.merge(other, by=ada, into=third)
        notifications.follow(third, by=adam)
        assert followers(other) == {ada, abe}
        assert followers(third) == {ada, abe, adam}
        merging.unmerge(case, by=ada)
        assert (followers(case), followers(other)) == ({ada, abe}, set())
        assert followers(third) == {abe, adam}

    def test_whoever_follows_another_merged_case_too_stays(self, ada, case, other, third):
        for one in (case, other):
            notifications.follow(one, by=ada)
            merging.merge(one, by=ada, into=third)
        merging.unmerge(case, by=ada)
        assert followers(third) == {ada}
        merging.unmerge(other, by=ada)
        assert followers(third) == set()


def followers(case):
    return {follow.agent for follow in case.follows.all()}


class TestTheIncident:
    def test_it_comes_along_and_is_left_again(self, ada, till, case, other, third):
        incident = IncidentFactory(system=till, by=ada)
        incidents.attach(case, by=ada, incident=incident)
        merging.merge(case, by=ada, into=other)
        merging.merge(other, by=ada, into=third)
        merging.unmerge(case, by=ada)
        assert [belongs(one) for one in (case, other, third)] == [incident, None, None]

    def test_a_case_that_was_attached_by_itself_stays(self, ada, till, case, other):
        incident = IncidentFactory(system=till, by=ada)
        incidents.attach(case, by=ada, incident=incident)
        merging.merge(case, by=ada, into=other)
        incidents.detach(other, by=ada)
        incidents.attach(other, by=ada, incident=incident)
        merging.unmerge(case, by=ada)
        assert [belongs(one) for one in (case, other)] == [incident, incident]


def belongs(case):
    return Case.objects.get(pk=case.pk).incident


class TestDrafts:
    def test_one_that_nobody_touched_comes_back_with_its_files(self, ada, case, other, third):
        fields = {"body": "From here.", "attachments": ["a-key"]}
        Draft.objects.create(agent=ada, case=case, kind="reply", fields=fields)
        merging.merge(case, by=ada, into=other)
        merging.merge(other, by=ada, into=third)
        assert third.drafts.get().fields.items() >= fields.items()
        merging.unmerge(case, by=ada)
        assert case.drafts.get().fields.items() >= fields.items()
        assert not third.drafts.exists()

    def test_one_that_was_written_on_stays(self, ada, case, other):
        Draft.objects.create(agent=ada, case=case, kind="reply", fields={"body": "From here."})
        merging.merge(case, by=ada, into=other)
        seen = other.drafts.get().version
        drafts.keep(other, by=ada, kind="reply", fields={"body": "From here, on."}, seen=seen)
        merging.unmerge(case, by=ada)
        assert other.drafts.get().fields["body"] == "From here, on."
        assert not case.drafts.exists()

    def test_of_two_all_texts_files_rows_and_choices_are_kept(self, ada, case, other):
        here = {
            "body": "Here.",
            "attachments": ["one"],
            "ask_hand": "the log",
            "requests-TOTAL_FORMS": "1",
            "requests-INITIAL_FORMS": "0",
            "requests-0-key": "a photo",
            "requests-0-what": "a photo of it",
        }
        there = here | {"body": "There.", "attachments": ["two"], "ask_hand": "", "requests-0-key": "a file"}
        for one, fields in ((case, here), (other, there)):
            Draft.objects.create(agent=ada, case=one, kind="reply", fields=fields)
        merging.merge(case, by=ada, into=other)
        fields = other.drafts.get().fields
        assert (fields["body"], fields["attachments"]) == ("There.\n\nHere.", ["two", "one"])
        assert fields["ask_hand"] == "the log"
        assert fields["requests-TOTAL_FORMS"] == "2"
        assert [fields["requests-0-key"], fields["requests-1-key"]] == ["a file", "a photo"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", ["a draft is sent", "a reply arrives"])
def test_whoever_writes_in_a_merged_case_while_it_is_merged_and_separated_blocks_nobody(
    ada, abe, cleo, till, deed
):
    into, case = (CaseFactory(customer=cleo, system=till) for _ in range(2))
    assert into.number < case.number
    gate, errors, said = threading.Barrier(2, timeout=20), [], []

    def run(steps):
        try:
            gate.wait()
            for number in range(12):
                steps(number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    def merge_and_separate(_):
        merging.merge(case, by=ada, into=into)
        merging.unmerge(case, by=ada)

    def write(number):
        body = f"Note {number}."
        if deed == "a draft is sent":
            drafts.send(
                case,
                by=abe,
                kind="note",
                say=conversation.add_note,
                fields={"body": body},
                seen=0,
                after=None,
                body=body,
            )
        else:
            conversation.reply(case, by=cleo, body=body)
        said.append(body)

    threads = [threading.Thread(target=run, args=[steps]) for steps in (merge_and_separate, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    written = [*case.events.values_list("body", flat=True), *into.events.values_list("body", flat=True)]
    assert len(said) == 12
    assert set(said) <= set(written)
    both_fold_from_their_events(case, into)
