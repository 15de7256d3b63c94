"""A database of the last release is brought over; one from before the first release is refused."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from cases.models import Case, Event, IncidentEvent
from cases.models.choices import ACTIVE
from cases.wording import events, incidents
from tests.actions.replay import replay

# The tables of the last release, and what the sample put into them.
RELEASE = ("cases", "0002_triggers")
SAMPLE = Path(__file__).with_name("release.sql")


@pytest.fixture
def released(transactional_db):
    """The tables as they were, filled as they were."""
    MigrationExecutor(connection).migrate([RELEASE])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_savedview")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(SAMPLE.read_text())
        cursor.execute("SET session_replication_role = origin")
    yield
    call_command("migrate", verbosity=0)


def test_a_filled_database_of_the_last_release_is_upgraded(released):
    reopened = Event.objects.filter(case=14, kind="declined").values_list("at", flat=True)
    with connection.cursor() as cursor:  # the sample has nobody's cases that were never closed alone
        cursor.execute("UPDATE cases_case SET assignee_id = NULL WHERE number = 14")
    call_command("migrate", verbosity=0)
    nobodys = Case.objects.filter(assignee=None, status__in=ACTIVE).exclude(pk=14)
    assert nobodys
    assert all(case.nobodys_since == case.opened_at for case in nobodys)
    assert [Case.objects.get(pk=14).nobodys_since] == list(reopened)
    assert Case.objects.count() == 35
    for case in Case.objects.prefetch_related("events__author"):
        state = replay(case.events.all())
        assert {field: getattr(case, field) for field in ("status", "waiting_on")} == {
            field: state[field] for field in ("status", "waiting_on")
        }
    said = [events.sentence(event) for event in Event.objects.select_related("case", "author")]
    assert {"Cleo Marchetti opened the case", "Ada Osei took the case"} <= set(said)
    assert any("attached case #" in incidents.sentence(event) for event in IncidentEvent.objects.all())
    call_command("verify_counts", verbosity=0)


def test_a_database_from_before_the_first_release_is_refused_in_words(transactional_db):
    recorder = MigrationRecorder(connection)
    since = [one for one in recorder.applied_migrations() if one[0] == "cases" and one >= RELEASE]
    for one in since:
        recorder.record_unapplied(*one)
    recorder.record_applied("cases", "0003_the_desk")
    try:
        with pytest.raises(CommandError, match="older than the first release"):
            call_command("migrate", verbosity=0)
    finally:
        recorder.record_unapplied("cases", "0003_the_desk")
        for one in since:
            recorder.record_applied(*one)
