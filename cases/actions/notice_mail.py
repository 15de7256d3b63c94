"""Agents are mailed what concerns them, soon or after their quiet hours, each event once."""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from cases.mail.letter import Letter
from cases.mail.notices import in_case, of_case, of_cases, turn_of
from cases.models import Preferences, ToMail

from .deliveries import deliver

MOST = 100  # things that one mail tells
MOST_LETTERS = 5  # cases that have a letter each; what happens in more of them at once comes as one


def wait_until_quiet_ends(to: Preferences) -> bool:
    """Whether their quiet hours run. Then one job waits until these end, and mails all that there is by then."""
    until = to.quiet_until_after(timezone.now())
    if until is None:
        return False
    turn = turn_of(to.person_id)
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(
            "cases.tasks.mail_notices", lock=turn, queueing_lock=f"{turn}, joined", schedule_at=until
        ).defer(person=to.person_id, joined=True)
    return True


def send(to: Preferences, *, joined: bool = False) -> None:
    """Mail them what there is to mail them: a letter for each case, or one for all."""
    waiting = ToMail.objects.filter(person=to.person_id).order_by("pk")
    whole = waiting.select_related("event__case__system", "event__author")
    while things := list(whole[:MOST]):
        by_case: dict[int, list[ToMail]] = {}
        for thing in things:
            by_case.setdefault(thing.event.case_id, []).append(thing)
        if len(by_case) > 1 and (joined or len(by_case) > MOST_LETTERS):
            told = [in_case(to, of_one) for of_one in by_case.values()]
            _deliver(of_cases(to, [one for one in told if one]), things)
            continue
        for of_one in by_case.values():
            of_this = in_case(to, of_one)
            _deliver(of_this and of_case(to, of_this), of_one)


def _deliver(message: Letter | None, things: list[ToMail]) -> None:
    if message:
        deliver(message, events=[thing.event for thing in things])
    ToMail.objects.filter(pk__in=[thing.pk for thing in things]).delete()
