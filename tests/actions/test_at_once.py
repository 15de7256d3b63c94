"""Two who act on one case at the same moment: one is first, and nothing is lost or done twice."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.actions import conversation, resolution, triage
from cases.models import Case, Event, Priority, Refused
from tests.factories import CaseFactory

from .replay import replay
from .test_invariants import STEPS, beginning, check_the_invariants, clock  # noqa: F401

HISTORIES = int(os.environ.get("HISTORIES", "10"))  # a few hundred find what is rare


@pytest.fixture
def two_hands():
    """Plays two steps at once, each in a thread with a connection of its own."""
    with ThreadPoolExecutor(2) as threads:
        gate = threading.Barrier(2, timeout=20)

        def at_once(*deeds):
            def do(deed):
                gate.wait()
                deed()

            for done in [threads.submit(do, deed) for deed in deeds]:
                done.result(timeout=60)

        yield at_once
        at_once(*[lambda: connection.close()] * 2)


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=HISTORIES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # nothing to shrink: it may not happen again
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from([0, 0, 1]), STEPS, STEPS), min_size=1, max_size=8))
def test_two_who_act_at_once_leave_a_case_as_if_one_had_been_first(two_hands, clock, steps):  # noqa: F811
    cases, play = beginning(clock)
    for which, *both in steps:
        one, other = (Case.objects.get(pk=cases[which].pk) for _ in both)
        two_hands(partial(play, one, both[0]), partial(play, other, both[1]))
    for case in cases:
        check_the_invariants(case)


@pytest.mark.django_db(transaction=True)
def test_two_threads_that_write_to_one_case_lose_nothing(ada, abe, case):
    each = 15
    errors = []

    def write(agent):
        try:
            for n in range(each):
                conversation.reply(case, by=agent, body=f"{agent} {n}")
                triage.set_priority(case, by=agent, priority=Priority(n % 4 + 1))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[agent]) for agent in (ada, abe)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert errors == []
    case = Case.objects.get(pk=case.pk)
    events = list(case.events.order_by("sequence"))
    assert [event.sequence for event in events] == list(range(1, case.last_sequence + 1))
    assert sum(event.kind == "reply" for event in events) == 2 * each + 1
    assert replay(events)["priority"] == case.priority


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_resolve_at_once_resolve_it_once(ada, abe, case):
    gate = threading.Barrier(2, timeout=20)
    done = []

    def resolve(agent):
        gate.wait()
        with suppress(Refused):
            done.append(resolution.resolve(case, by=agent, resolution=f"Fixed by {agent}."))
        connection.close()

    threads = [threading.Thread(target=resolve, args=[agent]) for agent in (ada, abe)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(done) == 1
    assert Event.objects.filter(case=case, kind="resolved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_report_sent_twice_at_the_same_moment_opens_one_case(cleo, till):
    gate, token, opened = threading.Barrier(2, timeout=20), uuid4(), []

    def report():
        gate.wait()
        opened.append(CaseFactory(customer=cleo, system=till, token=token))
        connection.close()

    threads = [threading.Thread(target=report) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert opened[0] == opened[1]
    assert Case.objects.count() == 1
