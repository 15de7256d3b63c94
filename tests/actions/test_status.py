"""The status of a case or an incident changes in one place, which knows what may follow what."""

import ast
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from cases.actions.events import record
from cases.actions.incident_events import record_incident_event
from cases.models import Case, Incident, IncidentEvent, Kind, Refused, Stage, Status, WaitingOn
from cases.models.choices import TRANSITIONS
from cases.models.incident import STAGE_TRANSITIONS
from cases.models.kinds import KINDS
from tests.factories import CaseFactory, IncidentFactory
from tests.test_architecture import ROOT, modules

FREE = {kind for kind, row in KINDS.items() if row.any_status}


@pytest.fixture
def case_that_is(db):
    """A case with this status, however it came to it: `case_that_is(Status.CLOSED)`."""

    def put(status):
        case = CaseFactory()
        done = status in (Status.RESOLVED, Status.CLOSED)
        turn = WaitingOn.NOBODY if status == Status.CLOSED else case.waiting_on
        Case.objects.filter(pk=case.pk).update(
            status=status, resolved_at=timezone.now() if done else None, waiting_on=turn
        )
        return Case.objects.get(pk=case.pk)

    return put


@pytest.mark.parametrize(("old", "new"), [*product(Status, repeat=2)])
def test_no_event_sets_a_status_that_may_not_follow(case_that_is, ada, old, new):
    refused = set()
    changes = {
        "status": new,
        "resolved_at": timezone.now() if new in (Status.RESOLVED, Status.CLOSED) else None,
        "waiting_on": WaitingOn.NOBODY if new == Status.CLOSED else WaitingOn.US,
    }
    case = case_that_is(old)
    for kind in Kind:
        named = dict.fromkeys(KINDS[kind].details, "") | {"agent": ada.pk}
        with transaction.atomic():  # taken back, so that the next one finds the case as it was
            held = case.locked()
            try:
                record(held, kind, by=ada, details=named, **changes)
            except Refused:
                refused.add(kind)
            assert Case.objects.get(pk=case.pk).status == (old if kind in refused else new)
            transaction.set_rollback(True)
    allowed = new == old or new in TRANSITIONS[old]
    assert refused == (set() if allowed else set(Kind) - FREE)


def test_only_what_is_taken_back_may_set_any_status():
    assert {Kind.UNMERGED, Kind.UNSPAM} == FREE


@pytest.mark.parametrize(("old", "new"), [*product(Stage, repeat=2)])
def test_no_event_sets_a_stage_of_an_incident_that_may_not_follow(db, ada, old, new):
    incident, at = IncidentFactory(by=ada), timezone.now()
    resolved_at = at if old == Stage.RESOLVED else None
    Incident.objects.filter(pk=incident.pk).update(status=old, resolved_at=resolved_at)
    held = incident.locked()
    changes = {"status": new, "resolved_at": at if new == Stage.RESOLVED else None}
    if new == old or new in STAGE_TRANSITIONS[old]:
        record_incident_event(held, IncidentEvent.Kind.UPDATE, by=ada, changes=changes)
        assert Incident.objects.get(pk=incident.pk).status == new
    else:
        with pytest.raises(Refused, match=f"Incident {incident.pk} is {old.label.lower()}"):
            record_incident_event(held, IncidentEvent.Kind.UPDATE, by=ada, changes=changes)


def statuses_set_in(path: Path):
    """The lines that set a `status` of something stored: an attribute, or a column in a query."""
    for node in ast.walk(ast.parse(path.read_text())):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
            yield node.lineno
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        keywords = {keyword.arg for keyword in node.keywords}
        constants = {inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant)}
        if name in {"update", "create", "get_or_create", "update_or_create", "Case", "Incident"}:
            if "status" in keywords:
                yield node.lineno
        elif name in {"bulk_update", "setattr"} and "status" in constants:
            yield node.lineno


def test_nothing_but_the_writers_of_events_sets_a_status():
    folded = ROOT / "cases/queries/standing.py"  # whose own field it is
    paths = [path for path in modules() if path != folded]
    wrong = [f"{path.relative_to(ROOT)}:{line}" for path in paths for line in statuses_set_in(path)]
    assert wrong == []


@pytest.mark.parametrize(
    "line",
    [
        "case.status = Status.OPEN",
        "case.status: str = 'open'",
        "Case.objects.filter(pk=1).update(status='open')",
        "Case.objects.create(status='open')",
        "Case.objects.bulk_update(cases, ['status'])",
        "setattr(case, 'status', 'open')",
        "Incident(status='resolved')",
    ],
)
def test_each_way_to_set_a_status_is_noticed(tmp_path, line):
    module = tmp_path / "module.py"
    module.write_text(f"{line}\n")
    assert list(statuses_set_in(module)) == [1]
