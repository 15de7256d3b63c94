"""A question to a team goes along with a case that is merged."""

import pytest

from cases.actions import escalations, merging, triage
from cases.models import (
    Due,
    User,
)
from tests.factories import CaseFactory, TeamFactory, UserFactory

from .test_escalations import fresh, kinds, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def bea(db):
    return UserFactory(name="Bea", role=User.Role.AGENT)


@pytest.fixture
def backend(bea):
    team = TeamFactory(name="Backend")
    team.members.add(bea)
    return team


@pytest.fixture
def network(abe):
    team = TeamFactory(name="Network")
    team.members.add(abe)
    return team


@pytest.fixture
def asked(case, ada, backend):
    """A case of Ada's, with a question to the backend."""
    triage.assign(case, by=ada, assignee=ada)
    escalations.escalate(case, by=ada, team=backend, note="Looping in backend: is the queue stuck?")
    return fresh(case)


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


def test_a_merge_into_a_case_in_which_a_team_is_asked_ends_the_question(asked, ada, cleo, backend, network):
    host = CaseFactory(customer=cleo)
    escalations.escalate(host, by=ada, team=network, note="?")
    merging.merge(asked, by=ada, into=host)
    assert (fresh(host).escalated_to, fresh(asked).escalated_to) == (network, None)
    assert asked.escalations.get().ended_at
    merging.unmerge(asked, by=ada)
    assert (fresh(host).escalated_to, fresh(asked).escalated_to) == (network, None)


def test_a_question_that_was_answered_after_a_merge_is_not_asked_again(asked, ada, bea, cleo):
    host = CaseFactory(customer=cleo)
    merging.merge(asked, by=ada, into=host)
    escalations.answer(asked, by=bea, note="Restarted.")
    assert kinds(host)[-1] == "answered"
    merging.unmerge(asked, by=ada)
    assert (fresh(host).escalated_to, fresh(asked).escalated_to) == (None, None)
