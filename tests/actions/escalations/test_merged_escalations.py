"""A question to a team goes along with a case that is merged."""

import pytest

from cases.actions import escalations, merging
from cases.models import (
    Due,
)
from tests.factories import CaseFactory

from .test_escalations import fresh, kinds, running

pytestmark = pytest.mark.django_db


def test_a_merge_takes_the_question_along_and_separating_gives_it_back(asked, ada, cleo, backend):
    host = CaseFactory(customer=cleo)
    merging.merge(asked, by=ada, into=host)
    host = fresh(host)
    assert (host.escalated_to, fresh(asked).escalated_to) == (backend, None)
    assert host.due_for == Due.ESCALATION
    assert running(host).asked_in.case_id == asked.pk
    merging.unmerge(asked, by=ada)
    assert (fresh(host).escalated_to, fresh(asked).escalated_to) == (None, backend)
    assert running(asked).team == backend
    assert fresh(asked).due_for == Due.ESCALATION


def test_where_a_team_is_asked_already_the_question_rests_until_the_two_are_separated(
    asked, ada, cleo, backend, network
):
    host = CaseFactory(customer=cleo)
    escalations.escalate(host, by=ada, team=network, note="?")
    merging.merge(asked, by=ada, into=host)
    assert (fresh(host).escalated_to, fresh(asked).escalated_to) == (network, None)
    assert asked.escalations.get().ended_at
    merging.unmerge(asked, by=ada)
    assert (fresh(host).escalated_to, fresh(asked).escalated_to) == (network, backend)
    assert running(asked).next_check_at


def test_a_question_that_was_answered_after_a_merge_is_not_asked_again(asked, ada, bea, cleo):
    host = CaseFactory(customer=cleo)
    merging.merge(asked, by=ada, into=host)
    escalations.answer(asked, by=bea, note="Restarted.")
    assert kinds(host)[-1] == "answered"
    merging.unmerge(asked, by=ada)
    assert (fresh(host).escalated_to, fresh(asked).escalated_to) == (None, None)
