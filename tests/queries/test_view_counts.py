"""The counts beside the views: exact at every moment, whatever happens to cases."""

import threading
from contextlib import contextmanager, suppress
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from cases.actions import conversation, merging, promises, resolution, saved_views, snooze, triage
from cases.models import Area, Case, Priority, Refused, SavedView, Severity, Status, ViewCount
from cases.queries import queue, view_counts
from cases.tasks import count_view
from tests.factories import CaseFactory, SystemFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def counted(agent):
    return {view.pk: view.count for view in view_counts.views_of(agent, queue.moment())}


def count(agent, **filters):
    """What stands beside a new view with these filters."""
    view = saved("New", agent, **filters)
    return counted(agent)[view.pk]


def saved(name, agent, **filters):
    return saved_views.create(by=agent, name=name, audience="all", filters=filters)


def beside(agent, name):
    return counted(agent)[SavedView.objects.get(name=name).pk]


def test_a_new_case_counts_at_once(ada, case):
    assert beside(ada, "Queue") == beside(ada, "Unassigned") == beside(ada, "Waiting on us") == 1
    assert beside(ada, "Closed") == beside(ada, "Critical") == 0


def test_each_agent_has_a_count_of_their_own_cases(ada, abe, case):
    triage.assign(case, by=abe, assignee=ada)
    assert (beside(ada, "Mine"), beside(abe, "Mine"), beside(ada, "Unassigned")) == (1, 0, 0)
    triage.assign(case, by=abe, assignee=abe)
    assert (beside(ada, "Mine"), beside(abe, "Mine")) == (0, 1)


def test_a_case_moves_from_view_to_view_with_its_status(ada, case):
    resolution.resolve(case, by=ada, resolution="Done.")
    assert (beside(ada, "Queue"), beside(ada, "Resolved, to confirm")) == (0, 1)
    resolution.confirm(case, by=case.customer)
    assert (beside(ada, "Resolved, to confirm"), beside(ada, "Closed"), beside(ada, "All cases")) == (0, 1, 1)


def test_what_is_rolled_back_was_never_counted(ada, case):
    class Abandoned(Exception):
        pass

    from django.db import transaction

    with suppress(Abandoned), transaction.atomic():
        resolution.close(case, by=ada)
        assert beside(ada, "Closed") == 1
        raise Abandoned
    assert (beside(ada, "Closed"), beside(ada, "Queue")) == (0, 1)


def test_a_view_that_is_saved_later_counts_what_there_is(ada, case, till):
    CaseFactory(severity=Severity.LOW)
    assert count(ada, severity=Severity.LOW) == 1
    assert count(ada, system=till) == 1
    assert count(ada, system=till, severity=Severity.LOW) == 0


def test_what_is_due_soon_changes_with_the_clock_and_not_with_the_case(ada, case):
    assert beside(ada, "Due soon") == 0
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    assert beside(ada, "Due soon") == 1


def test_folding_changes_no_count(ada, abe, case):
    for _ in range(3):
        triage.assign(case, by=ada, assignee=ada)
        triage.assign(case, by=ada, assignee=abe)
    CaseFactory()
    before = counted(abe)
    saved_views.compact()
    assert counted(abe) == before
    lines = [(line.view_id, line.agent_id) for line in ViewCount.objects.all()]
    assert len(lines) == len(set(lines))


def test_all_views_and_counts_take_three_queries_however_many_cases_there_are(
    ada, case, django_assert_num_queries
):
    with django_assert_num_queries(
        3
    ):  # how far the desk has come, the views with the ledger, what is escalated
        counted(ada)
    for _ in range(5):
        CaseFactory()
    with django_assert_num_queries(3):
        counted(ada)


def test_a_wrong_count_is_found_and_mended(ada, case, capsys):
    call_command("verify_counts")
    line = ViewCount.objects.first()
    line.n += 5
    line.save()
    with pytest.raises(CommandError, match="Some counts are wrong"):
        call_command("verify_counts")
    call_command("verify_counts", rebuild=True)
    assert capsys.readouterr().out.endswith("Every count is right.\n")


STEPS = st.one_of(
    st.tuples(st.just("open"), st.sampled_from(Severity)),
    st.tuples(st.just("reply"), st.booleans()),
    st.tuples(st.just("status"), st.sampled_from(Status)),
    st.tuples(st.just("severity"), st.sampled_from(Severity)),
    st.tuples(st.just("priority"), st.sampled_from([None, *Priority])),
    st.tuples(st.just("area"), st.sampled_from(["", *Area])),
    st.tuples(st.just("assign"), st.integers(0, 2)),
    st.tuples(st.just("team"), st.booleans()),
    st.tuples(st.just("tags"), st.sampled_from([[], ["a"], ["a", "b"], ["b"]])),
    st.tuples(st.just("snooze"), st.booleans()),
    st.tuples(st.just("due"), st.booleans()),
    st.tuples(st.just("merge"), st.integers(0, 5)),
    st.tuples(st.just("unmerge"), st.none()),
    st.tuples(st.just("resolve"), st.none()),
    st.tuples(st.just("confirm"), st.none()),
    st.tuples(st.just("close"), st.none()),
    st.tuples(st.just("reopen"), st.none()),
    st.tuples(st.just("fold"), st.none()),
)
VIEWS = [
    {"severity": 1},
    {"status": "all", "assignee": "me", "priority": 2},
    {"status": "closed", "area": "network"},
    {"status": "all", "tag": "a"},
    {"waiting": 1, "assignee": "none"},
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), STEPS), max_size=25))
def test_random_actions_keep_every_count_exact(db, steps):
    SavedView.objects.filter(name="Tested").delete()
    agents, team = [UserFactory(role="agent") for _ in range(2)], TeamFactory()
    for filters in [*VIEWS, {"team": team}, {"status": "all", "assignee": str(agents[0].pk)}]:
        saved("Tested", agents[0], **filters)
    by, system, customer = agents[0], SystemFactory(), UserFactory()
    cases = [CaseFactory(customer=customer), CaseFactory(customer=customer)]
    for place, (name, argument) in steps:
        case = cases[place % len(cases)]
        with suppress(Refused):
            match name:
                case "open":
                    cases.append(CaseFactory(customer=customer, severity=argument, system=system))
                case "reply":
                    conversation.reply(case, by=by if argument else case.customer, body="Hm.")
                case "assign":
                    triage.assign(case, by=by, assignee=[None, *agents][argument])
                case "team":
                    triage.assign_team(case, by=by, team=team if argument else None)
                case "tags":
                    triage.set_tags(case, by=by, tags=argument)
                case "snooze" if argument:
                    snooze.snooze(case, by=by, until=timezone.now() + timedelta(hours=1))
                case "snooze":
                    snooze.wake(case, by=by)
                case "due":
                    due_at = timezone.now() + timedelta(hours=1)
                    if argument:
                        promises.promise(case, by=by, due_at=due_at)
                    else:
                        promises.take_all_back(case, by=by)
                case "merge":
                    merging.merge(case, by=by, into=cases[argument % len(cases)])
                case "unmerge":
                    merging.unmerge(case, by=by)
                case "resolve":
                    resolution.resolve(case, by=by, resolution="Done.")
                case "confirm":
                    resolution.confirm(case, by=case.customer)
                case "close":
                    resolution.close(case, by=by)
                case "reopen":
                    resolution.reopen(case, by=by)
                case "fold":
                    saved_views.compact()
                case _:
                    getattr(triage, f"set_{name}")(case, by=by, **{name: argument})
    assert view_counts.mismatches() == {}


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_new_view_is_counted(ada, monkeypatch):
    cases = [CaseFactory(severity=Severity.HIGH) for _ in range(3)]
    count_now = saved_views.recount

    def count_beside_a_change(views):
        def change():
            triage.set_severity(cases[0], by=ada, severity=Severity.LOW)
            connection.close()

        agent = threading.Thread(target=change, daemon=True)
        agent.start()
        agent.join(timeout=10)
        assert not agent.is_alive()
        count_now(views)

    monkeypatch.setattr(saved_views, "recount", count_beside_a_change)
    assert count(ada, severity=Severity.HIGH) == 2


@pytest.mark.django_db(transaction=True)
def test_agents_at_once_and_a_view_saved_meanwhile_leave_exact_counts(ada, abe):
    SavedView.objects.bulk_create([SavedView(name="Queue"), SavedView(name="Mine", assignee="me")])
    cases, errors = [CaseFactory() for _ in range(6)], []

    def work(agent):
        try:
            for n in range(12):
                triage.assign(cases[n % 6], by=agent, assignee=agent)
                triage.set_severity(cases[n % 6], by=agent, severity=Severity(n % 4 + 1))
                if n % 4 == 3:
                    saved_views.compact()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[agent]) for agent in (ada, abe)]
    for thread in threads:
        thread.start()
    for severity in (1, 2, 3):
        saved("Meanwhile", ada, severity=severity)
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert Case.objects.count() == 6
    assert view_counts.mismatches() == {}


@contextmanager
def meanwhile(statement, *values):
    """Another transaction that has done this, and that has not ended."""
    with psycopg.connect(**connector_params()) as other:
        other.execute(statement, values)
        yield other


@pytest.mark.django_db(transaction=True)
def test_saving_a_view_waits_for_no_vacuum_and_nobody_for_it(ada, case):
    with meanwhile("LOCK TABLE cases_case IN SHARE UPDATE EXCLUSIVE MODE"), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
        view = saved_views.create(by=ada, name="Everything", audience="me", filters={"status": "all"})
        conversation.reply(case, by=ada, body="Hello?")
        cursor.execute("RESET lock_timeout")
    assert view.counts.get().n == 1
    assert view_counts.mismatches() == {}


@pytest.mark.django_db(transaction=True)
def test_a_change_that_began_before_a_view_and_ends_after_it_is_counted(ada, case, monkeypatch):
    monkeypatch.setattr(saved_views, "SOON", 0.1)
    close = "UPDATE cases_case SET severity = 1 WHERE number = %s"
    with meanwhile(close, case.pk) as other:
        view = saved_views.create(by=ada, name="Critical", audience="me", filters={"severity": 1})
        asked = ProcrastinateJob.objects.get(task_name="cases.tasks.count_view")
        assert asked.args == {"view": view.pk}
        other.commit()
    assert view in view_counts.mismatches()
    count_view(view.pk)
    assert view.counts.get().n == 1
    assert view_counts.mismatches() == {}


@pytest.mark.django_db(transaction=True)
def test_a_view_waits_for_a_short_change_to_end(ada, case):
    with meanwhile("UPDATE cases_case SET severity = 1 WHERE number = %s", case.pk) as other:
        threading.Timer(0.3, other.commit).start()
        view = saved_views.create(by=ada, name="Critical", audience="me", filters={"severity": 1})
    assert view.counts.get().n == 1


@pytest.mark.django_db(transaction=True)
def test_a_view_whose_count_fails_is_counted_by_a_job(ada, case, monkeypatch):
    def fail(views):
        raise OperationalError("canceling statement due to statement timeout")

    with monkeypatch.context() as broken, suppress(OperationalError):
        broken.setattr(saved_views, "recount", fail)
        saved_views.create(by=ada, name="Everything", audience="me", filters={"status": "all"})
    view = SavedView.objects.get(name="Everything")
    count_view(**ProcrastinateJob.objects.get(task_name="cases.tasks.count_view").args)
    assert view.counts.get().n == 1
