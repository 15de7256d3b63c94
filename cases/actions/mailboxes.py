"""Mailboxes: how far they are read, and whether they can be."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.models import Mailbox, User
from cases.models.rights import Right, roles_with
from cases.wording.times import exact

TOLD_AFTER = timedelta(minutes=5)  # that it fails: what is over by then is no news
UNREAD = timedelta(minutes=5)  # after which a mailbox that nobody reads is one that fails
NOBODY_READS = "Nothing has read it since {}. Is the portal running with its jobs?"
NEVER = "Nothing has read it yet. Is the portal running with its jobs?"


def read_up_to(mailbox: Mailbox, *, uid_validity: int, uid: int) -> None:
    """All that has this UID or a lower one was taken in."""
    mailbox.uid_validity, mailbox.uid = uid_validity, uid
    same = Mailbox.objects.filter(pk=mailbox.pk, host=mailbox.host, user=mailbox.user, folder=mailbox.folder)
    same.update(uid_validity=uid_validity, uid=uid)


def works(mailbox: Mailbox) -> None:
    """It was read just now. What was wrong is over."""
    Mailbox.objects.filter(pk=mailbox.pk).update(seen_at=timezone.now(), failing_since=None, error="")


@transaction.atomic
def failed(mailbox: Mailbox, reason: str) -> None:
    """It cannot be read. If that is so for a while, administrators are mailed once."""
    held = Mailbox.objects.select_for_update().filter(pk=mailbox.pk, active=True).first()
    if held is None:
        return
    begins = held.failing_since is None
    held.failing_since, held.error = held.failing_since or timezone.now(), reason
    held.save(update_fields=["failing_since", "error"])
    if begins:
        app.configure_task(
            "cases.mailboxes.tasks.mail_failure", schedule_in={"seconds": TOLD_AFTER.seconds}
        ).defer(mailbox=held.pk, since=held.failing_since.isoformat())


@transaction.atomic
def keep_token(mailbox: Mailbox, refresh_token: str) -> None:
    """The provider gave another refresh token, and the old one may be of no use any more."""
    held = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if held.way != mailbox.way:  # an administrator was quicker
        return
    mailbox.keep(refresh_token=refresh_token)
    mailbox.save(update_fields=["sealed"])


def tell_administrators(mailbox: int, since: datetime) -> None:
    """Mail those who can mend it, if it still fails as it did then."""
    failing = Mailbox.objects.filter(pk=mailbox, failing_since=since, active=True).first()
    if failing is None:
        return
    page = settings.URL + reverse("admin:cases_mailbox_change", args=[failing.pk])
    body = (
        f"Mail of {failing} has not come in since {exact(since)}.\n\n{failing.error}\n\n"
        f"It comes in by itself when this is mended: {page}\n"
    )
    for person in User.objects.filter(is_active=True, role__in=roles_with(Right.ADMINISTER)):
        app.configure_task("cases.tasks.mail_text").defer(
            to=person.email, subject=f"No email from {failing}", body=body
        )


def watch() -> None:
    """Mailboxes that nothing reads fail, too."""
    before = timezone.now() - UNREAD
    unread = Mailbox.objects.filter(Q(seen_at__lt=before) | Q(seen_at=None), active=True, failing_since=None)
    for mailbox in unread.filter(saved_at__lt=before):
        failed(mailbox, NOBODY_READS.format(exact(mailbox.seen_at)) if mailbox.seen_at else NEVER)


@transaction.atomic
def ask_for_test(mailbox: Mailbox) -> None:
    """A job tries it: a page does not wait for servers elsewhere."""
    Mailbox.objects.filter(pk=mailbox.pk).update(tested_at=None, tested="")
    app.configure_task("cases.mailboxes.tasks.try_mailbox").defer(mailbox=mailbox.pk)


def note_test(mailbox: Mailbox, said: str) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(tested_at=timezone.now(), tested=said)
