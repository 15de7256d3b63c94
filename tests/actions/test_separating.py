"""A merged case is a case of its own again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import conversation, merging, promises, resolution, snooze
from cases.models import Case, Status, WaitingOn
from tests.factories import CaseFactory

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
