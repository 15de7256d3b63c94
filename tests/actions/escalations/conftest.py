"""Bea is the backend team, Abe the network."""

import pytest

from cases.actions import escalations, triage
from cases.models import User
from tests.factories import TeamFactory, UserFactory


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
    case.refresh_from_db()
    return case
