"""What is kept of customers for a time alone: cases that have been closed that long lose the persons in them."""

from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from cases.models import Case, Status

from . import held_mail
from .carrying import parts_of
from .erased_cases import anonymise

STEP = 100  # cases that are looked up at once


def due(at: datetime, days: float | None = None) -> QuerySet[Case]:
    """The cases that are closed and were resolved that many days before, by default RETENTION_DAYS, the oldest first.

    A case that goes on in another one comes with that one. None while retention is off.
    """
    days = settings.RETENTION_DAYS if days is None else days
    if not days:
        return Case.objects.none()
    before = at - timedelta(days=days)
    old = Case.objects.filter(status=Status.CLOSED, anonymised=False, resolved_at__lt=before)
    return old.filter(merged_into=None).order_by("resolved_at", "pk")


def run(at: datetime, seconds: float) -> int:
    """Throw old held mail away, and take persons out of the cases that are due, for this long at most. Returns how many
    cases it was."""
    held_mail.sweep(at)
    done, end = 0, monotonic() + seconds
    while monotonic() < end and (found := list(due(at)[:STEP])):
        for case in found:
            with transaction.atomic():
                for part in Case.objects.filter(pk__in=parts_of(case)).order_by("pk"):
                    anonymise(part)
            done += 1
            if monotonic() > end:
                break
    return done
