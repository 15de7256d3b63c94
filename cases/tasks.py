"""Jobs. Each is deferred in the transaction of the change that asks for it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from cases import mail_tasks as mail_tasks  # further jobs
from cases.actions import (
    account_merging,
    accounts,
    attachments,
    auto_close,
    deliveries,
    erasure,
    forwards,
    invitations,
    leaving,
    limits,
    notice_mail,
    originals,
    person_exports,
    radar,
    reminders,
    requests,
    retention,
    saved_views,
    secrets,
    service_levels,
    snooze,
)
from cases.actions.bulk import run
from cases.files import kept_documents
from cases.mail.invitations import message_of
from cases.mail.letter import letter_of
from cases.mail.links import fresh_link
from cases.mail.outbound import message_about
from cases.mail.sending import Patiently
from cases.mail.threads import own_id
from cases.mail.together import take_what_waits, waits
from cases.models import AccountMerge, Bulk, Case, Event, Invitation, PersonExport, Request, SavedView, User

log = logging.getLogger(__name__)

LONGEST_CHANGE = 60  # seconds that a job waits for a transaction that changes cases
MOST_RIPE, LONGEST_LOCK = 500, 1000  # milliseconds
LONGEST_RETENTION = 300  # seconds, of each hour
TURN = 4  # seconds, of the five in which time is kept once
MINUTE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)

# Ten more tries over a day and a half: after some seconds, a quarter of an hour, and ever longer.
PATIENTLY = RetryStrategy(max_attempts=10, linear_wait=15 * 60, exponential_wait=3)


@app.task(queue="mail", retry=Patiently(), pass_context=True)
def mail_event(context: JobContext, event: int, beside: list[int] | None = None) -> None:
    """Mail this event and those beside it. A visitor gets an account without a name, to sign in with."""
    whole = Event.objects.select_related("case__customer", "case__assignee", "case__system", "author")
    found = whole.get(pk=event)
    if beside is None:
        beside = take_what_waits(context.job) if waits(found) else []
    others = list(whole.filter(pk__in=beside))
    message = message_about(found, *others)
    if message and message.to == [found.case.claimed_email]:
        accounts.customer_for(found.case.claimed_email)
    notice_mail.keep_for_digest([found, *others])
    deliveries.deliver(message, events=[found, *others])


@app.task(queue="mail", retry=Patiently())
def mail_beside(event: int, copy: int | None = None) -> None:
    """Mail somebody in copy of a case, or outside."""
    forwards.mail_beside(event, copy)


@app.periodic(cron="* * * * * */5")
@app.task(queue="clock", queueing_lock="keep_time")
def keep_time(timestamp: int) -> None:
    """Do what is to be done by now, the most urgent first: what is due, then who sleeps, is reminded, is closed.

    After a time in which no jobs were done, what is overdue by then is said without a warning. What takes longer
    than a turn is gone on with in the next, which begins with the most urgent again.
    """
    at, end = timezone.now(), monotonic() + TURN
    for kind in reminders.WATCHED:
        each(kind.objects.due_by(at), lambda owed: reminders.act(owed, at=at), end)
    sleeping = Case.objects.filter(snoozed_until__lte=at).order_by("snoozed_until", "number")
    each(sleeping, lambda case: snooze.wake(case, by=None, until=case.snoozed_until), end)
    each(Request.objects.due_by(at), lambda request: requests.remind(request, at=at), end)
    closing = Case.objects.filter(closes_at__lte=at).order_by("closes_at", "number")
    each(closing, lambda case: auto_close.close(case, at=at), end)


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
@app.task(pass_context=True, queueing_lock="retry_stalled")
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


@app.task(queue="mail", retry=Patiently(), pass_context=True, priority=1)
def mail_text(
    context: JobContext, to: str, subject: str, body: str, until: str | None = None, event: int | None = None
) -> None:
    """Mail about an account, before all that waits: somebody may want to sign in."""
    headers = {"Message-ID": own_id(f"mail-{context.job.id}")}
    message = letter_of(body, subject=subject, to=to, headers=headers)
    events, end = Event.objects.filter(pk=event), datetime.fromisoformat(until) if until else None
    deliveries.deliver(message, events=list(events) if event else [], until=end)


@app.task(queue="mail", retry=Patiently())
def mail_invitation(invitation: int) -> None:
    """Mail somebody the link with which they accept, unless they were erased since."""
    for found in Invitation.objects.filter(pk=invitation):
        deliveries.deliver(message_of(found))


@app.task(queue="mail", retry=Patiently(), pass_context=True)
def mail_fresh_link(context: JobContext, case: int, person: int) -> None:
    """Mail somebody another link to their case in the place of one that is over."""
    message_id = own_id(f"link-{context.job.id}")
    deliveries.deliver(fresh_link(Case.objects.get(pk=case), User.objects.get(pk=person), message_id))


@app.task(queue="bulk", retry=PATIENTLY)
def run_bulk(bulk: int) -> None:
    """Do what is left of a change to many cases, and what comes after the last of them."""
    found = Bulk.objects.select_related("by").get(pk=bulk)
    run(found)
    erasure.finish(found)


@app.task(queue="bulk", retry=PATIENTLY)
def apply_levels(bulk: int) -> None:
    """Bring the open cases up to date that changed service levels have not reached yet."""
    service_levels.run(Bulk.objects.get(pk=bulk))


@app.task(queue="radar", retry=PATIENTLY)
def judge_case(case: int) -> None:
    """See whether a case reports what others report."""
    radar.judge(Case.objects.get(pk=case))


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="sweep_attachments")
def sweep_attachments(timestamp: int) -> None:
    """Throw away files that were chosen and not sent."""
    attachments.sweep()


@app.task(queue="bulk", retry=PATIENTLY)
def drop_file(file: int) -> None:
    """Delete the bytes of a file that was taken away from its message."""
    attachments.drop(file)


@app.task(queue="bulk", retry=PATIENTLY)
def drop_original(stored: str) -> None:
    """Delete a mail as it was received, of which something was removed."""
    originals.drop(stored)


@app.periodic(cron="27 * * * *")
@app.task(queueing_lock="sweep_documents")
def sweep_documents(timestamp: int) -> None:
    """Throw away documents that were previewed and not imported."""
    kept_documents.sweep()


@app.periodic(cron="47 * * * *")
@app.task(queueing_lock="sweep_secrets")
def sweep_secrets(timestamp: int) -> None:
    """Delete what was given as a secret in cases that have been over for a while."""
    secrets.sweep(timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(queue="bulk", queueing_lock="keep_no_longer")
def keep_no_longer(timestamp: int) -> None:
    """Take persons out of cases that are older than they are kept, some each hour."""
    retention.run(timezone.now(), LONGEST_RETENTION)


@app.task(queue="bulk", retry=PATIENTLY)
def export_person(export: int) -> None:
    """Put all that is held about a person into one zip."""
    for found in PersonExport.objects.select_related("about__organisation").filter(pk=export):
        person_exports.make(found)


@app.periodic(cron="57 * * * *")
@app.task(queueing_lock="sweep_exports")
def sweep_exports(timestamp: int) -> None:
    """Throw away what was taken out about people and could be fetched long enough."""
    person_exports.sweep(timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Forget the sessions that have ended, with what their visitors had typed."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@app.task(queue="bulk", retry=PATIENTLY)
def move_cases(merge: int) -> None:
    """Give the cases of two merged accounts, or of those taken apart again, to whose they are."""
    account_merging.move_cases(AccountMerge.objects.select_related("kept", "gone").get(pk=merge))


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="tidy_after_people")
def tidy_after_people(timestamp: int) -> None:
    """Find cases of agents deactivated without a handover, and what came to a merged account; forget old invitations."""
    invitations.sweep(timezone.now())
    leaving.unassign_the_gone()
    for merge in AccountMerge.objects.select_related("kept", "gone").filter(
        at__gte=timezone.now() - account_merging.UNDOABLE
    ):
        try:
            account_merging.move_cases(merge)
        except Exception:  # whatever is wrong with one, the others are moved
            log.exception("The cases of a merged account were not moved: %s", merge.pk)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="clear_limits")
def clear_limits(timestamp: int) -> None:
    """Forget what was tried, and what became of mail about accounts, so long ago that it counts no more."""
    deliveries.sweep(timezone.now())
    cache.clear_expired()  # type: ignore[attr-defined]  # which portal.shared_cache has


@app.task(queue="bulk", retry=PATIENTLY)
def count_view(view: int) -> None:
    """Count a view again that was saved while somebody took long to change cases."""
    for found in SavedView.objects.filter(pk=view):
        if not saved_views.count_anew(found, within=LONGEST_CHANGE):
            raise TimeoutError(f"Cases have been changed for {LONGEST_CHANGE} seconds without an end.")


@app.task(queue="bulk", retry=PATIENTLY)
def count_views() -> None:
    """Count all views anew, since the cases changed that somebody sees."""
    if not limits.count_views(within=LONGEST_CHANGE):
        raise TimeoutError(f"Cases have been changed for {LONGEST_CHANGE} seconds without an end.")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="fold_counts")
def fold_counts(timestamp: int) -> None:
    """Keep the ledger of the views' counts short."""
    saved_views.compact()
