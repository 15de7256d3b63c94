"""A case that is laid aside wakes by itself, once, and earlier when the customer writes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import conversation, resolution, snooze
from cases.actions.events import history
from cases.models import Case, Refused
from cases.queries import queue
from cases.tasks.clock import MOST_RIPE, keep_time
from tests.factories import CaseFactory
from tests.mail.test_outbound import do_jobs

pytestmark = pytest.mark.django_db


def soon(**length):
    return timezone.now() + timedelta(**(length or {"hours": 2}))


def asleep(case):
    return Case.objects.get(pk=case.pk).snoozed_until is not None


def test_a_snoozed_case_leaves_the_queue_and_stands_among_the_snoozed(ada, case):
    until = soon()
    event = snooze.snooze(case, by=ada, until=until)
    assert event.changes == {"snoozed_until": [None, until.isoformat()]}
    assert not event.public
    assert not queue.narrowed(ada, {}).exists()
    assert queue.narrowed(ada, {"status": "snoozed"}).get() == case


def test_the_same_again_is_nothing_new(ada, case):
    until = soon()
    snooze.snooze(case, by=ada, until=until)
    assert snooze.snooze(case, by=ada, until=until) is None
    assert case.events.filter(kind="snoozed").count() == 1


@pytest.mark.parametrize(
    ("length", "sentence"),
    [({"minutes": -1}, "has passed"), ({"days": 400}, "more than a year")],
)
def test_a_time_that_cannot_be_meant_is_refused(ada, case, length, sentence):
    with pytest.raises(Refused, match=sentence):
        snooze.snooze(case, by=ada, until=soon(**length))
    assert not asleep(case)


def test_only_open_cases_sleep(ada, case):
    resolution.resolve(case, by=ada, resolution="Done.")
    with pytest.raises(Refused, match=", so it can’t be snoozed"):
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


@pytest.fixture
def later(monkeypatch):
    """Lets the clock's job run as if it were so many hours later."""
    started = timezone.now()

    def pass_(hours):
        monkeypatch.setattr("django.utils.timezone.now", lambda: started + timedelta(hours=hours))
        keep_time(0)

    return pass_


def test_it_wakes_when_its_time_has_come_and_not_before(ada, case, later):
    snooze.snooze(case, by=ada, until=soon(hours=2))
    later(1.9)
    assert asleep(case)
    later(2.1)
    later(2.2)
    event = case.events.latest("sequence")
    assert (event.kind, event.role, event.author) == ("woken", "system", None)
    assert not asleep(case)
    assert case.events.filter(kind="woken").count() == 1


def test_a_case_that_was_snoozed_again_sleeps_on_at_its_first_time(ada, case, later):
    snooze.snooze(case, by=ada, until=soon(hours=1))
    snooze.snooze(case, by=ada, until=soon(hours=3))
    later(2)
    assert not case.events.filter(kind="woken").exists()
    assert asleep(case)


@pytest.mark.django_db(transaction=True)
def test_what_overslept_while_no_jobs_were_done_is_woken(ada, case):
    sleeper = CaseFactory()
    with history(timezone.now() - timedelta(days=2)):
        snooze.snooze(case, by=ada, until=timezone.now() - timedelta(hours=1))
        snooze.snooze(sleeper, by=ada, until=soon())
    keep_time.defer(timestamp=0)
    do_jobs()
    assert not asleep(case)
    assert asleep(sleeper)
    assert case.events.filter(kind="woken").count() == 1


def test_keeping_time_reads_what_is_to_be_done_and_nothing_else(ada, case, django_assert_num_queries):
    snooze.snooze(case, by=ada, until=soon())
    # Promises, clocks, escalations, what is to leave, sleepers, requests, what nobody took, teams that deal, closings.
    with django_assert_num_queries(9) as seen:
        keep_time(timestamp=0)
    assert all(f"LIMIT {MOST_RIPE}" in query["sql"] for query in seen.captured_queries)
