"""The jobs about mailboxes."""

from datetime import datetime

from procrastinate.contrib.django import app

from cases.actions import mailboxes
from cases.models import Mailbox
from cases.tasks import PATIENTLY

from .connection import tried


@app.task(queue="mail", retry=PATIENTLY)
def mail_failure(mailbox: int, since: str) -> None:
    """Tell administrators that mail does not come in, unless it does again."""
    mailboxes.tell_administrators(mailbox, datetime.fromisoformat(since))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch_mailboxes")
def watch_mailboxes(timestamp: int) -> None:
    """Notice mailboxes that nothing reads."""
    mailboxes.watch()


@app.task(queue="mail")
def try_mailbox(mailbox: int) -> None:
    """Try whether a mailbox can be read."""
    for found in Mailbox.objects.filter(pk=mailbox):
        mailboxes.note_test(found, tried(found))
