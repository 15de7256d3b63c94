"""The letters that the real worker sends."""

import gc

from django.core import mail
from django.db import connection, connections
from procrastinate.contrib.django import app

from cases.mail.notices import message_of
from cases.models import ToMail
from cases.models.preferences import preferences_of


def a_minute_later():
    """Mail waits no more for what might follow."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' AND attempts = 0"
        )


def do_jobs(**options):
    """Run the real worker, a minute later, until no job is left."""
    a_minute_later()
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, **options)
    connections.close_all()
    gc.collect()  # with the worker's threads, their connections


def letters():
    do_jobs()
    return [(letter.to, letter.subject, letter.body) for letter in mail.outbox]


def notice(event, agent, why):
    """What the agent is mailed of an event that concerns them, if anything."""
    return message_of(preferences_of(agent), [ToMail(person=agent, event=event, why=why)])
