"""What is done by the clock, and again after a crash."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from cases.actions import auto_close, outgoing, reminders, requests, snooze, untaken
from cases.models import Case, Outgoing, Request

from .retrying import PATIENTLY

log = logging.getLogger(__name__)

MOST_RIPE = 500
LONGEST_LOCK = 1000  # milliseconds
TURN = 4  # seconds, of the five in which time is kept once
MINUTE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


@app.periodic(cron="* * * * * */5")
@app.task(name="cases.tasks.keep_time", queue="clock", queueing_lock="keep_time")
def keep_time(timestamp: int) -> None:
    """Do what is to be done by now, the most urgent first: what is due, then what is to leave, who sleeps, is reminded, is closed.

    After a time in which no jobs were done, what is overdue by then is said without a warning. What takes longer
    than a turn is gone on with in the next, which begins with the most urgent again.
    """
    at, end = timezone.now(), monotonic() + TURN
    for kind in reminders.WATCHED:
        each(kind.objects.due_by(at), lambda owed: reminders.act(owed, at=at), end)
    leaving = Outgoing.objects.filter(leaves_at__lte=at).order_by("leaves_at", "key")
    each(leaving, lambda waiting: outgoing.leave(waiting, at=at), end)
    sleeping = Case.objects.filter(snoozed_until__lte=at).order_by("snoozed_until", "number")
    each(sleeping, lambda case: snooze.wake(case, by=None, until=case.snoozed_until), end)
    each(Request.objects.due_by(at), lambda request: requests.remind(request, at=at), end)
    untold = Case.objects.filter(take_by__lte=at).order_by("take_by", "number")
    each(untold, lambda case: untaken.tell(case, at=at), end)
    closing = Case.objects.filter(closes_at__lte=at).order_by("closes_at", "number")
    each(closing, lambda case: auto_close.close(case, at=at), end)


@app.task(name="cases.tasks.let_out", queue="clock", retry=PATIENTLY)
def let_out(waiting: str) -> None:
    """Let out what an agent sent, at its time. `keep_time` does so too, should this job be late."""
    for found in Outgoing.objects.filter(key=waiting):
        outgoing.leave(found, at=timezone.now())


failed: dict[tuple[type[Model], int], tuple[int, datetime]] = {}  # how often, and when it is tried again


def each(things: QuerySet[Any], do: Callable[[Any], Any], end: float) -> None:
    """Do it for each of them, MOST_RIPE at most, until `end`. One that fails stops no other.

    It is left alone for a minute then, and twice as long each time it fails again. The log has it once.
    """
    model, now = things.model, timezone.now()
    for key in [key for key, (_, again) in failed.items() if again < now - 2 * LONGEST_PAUSE]:
        del failed[key]  # it came to its end otherwise
    waiting = [pk for (kind, pk), (_, again) in failed.items() if kind is model and again > now]
    for thing in things.exclude(pk__in=waiting)[:MOST_RIPE]:
        if monotonic() > end:
            return
        key = (model, thing.pk)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # One that somebody holds stops no other.
                cursor.execute("SET LOCAL lock_timeout = %s", [LONGEST_LOCK])
                do(thing)
        except Exception:
            if not connection.is_usable():
                raise
            times, _ = failed.get(key, (0, now))
            if not times:
                log.exception("It is time for %s %s, which failed", model._meta.verbose_name, thing.pk)
            failed[key] = times + 1, now + min(MINUTE * 2**times, LONGEST_PAUSE)
        else:
            failed.pop(key, None)


@app.periodic(cron="* * * * *")
@app.task(name="cases.tasks.retry_stalled", pass_context=True, queueing_lock="retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Do again what a process that was killed had begun: nothing is lost."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except UniqueViolation:  # the next of its kind waits already, and does its work
            await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
        except Exception:
            log.exception("%s was cut off, and could not be asked for again", job)
