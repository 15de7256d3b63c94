"""The page of a case offers what its actions allow, and nothing else."""

import pytest

from cases.actions import incidents, merging, resolution, triage
from cases.views.desk.case.permissions import RULES, permissions
from tests.factories import CaseFactory, IncidentFactory, TeamFactory

MARKS = {
    "reply": ">Send reply",
    "resolve": 'id="to-resolve"',
    "close": 'id="close"',
    "reopen": 'id="reopen"',
    "set_status": '/status/"',
    "correct": '/summary/"',
    "escalate": 'id="escalate"',
    "promise": 'id="due"',
    "ask": 'id="ask"',
    "spam": 'id="spam"',
    "spend": 'id="spend"',
    "snooze": 'id="snooze"',
    "list": 'id="add-item"',
    "be_attached": 'id="join"',
    "be_merged": 'id="merge"',
}

MAKE = {
    "open": lambda case, ada: None,
    "timed": lambda case, ada: triage.assign_team(case, by=ada, team=TeamFactory(records_time=True)),
    "resolved": lambda case, ada: resolution.resolve(case, by=ada, resolution="Done."),
    "closed": lambda case, ada: resolution.close(case, by=ada),
    "merged": lambda case, ada: merging.merge(case, by=ada, into=CaseFactory(customer=case.customer)),
    "attached": lambda case, ada: incidents.attach(
        case, by=ada, incident=IncidentFactory(system=case.system, by=ada)
    ),
}


@pytest.mark.parametrize("state", MAKE)
def test_the_page_offers_what_the_actions_allow(case, ada, browser_of, state):
    MAKE[state](case, ada)
    case.refresh_from_db()
    page = browser_of(ada).get(f"/desk/cases/{case.number}/").content.decode()
    allowed = {name for name, may in permissions(ada, case).items() if may()}
    assert {name for name, mark in MARKS.items() if mark in page} == allowed
    assert MARKS.keys() == RULES.keys()


EXPECTED = {
    "open": {*RULES} - {"reopen", "spend"},
    "timed": {*RULES} - {"reopen"},
    "resolved": {"reply", "close", "list", "correct", "spam", "reopen", "be_attached", "be_merged"},
    "closed": {"reopen", "be_merged", "spam", "list"},
    "merged": set(),
    "attached": {*RULES} - {"reopen", "be_attached", "spam", "spend"},
}


@pytest.mark.parametrize("state", MAKE)
def test_each_state_allows_just_this(case, ada, state):
    MAKE[state](case, ada)
    case.refresh_from_db()
    assert {name for name, may in permissions(ada, case).items() if may()} == EXPECTED[state]
