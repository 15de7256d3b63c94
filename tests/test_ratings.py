"""Ratings in figures, per agent, team and system."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import resolution, triage
from cases.actions.rating import rate
from cases.models import Rating
from cases.ratings import Figure, ratings
from tests.factories import CaseFactory, SystemFactory

DAY = timedelta(days=1)


@pytest.fixture
def rated(cleo, ada, till):
    def give(good, *, agent=None, team=None, system=till, ago=timedelta()):
        case = CaseFactory(customer=cleo, system=system)
        triage.assign(case, by=ada, assignee=agent)
        triage.assign_team(case, by=ada, team=team)
        resolution.close(case, by=ada)
        rate(case, by=cleo, good=good)
        Rating.objects.filter(case=case).update(at=timezone.now() - ago)

    return give


def figures(since=7 * DAY, until=-DAY):
    return ratings(timezone.now() - since, timezone.now() - until)


def test_they_are_counted_for_whoever_had_the_case(rated, ada, abe, team, till):
    scales = SystemFactory(name="Scales")
    for good in (True, True, False):
        rated(good, agent=ada, team=team)
    rated(False, agent=abe, system=scales)
    rated(True)
    found = figures()
    assert found.by_agent == [(ada.pk, "Ada", 2, 1), (abe.pk, "Abe", 0, 1), (None, "", 1, 0)]
    assert found.by_team == [(team.pk, "Engineering", 2, 1), (None, "", 1, 1)]
    assert found.by_system == [(till.pk, "Till", 3, 1), (scales.pk, "Scales", 0, 1)]
    assert (found.total.good, found.total.bad, found.total.share) == (3, 2, 60)


def test_only_those_of_the_time_that_is_asked_for_count(rated):
    rated(True, ago=8 * DAY)
    rated(False, ago=2 * DAY)
    assert (figures().total.good, figures().total.bad) == (0, 1)
    assert figures(until=3 * DAY).by_agent == []


def test_no_ratings_are_no_share_and_no_error(db):
    assert figures() == ([], [], [])
    assert figures().total == Figure(None, "", 0, 0)
    assert figures().total.share == 0


def test_the_times_are_found_by_their_index_alone(rated, ada):
    rated(True, agent=ada)
    with CaptureQueriesContext(connection) as asked:
        figures()
    counting = [query["sql"] for query in asked if "COUNT" in query["sql"]]
    assert (len(asked), len(counting)) == (5, 3)  # with the names of agents and systems
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        for query in counting:
            cursor.execute(f"EXPLAIN {query}")
            assert "Index Only Scan using ratings_by_time" in "\n".join(line for (line,) in cursor.fetchall())
