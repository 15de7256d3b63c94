"""The days of each system on the status page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from cases.models import Incident, Severity, Stage
from cases.status_page import days
from tests.factories import SystemFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """It is noon on 20 October, in UTC."""
    monkeypatch.setattr(timezone, "localdate", lambda at=None: (at or NOON).date())
    with timezone.override(UTC):
        yield


def outage(system, start, hours=None, severity=Severity.CRITICAL, **fields):
    ended = {} if hours is None else {"status": Stage.RESOLVED, "resolved_at": start + timedelta(hours=hours)}
    return Incident.objects.create(
        title="Down", system=system, severity=severity, opened_at=start, **(ended | fields)
    )


def troubled(system):
    [row] = [row for row in days.systems(NOON) if row.name == system.name]
    return [day.words for day in row.days if day.state]


def at(day, hour=0, minute=0):
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def test_a_system_has_a_day_for_each_of_the_last_ninety(till):
    [row] = days.systems(NOON)
    assert len(row.days) == 90
    assert (row.words, row.bad) == ("Working", 0)
    assert row.days[0].words == "23 Jul: no problem"
    assert row.days[-1].words == "20 Oct: no problem"


def test_a_day_says_what_was_wrong_and_for_how_long(till):
    outage(till, at(12, 9), hours=2 + 1 / 6)
    assert troubled(till) == ["12 Oct: outage, 2 h 10 min"]


def test_what_lasts_over_midnight_belongs_to_each_day_and_what_overlaps_counts_once(till):
    outage(till, at(10, 22), hours=27)
    outage(till, at(12, 0), hours=2)
    assert troubled(till) == ["10 Oct: outage, 2 h", "11 Oct: outage, all day", "12 Oct: outage, 2 h"]


def test_what_is_less_than_critical_is_a_problem(till):
    outage(till, at(12, 9), hours=1, severity=Severity.LOW)
    assert troubled(till) == ["12 Oct: problem, 1 h"]


def test_what_goes_on_says_since_when(till):
    outage(till, at(19, 23, 30))
    assert troubled(till) == ["19 Oct: outage, 30 min", "20 Oct: outage all day so far"]
    other = SystemFactory(name="Scale", public=True)
    outage(other, at(20, 9, 5))
    assert troubled(other) == ["20 Oct: outage since 09:05"]
    assert {row.name: row.words for row in days.systems(NOON)} == {"Till": "Outage", "Scale": "Outage"}


def test_nothing_is_told_of_hidden_systems_and_incidents(till):
    hidden = SystemFactory(name="Vault", public=False)
    outage(hidden, at(12, 9), hours=1)
    outage(till, at(12, 9), hours=1, public=False)
    assert [row.name for row in days.systems(NOON)] == ["Till"]
    assert troubled(till) == []


def test_many_incidents_cost_as_many_queries_as_one(till, django_assert_num_queries):
    for day in range(1, 9):
        outage(SystemFactory(name=f"System {day}", public=True), at(day), hours=1)
    with django_assert_num_queries(2):
        days.systems(NOON)
