"""Jobs that throw away what is over, and take out what is asked for."""

import logging
from importlib import import_module

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.actions import (
    account_merging,
    attachments,
    deliveries,
    invitations,
    leaving,
    originals,
    person_exports,
    retention,
    secrets,
)
from cases.files import kept_documents
from cases.models import AccountMerge, PersonExport

from .retrying import PATIENTLY

log = logging.getLogger(__name__)

LONGEST_RETENTION = 300  # seconds, of each hour


@app.periodic(cron="17 * * * *")
@app.task(name="cases.tasks.sweep_attachments", queueing_lock="sweep_attachments")
def sweep_attachments(timestamp: int) -> None:
    """Throw away files that were chosen and not sent."""
    attachments.sweep()


@app.task(name="cases.tasks.drop_file", queue="bulk", retry=PATIENTLY)
def drop_file(file: int) -> None:
    """Delete the bytes of a file that was taken away from its message."""
    attachments.drop(file)


@app.task(name="cases.tasks.drop_original", queue="bulk", retry=PATIENTLY)
def drop_original(stored: str) -> None:
    """Delete a mail as it was received, of which something was removed."""
    originals.drop(stored)


@app.periodic(cron="27 * * * *")
@app.task(name="cases.tasks.sweep_documents", queueing_lock="sweep_documents")
def sweep_documents(timestamp: int) -> None:
    """Throw away documents that were previewed and not imported."""
    kept_documents.sweep()


@app.periodic(cron="47 * * * *")
@app.task(name="cases.tasks.sweep_secrets", queueing_lock="sweep_secrets")
def sweep_secrets(timestamp: int) -> None:
    """Delete what was given as a secret in cases that have been over for a while."""
    secrets.sweep(timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(name="cases.tasks.keep_no_longer", queue="bulk", queueing_lock="keep_no_longer")
def keep_no_longer(timestamp: int) -> None:
    """Take persons out of cases that are older than they are kept, some each hour."""
    retention.run(timezone.now(), LONGEST_RETENTION)


@app.task(name="cases.tasks.export_person", queue="bulk", retry=PATIENTLY)
def export_person(export: int) -> None:
    """Put all that is held about a person into one zip."""
    for found in PersonExport.objects.select_related("about__organisation").filter(pk=export):
        person_exports.make(found)


@app.periodic(cron="57 * * * *")
@app.task(name="cases.tasks.sweep_exports", queueing_lock="sweep_exports")
def sweep_exports(timestamp: int) -> None:
    """Throw away what was taken out about people and could be fetched long enough."""
    person_exports.sweep(timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(name="cases.tasks.clear_sessions", queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Forget the sessions that have ended, with what their visitors had typed."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@app.periodic(cron="47 3 * * *")
@app.task(name="cases.tasks.tidy_after_people", queueing_lock="tidy_after_people")
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
@app.task(name="cases.tasks.clear_limits", queueing_lock="clear_limits")
def clear_limits(timestamp: int) -> None:
    """Forget what was tried, and what became of mail about accounts, so long ago that it counts no more."""
    deliveries.sweep(timezone.now())
    cache.clear_expired()  # type: ignore[attr-defined]  # which portal.shared_cache has
