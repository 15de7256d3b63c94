"""Trying a job again, and giving it up."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import jobs
from cases.models import AuditEntry, AuditKind, JobFailure, Refused
from cases.queries.jobs import failed
from tests.factories import job
from tests.reads import rows_read

pytestmark = pytest.mark.django_db


def test_a_failed_job_waits_anew_and_the_audit_log_says_who_asked(adam):
    key = job("failed", event=12)
    jobs.try_again(key, by=adam)
    assert ProcrastinateJob.objects.get(pk=key).status == "todo"
    entry = AuditEntry.objects.get(kind=AuditKind.JOB_AGAIN)
    assert (entry.by, entry.details) == (adam, {"job": key, "task": "cases.tasks.mail_event"})


def test_a_job_that_waits_for_its_time_is_due_at_once(adam):
    key = job("todo")
    jobs.try_again(key, by=adam)
    assert ProcrastinateJob.objects.get(pk=key).scheduled_at is None


@pytest.mark.parametrize("status", ["todo", "failed"])
def test_a_job_that_is_given_up_is_gone_with_its_failure(adam, status):
    key = job(status)
    jobs.note_failure(key, TimeoutError("nobody@example.com"))
    jobs.give_up(key, by=adam)
    assert not ProcrastinateJob.objects.filter(pk=key).exists()
    assert not JobFailure.objects.filter(pk=key).exists()
    assert AuditEntry.objects.get(kind=AuditKind.JOB_GIVEN_UP).details["job"] == key


@pytest.mark.parametrize("action", [jobs.try_again, jobs.give_up])
def test_a_job_that_runs_is_left_alone(adam, action):
    key = job("doing")
    with pytest.raises(Refused, match="running, or done"):
        action(key, by=adam)
    assert ProcrastinateJob.objects.get(pk=key).status == "doing"


def test_a_failure_keeps_the_kind_of_error_and_none_of_its_words():
    key = job("failed")
    jobs.note_failure(key, ValueError("anna@example.com"))
    jobs.note_failure(key, TimeoutError("anna@example.com"))
    assert JobFailure.objects.get().error == "TimeoutError"


def test_failed_jobs_are_found_by_their_index():
    for _ in range(300):
        job("succeeded")
    key = job("failed")
    with rows_read() as read:
        found = failed().found
    assert [one.job.pk for one in found] == [key]
    assert read["procrastinate_jobs"] <= 5
