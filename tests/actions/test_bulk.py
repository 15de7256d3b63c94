import threading
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import bulk, conversation, resolution, triage
from cases.models import Bulk, BulkItem, Case, Event, Macro, Refused, Status, User
from tests.factories import CaseFactory, TeamFactory

pytestmark = pytest.mark.django_db


def started(by, cases, name="priority", value=1):
    return bulk.start(
        by=by, name=name, value=value, label="Priority: P1", cases=[case.number for case in cases]
    )


def test_every_case_is_changed_with_an_event_of_its_own(ada, case):
    other = CaseFactory()
    bulk.run(started(ada, [case, other]))
    assert set(Case.objects.values_list("priority", flat=True)) == {1}
    assert Event.objects.filter(kind="priority", author=ada).count() == 2


def test_asking_defers_one_job_and_changes_nothing_yet(ada, case):
    started(ada, [case])
    case.refresh_from_db()
    assert case.priority is None
    assert ProcrastinateJob.objects.filter(task_name="cases.tasks.run_bulk").count() == 1


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("status", "investigating", "status", "investigating"),
        ("status", "closed", "status", "closed"),
        ("severity", 1, "severity", 1),
        ("priority", None, "priority", None),
        ("area", "network", "area", "network"),
        ("assignee", None, "assignee_id", None),
        ("team", None, "team_id", None),
    ],
)
def test_each_change(ada, case, name, value, field, expected):
    triage.set_priority(case, by=ada, priority=2)
    triage.assign(case, by=ada, assignee=ada)
    bulk.run(started(ada, [case], name, value))
    case.refresh_from_db()
    assert getattr(case, field) == expected


def test_cases_are_given_to_me_to_another_and_to_a_team(ada, abe, case):
    team = TeamFactory()
    bulk.run(started(ada, [case], "assignee", ada.pk))
    bulk.run(started(ada, [case], "team", team.pk))
    case.refresh_from_db()
    assert (case.assignee, case.team) == (ada, team)
    bulk.run(started(ada, [case], "assignee", str(abe.pk)))
    case.refresh_from_db()
    assert case.assignee == abe


def test_a_tag_is_added_to_those_there_are(ada, case):
    triage.set_tags(case, by=ada, tags=["billing"])
    bulk.run(started(ada, [case], "tag", "Card  Reader"))
    case.refresh_from_db()
    assert case.tags == ["billing", "card reader"]


def test_cases_are_snoozed_and_a_closed_one_says_why_not(ada, case):
    closed, until = CaseFactory(), timezone.now() + timedelta(days=1)
    resolution.close(closed, by=ada)
    asked = started(ada, [case, closed], "snooze", until.isoformat())
    bulk.run(asked)
    case.refresh_from_db()
    assert case.snoozed_until == until
    assert ", so it can’t be snoozed." in asked.items.get(case=closed).refused


def test_a_macro_is_applied_with_each_cases_own_words(ada, case, mallory):
    macro = Macro.objects.create(name="Look", owner=ada, body="Hello {customer}.", priority=1, tags=["seen"])
    cases = {"Hello Cleo.": case, "Hello Mallory.": CaseFactory(customer=mallory)}
    bulk.run(started(ada, cases.values(), "macro", {"macro": macro.pk, "version": macro.version}))
    for words, one in cases.items():
        one.refresh_from_db()
        assert (one.priority, one.tags) == (1, ["seen"])
        assert one.events.filter(kind="reply", author=ada).get().body == words


def test_a_macro_that_is_gone_or_not_theirs_changes_nothing(ada, abe, case):
    macro = Macro.objects.create(name="Abe’s", owner=abe, priority=1)
    asked = started(ada, [case], "macro", {"macro": macro.pk, "version": macro.version})
    bulk.run(asked)
    assert asked.items.get().refused == "That macro was deleted."


@pytest.mark.parametrize("change", [{"body": "Bye."}, {"priority": 2}, {"internal": True}, {"tags": ["b"]}])
def test_a_macro_does_only_what_was_chosen(ada, case, change):
    macro = Macro.objects.create(name="Look", owner=ada, body="Hello.", priority=1, tags=["a"])
    asked = started(ada, [case], "macro", {"macro": macro.pk, "version": macro.version})
    Macro.objects.filter(pk=macro.pk).update(**change)
    before = case.events.count()
    bulk.run(asked)
    assert asked.items.get().refused == "That macro has changed."
    assert case.events.count() == before


def test_a_macro_that_was_only_renamed_is_applied(ada, case):
    macro = Macro.objects.create(name="Look", owner=ada, priority=1)
    asked = started(ada, [case], "macro", {"macro": macro.pk, "version": macro.version})
    Macro.objects.filter(pk=macro.pk).update(name="Look into it")
    bulk.run(asked)
    case.refresh_from_db()
    assert case.priority == 1


def test_a_macro_is_applied_to_a_case_all_or_nothing(ada, case):
    resolution.close(case, by=ada)
    macro = Macro.objects.create(name="Look", owner=ada, priority=1, status="investigating")
    asked = started(ada, [case], "macro", {"macro": macro.pk, "version": macro.version})
    bulk.run(asked)
    case.refresh_from_db()
    assert case.priority is None
    assert asked.items.get().refused.startswith(f"Case {case.number} is closed")


def test_open_again_reopens_what_is_closed(ada, case):
    resolution.close(case, by=ada)
    bulk.run(started(ada, [case], "status", "open"))
    case.refresh_from_db()
    assert case.status == Status.OPEN


def test_a_case_that_refuses_is_named_and_the_others_are_changed(ada, case):
    closed = CaseFactory()
    resolution.close(closed, by=ada)
    asked = started(ada, [case, closed], "status", "investigating")
    bulk.run(asked)
    case.refresh_from_db()
    assert case.status == Status.INVESTIGATING
    assert asked.items.get(case=closed).refused.startswith(f"Case {closed.number} is closed.")


def test_a_case_that_is_not_there_is_named(ada, case):
    asked = bulk.start(by=ada, name="priority", value=1, label="", cases=[case.number, 999_999])
    bulk.run(asked)
    assert asked.items.get(case=999_999).refused == "This case no longer exists."


def test_what_was_done_before_a_crash_is_not_done_again(ada, case, monkeypatch):
    cases = [case, *(CaseFactory() for _ in range(4))]
    asked = started(ada, cases)
    done = []

    def crash(one, by, value):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(one.number)
        conversation.add_note(one, by=by, body="Once.")

    monkeypatch.setitem(bulk.CHANGES, "priority", crash)
    with pytest.raises(KeyboardInterrupt):
        bulk.run(asked)
    assert asked.items.filter(done_at=None).count() == 3
    monkeypatch.setitem(
        bulk.CHANGES, "priority", lambda one, by, value: conversation.add_note(one, by=by, body="Once.")
    )
    bulk.run(asked)
    assert Event.objects.filter(kind="note").count() == 5


def test_a_stopped_change_leaves_the_rest_as_it_is(ada, case):
    asked = started(ada, [case])
    bulk.stop(asked)
    bulk.run(asked)
    case.refresh_from_db()
    assert case.priority is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "customer"}])
def test_a_change_stops_with_a_sentence_when_its_agent_is_one_no_more(ada, case, monkeypatch, change):
    asked = started(ada, [case, CaseFactory(), CaseFactory()])

    def leave(one, by, value):
        triage.set_priority(one, by=by, priority=1)
        User.objects.filter(pk=ada.pk).update(**change)

    monkeypatch.setitem(bulk.CHANGES, "priority", leave)
    bulk.run(asked)
    assert Case.objects.filter(priority=1).count() == 1
    asked.refresh_from_db()
    assert (asked.stopped, asked.stopped_because) == (True, "Ada is no longer an agent.")


def test_stopping_takes_effect_before_the_next_case(ada, case, monkeypatch):
    asked = started(ada, [case, CaseFactory(), CaseFactory()])

    def stopped_meanwhile(one, by, value):
        triage.set_priority(one, by=by, priority=1)
        bulk.stop(asked)

    monkeypatch.setitem(bulk.CHANGES, "priority", stopped_meanwhile)
    bulk.run(asked)
    assert asked.items.exclude(done_at=None).count() == 1


@pytest.mark.parametrize("broken", [IntegrityError("no"), RuntimeError("no")])
def test_a_case_in_which_something_goes_wrong_is_named_and_the_others_are_changed(
    ada, case, monkeypatch, caplog, broken
):
    other = CaseFactory()

    def change(one, by, value):
        triage.set_priority(one, by=by, priority=1)
        if one == case:
            raise broken

    monkeypatch.setitem(bulk.CHANGES, "priority", change)
    asked = started(ada, [case, other])
    bulk.run(asked)
    assert list(Case.objects.filter(priority=1)) == [other]
    assert asked.items.get(case=case).refused == "Something went wrong. This case wasn’t changed."
    assert f"case {case.number}" in caplog.text
    assert "Traceback" in caplog.text
    assert not asked.items.filter(done_at=None).exists()


def test_a_form_that_comes_twice_is_one_change(ada, case):
    once = {
        "by": ada,
        "name": "priority",
        "value": "1",
        "label": "",
        "cases": [case.number],
        "token": uuid4(),
    }
    assert bulk.start(**once) == bulk.start(**once)
    assert BulkItem.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="cases.tasks.run_bulk").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_holds_is_left_to_it(ada, case):
    asked = started(ada, [case])
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            BulkItem.objects.select_for_update().get()
            held.set()
            done.wait(timeout=20)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(timeout=20)
    try:
        bulk.run(asked)
    finally:
        done.set()
        other.join(timeout=20)
    assert asked.items.get().done_at is None


def test_no_case_and_too_many_are_refused(ada, case, monkeypatch):
    with pytest.raises(Refused, match="Choose at least one case"):
        started(ada, [])
    monkeypatch.setattr(bulk, "MOST", 1)
    with pytest.raises(Refused, match="more than 1 cases"):
        started(ada, [case, CaseFactory()])
    assert Bulk.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_case_once(ada):
    cases = [CaseFactory() for _ in range(20)]
    asked = bulk.start(by=ada, name="assignee", value=ada.pk, label="", cases=[case.number for case in cases])

    def work():
        bulk.run(Bulk.objects.get(pk=asked.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Event.objects.filter(kind="assignee").count() == 20
    assert not BulkItem.objects.filter(done_at=None).exists()


def test_a_macro_that_promises_a_time_means_that_of_whoever_applies_it(ada, case):
    macro = Macro.objects.create(name="Later", body="We will update you tomorrow at 15:00.")
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        value = {"macro": macro.pk, "version": macro.version}
        asked = started(ada, [case], "macro", value)
    bulk.run(asked)  # as a job, which has the zone of the server
    due_at = case.promises.get().due_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (due_at.hour, due_at.minute) == (15, 0)
