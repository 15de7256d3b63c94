"""Jobs that failed or wait: to try one again, and to give one up."""

from contextlib import suppress

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.models import AuditKind, JobFailure, Refused, User

from . import audit

GONE = "This job is running, or done, by now."


@transaction.atomic
def try_again(pk: int, *, by: User) -> None:
    """Have it done as soon as a worker is free. Raises Refused for one that is neither waiting nor failed."""
    job = _locked(pk)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if job.status == "failed":
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [pk])
            else:
                cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE id = %s", [pk])
    except IntegrityError:
        raise Refused("Another job does the same and waits already. Give this one up.") from None
    audit.record(AuditKind.JOB_AGAIN, by=by, job=pk, task=job.task_name)


@transaction.atomic
def give_up(pk: int, *, by: User) -> None:
    """Never do it. Raises Refused for one that is neither waiting nor failed."""
    job = _locked(pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [pk])
    audit.record(AuditKind.JOB_GIVEN_UP, by=by, job=pk, task=job.task_name)


def note_failure(pk: int, error: Exception) -> None:
    """Keep why a job failed, for its page. Where the database is away that is lost, and the log has it."""
    with suppress(DatabaseError):
        defaults = {"error": type(error).__name__[:80], "at": timezone.now()}
        JobFailure.objects.update_or_create(job_id=pk, defaults=defaults)


def _locked(pk: int) -> ProcrastinateJob:
    """One that no worker has or takes meanwhile."""
    jobs = ProcrastinateJob.objects.filter(pk=pk, status__in=["todo", "failed"])
    if job := jobs.select_for_update(of=("self",), skip_locked=True).first():
        return job
    raise Refused(GONE)
