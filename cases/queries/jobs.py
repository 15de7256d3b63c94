"""Jobs: what runs, waits and has failed."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Max, QuerySet
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from cases.models import JobFailure

SHOWN = 50


class Job(NamedTuple):
    job: ProcrastinateJob
    failure: JobFailure | None
    at: datetime | None  # when something happened to it last


class Jobs(NamedTuple):
    found: list[Job]
    has_more: bool


def running() -> Jobs:
    return _shown(ProcrastinateJob.objects.filter(status="doing").order_by("lock", "pk"))


def waiting() -> Jobs:
    """In the order in which workers take them."""
    return _shown(ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "pk"))


def failed(before: int | None = None) -> Jobs:
    """The newest first."""
    jobs = ProcrastinateJob.objects.filter(status="failed").order_by("-pk")
    return _shown(jobs.filter(pk__lt=before) if before else jobs)


def _shown(jobs: QuerySet[ProcrastinateJob]) -> Jobs:
    found = list(jobs[: SHOWN + 1])
    keys = [job.pk for job in found[:SHOWN]]
    failures = JobFailure.objects.in_bulk(keys)
    events = ProcrastinateEvent.objects.filter(job__in=keys).order_by().values("job")
    last = dict(events.annotate(last=Max(F("at"))).values_list("job", "last"))
    return Jobs(
        [Job(job, failures.get(job.pk), last.get(job.pk)) for job in found[:SHOWN]], len(found) > SHOWN
    )
