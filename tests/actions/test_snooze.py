"""A case that is laid aside wakes by itself, once, and earlier when the customer writes."""

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, resolution, snooze
from cases.actions.events import history
from cases.models import Case, Refused
from cases.queries import queue
from cases.tasks import MOST_WOKEN, wake_overslept
from tests.factories import CaseFactory
from tests.mail.test_outbound import do_jobs

pytestmark = pytest.mark.django_db


def soon(**length):
    return timezone.now() + timedelta(**(length or {"hours": 2}))


def asleep(case):
    return Case.objects.get(pk=case.pk).snoozed_until is not None


def wakings():
    return ProcrastinateJob.objects.filter(task_name="cases.tasks.wake_case")


def test_a_snoozed_case_leaves_the_queue_and_stands_among_the_snoozed(ada, case):
    until = soon()
    event = snooze.snooze(case, by=ada, until=until)
    assert event.changes == {"snoozed_until": [None, until.isoformat()]}
    assert not event.public
    assert not queue.narrowed(ada, {}).exists()
    assert queue.narrowed(ada, {"status": "snoozed"}).get() == case


def test_the_same_again_is_nothing_new_and_asks_for_one_job(ada, case):
    until = soon()
    snooze.snooze(case, by=ada, until=until)
    assert snooze.snooze(case, by=ada, until=until) is None
    assert wakings().get().scheduled_at == until


@pytest.mark.parametrize(
    ("length", "sentence"),
    [({"minutes": -1}, "has passed"), ({"days": 400}, "more than a year")],
)
def test_a_time_that_cannot_be_meant_is_refused(ada, case, length, sentence):
    with pytest.raises(Refused, match=sentence):
        snooze.snooze(case, by=ada, until=soon(**length))
    assert not wakings().exists()


def test_only_open_cases_sleep(ada, case):
    resolution.resolve(case, by=ada, resolution="Done.")
    with pytest.raises(Refused, match="nothing to snooze"):
        snooze.snooze(case, by=ada, until=soon())


def test_an_agent_wakes_it_once(ada, case):
    snooze.snooze(case, by=ada, until=soon())
    assert snooze.wake(case, by=ada)
    assert snooze.wake(case, by=ada) is None
    assert not asleep(case)


def test_the_customer_wakes_it_by_writing(ada, cleo, case):
    snooze.snooze(case, by=ada, until=soon())
    event = conversation.reply(case, by=cleo, body="Any news?")
    assert event.changes["snoozed_until"][1] is None
    assert not asleep(case)


def test_an_agent_who_answers_or_notes_leaves_it_asleep(ada, case):
    snooze.snooze(case, by=ada, until=soon())
    conversation.reply(case, by=ada, body="We look into it on Monday.")
    conversation.add_note(case, by=ada, body="On Monday.")
    assert asleep(case)


@pytest.mark.parametrize("end", ["resolve", "close"])
def test_a_case_that_is_over_does_not_sleep(ada, case, end):
    snooze.snooze(case, by=ada, until=soon())
    arguments = {"resolution": "Done."} if end == "resolve" else {}
    getattr(resolution, end)(case, by=ada, **arguments)
    assert not asleep(case)


def test_history_asks_for_no_job(ada, case):
    with history(timezone.now() - timedelta(days=2)):
        snooze.snooze(case, by=ada, until=soon())
    assert asleep(case)
    assert not wakings().exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_wakes_it_when_its_time_has_come_and_not_before(ada, case):
    snooze.snooze(case, by=ada, until=soon())
    do_jobs()
    assert asleep(case)
    the_time_comes()
    do_jobs()
    assert wakings().get().status == "succeeded"
    event = case.events.latest("sequence")
    assert (event.kind, event.role, event.author) == ("woken", "system", None)
    assert not asleep(case)


@pytest.mark.django_db(transaction=True)
def test_a_case_that_was_snoozed_again_sleeps_on_at_its_first_time(ada, case):
    snooze.snooze(case, by=ada, until=soon(hours=1))
    later = soon(hours=3)
    snooze.snooze(case, by=ada, until=later)
    the_time_comes()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = %s WHERE args->>'until' = %s",
            [later, later.isoformat()],
        )
    do_jobs()
    assert case.events.filter(kind="woken").count() == 0
    assert asleep(case)


@pytest.mark.django_db(transaction=True)
def test_what_overslept_while_no_jobs_were_done_is_woken(ada, case):
    sleeper = CaseFactory()
    with history(timezone.now() - timedelta(days=2)):
        snooze.snooze(case, by=ada, until=timezone.now() - timedelta(hours=1))
        snooze.snooze(sleeper, by=ada, until=soon())
    wake_overslept.defer(timestamp=0)
    do_jobs()
    assert not asleep(case)
    assert asleep(sleeper)
    assert case.events.filter(kind="woken").count() == 1


def test_the_catch_up_reads_what_overslept_and_nothing_else(ada, case, django_assert_num_queries):
    snooze.snooze(case, by=ada, until=soon())
    with django_assert_num_queries(1) as seen:
        wake_overslept(timestamp=0)
    assert f"LIMIT {MOST_WOKEN}" in seen.captured_queries[0]["sql"]


def the_time_comes():
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
