"""The letters that the real worker sends."""

import gc

from django.core import mail
from django.db import connections
from procrastinate.contrib.django import app


def do_jobs(**options):
    """Run the real worker until no job is left."""
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, **options)
    connections.close_all()
    gc.collect()  # with the worker's threads, their connections


def letters():
    do_jobs()
    return [(letter.to, letter.subject, letter.body) for letter in mail.outbox]
