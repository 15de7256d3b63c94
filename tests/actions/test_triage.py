from uuid import uuid4

import pytest

from cases.actions import resolution, triage
from cases.models import Area, Kind, Priority, Refused, Severity, Status, suggested_priority
from cases.wording.events import deed

CHANGES = [
    (triage.set_status, "status", Status.INVESTIGATING),
    (triage.set_severity, "severity", Severity.CRITICAL),
    (triage.set_priority, "priority", Priority.P1),
    (triage.set_area, "area", Area.NETWORK),
]


@pytest.mark.parametrize(("action", "field", "value"), CHANGES)
def test_a_change_is_stored_and_recorded_with_its_old_and_new_value(case, ada, action, field, value):
    old = getattr(case, field)
    event = action(case, by=ada, **{field: value})
    case.refresh_from_db()
    assert getattr(case, field) == value
    assert event.changes == {field: [old, value]}
    assert event.author == ada


@pytest.mark.parametrize(("action", "field", "value"), CHANGES)
def test_what_is_already_so_is_recorded_once(case, ada, action, field, value):
    action(case, by=ada, **{field: value})
    before = case.events.count()
    assert action(case, by=ada, **{field: value}) is None
    assert case.events.count() == before


def test_priority_and_area_can_be_taken_back(case, ada):
    triage.set_priority(case, by=ada, priority=Priority.P2)
    triage.set_area(case, by=ada, area=Area.BACKEND)
    triage.set_priority(case, by=ada, priority=None)
    triage.set_area(case, by=ada, area="")
    case.refresh_from_db()
    assert (case.priority, case.area) == (None, "")


def test_a_case_is_assigned_to_an_agent_and_taken_back(case, ada, abe):
    event = triage.assign(case, by=ada, assignee=abe)
    case.refresh_from_db()
    assert case.assignee == abe
    assert (event.kind, event.details, event.public) == (Kind.ASSIGNEE, {"assignee": "Abe"}, False)
    triage.assign(case, by=ada, assignee=None)
    case.refresh_from_db()
    assert case.assignee is None


def test_a_case_is_not_assigned_to_a_customer(case, ada, carl):
    with pytest.raises(Refused, match="isn’t an agent, so you can’t assign the case to them"):
        triage.assign(case, by=ada, assignee=carl)


def test_a_case_is_not_assigned_to_an_agent_who_has_left(case, ada, abe):
    abe.is_active = False
    abe.save()
    with pytest.raises(Refused):
        triage.assign(case, by=ada, assignee=abe)


def test_a_case_is_handed_to_a_team_and_back(case, ada, team):
    triage.assign_team(case, by=ada, team=team)
    case.refresh_from_db()
    assert case.team == team
    triage.assign_team(case, by=ada, team=None)
    case.refresh_from_db()
    assert case.team is None


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_resolving_and_closing_are_not_a_mere_status(case, ada, status):
    with pytest.raises(Refused):
        triage.set_status(case, by=ada, status=status)


@pytest.mark.parametrize(
    "end", [resolution.close, lambda case, by: resolution.resolve(case, by=by, resolution="Done.")]
)
def test_a_finished_case_does_not_go_back_by_a_mere_status(case, ada, end):
    end(case, by=ada)
    with pytest.raises(Refused, match="Use Resolve, Close or Reopen"):
        triage.set_status(case, by=ada, status=Status.INVESTIGATING)


@pytest.mark.parametrize(
    ("severity", "priority", "odd"),
    [
        (Severity.CRITICAL, Priority.P4, True),
        (Severity.CRITICAL, Priority.P3, True),
        (Severity.CRITICAL, Priority.P2, False),
        (Severity.LOW, Priority.P1, True),
        (Severity.MEDIUM, Priority.P3, False),
        (Severity.CRITICAL, None, False),
        (Severity.UNSTATED, Priority.P1, False),
    ],
)
def test_severity_and_priority_two_steps_apart_contradict_each_other(case, severity, priority, odd):
    case.severity, case.priority = severity, priority
    assert case.priority_contradicts_severity is odd


def test_the_priority_suggested_follows_the_severity(case):
    case.severity = Severity.CRITICAL
    assert case.suggested_priority == Priority.P1
    case.severity = Severity.UNSTATED
    assert case.suggested_priority is None


@pytest.mark.parametrize(
    ("severity", "customers", "suggested"),
    [
        (Severity.LOW, 1, Priority.P4),
        (Severity.LOW, 2, Priority.P3),
        (Severity.LOW, 4, Priority.P3),
        (Severity.LOW, 5, Priority.P2),
        (Severity.HIGH, 5, Priority.P1),
        (Severity.CRITICAL, 1, Priority.P1),
        (Severity.CRITICAL, 2000, Priority.P1),
        (Severity.UNSTATED, 1, None),
        (Severity.UNSTATED, 2, Priority.P2),
        (Severity.UNSTATED, 5, Priority.P1),
    ],
)
def test_the_more_customers_are_hit_the_sooner_to_act(severity, customers, suggested):
    assert suggested_priority(severity, customers) == suggested


def test_tags_are_tidied_and_kept_in_order(case, ada):
    event = triage.set_tags(case, by=ada, tags=["Card  Reader", "billing, vip", "billing"])
    case.refresh_from_db()
    assert case.tags == ["billing", "card reader", "vip"]
    assert deed(event) == "added the tags billing, card reader, vip"
    assert triage.set_tags(case, by=ada, tags=["vip", "billing", "card reader"]) is None


def test_a_tag_is_added_and_removed_beside_others(case, ada):
    triage.set_tags(case, by=ada, tags=["billing"])
    triage.change_tags(case, by=ada, add=["vip"])
    event = triage.change_tags(case, by=ada, remove=["billing", "never there"])
    case.refresh_from_db()
    assert case.tags == ["vip"]
    assert deed(event) == "removed the tag billing"
    assert triage.change_tags(case, by=ada, add=["vip"]) is None


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [(["x" * 41], "40 characters at most"), ([f"tag {n}" for n in range(21)], "20 tags at most")],
)
def test_too_long_and_too_many_tags_are_refused(case, ada, tags, sentence):
    with pytest.raises(Refused, match=sentence):
        triage.change_tags(case, by=ada, add=tags)
    case.refresh_from_db()
    assert case.tags == []


def test_the_one_who_takes_over_is_told_and_reads_the_note(case, ada, abe):
    triage.hand_over(case, by=ada, to=abe, note="The bank called.")
    case.refresh_from_db()
    assert case.assignee == abe
    assert [event.kind for event in case.events.order_by("-sequence")[:2]] == ["note", "assignee"]
    assert [notice.why for notice in abe.notices.all()] == ["assigned"]


def test_a_team_takes_over_and_nobody_in_it_yet(case, ada, team):
    triage.assign(case, by=ada, assignee=ada)
    triage.hand_over(case, by=ada, to=team, note="One for you.")
    case.refresh_from_db()
    assert (case.team, case.assignee) == (team, None)


def test_handing_over_counts_once_and_is_all_or_nothing(case, ada, abe, cleo):
    token = uuid4()
    assert triage.hand_over(case, by=ada, to=abe, note="Once.", token=token)
    assert triage.hand_over(case, by=ada, to=abe, note="Once.", token=token) is None
    before = case.events.count()
    with pytest.raises(Refused, match="isn’t an agent, so you can’t assign the case to them"):
        triage.hand_over(case, by=ada, to=cleo, note="You?")
    assert case.events.count() == before


def test_the_same_words_of_a_form_to_somebody_else_hand_over_anew(case, ada, abe, team):
    token = uuid4()
    for to in (abe, ada, team):
        assert triage.hand_over(case, by=ada, to=to, note="Yours.", token=token)
        assert triage.hand_over(case, by=ada, to=to, note="Yours.", token=token) is None
    case.refresh_from_db()
    assert (case.assignee, case.team) == (None, team)
