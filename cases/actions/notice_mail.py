"""People are mailed what concerns them: soon, after their quiet hours, or in the morning."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from cases.mail import together
from cases.mail.letter import Letter
from cases.mail.notices import digest, in_case, joined_turn_of, of_case, of_cases, turn_of
from cases.mail.outbound import recipient
from cases.models import Event, Preferences, ToMail, Way, Why
from cases.models.preferences import preferences_of
from cases.queries.notices import hears

from .deliveries import begun, deliver

MOST = 100  # things that one mail tells
MOST_LETTERS = 5  # cases that have a letter each; what happens in more of them at once comes as one


def wait_until_quiet_ends(to: Preferences) -> bool:
    """Whether their quiet hours run. Then one job waits until these end, and mails all that there is by then."""
    until = to.quiet_until_after(timezone.now())
    if until is None:
        return False
    person = to.person_id
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(
            "cases.tasks.mail_notices",
            lock=turn_of(person),
            queueing_lock=joined_turn_of(person),
            schedule_at=until,
        ).defer(person=person, joined=True)
    return True


def mail_after_quiet_hours(event: Event, beside: Any) -> bool:
    """Whether the quiet hours run of the customer to whom this event is mailed. Then a job mails it at their end, with
    what follows till then."""
    person = recipient(event)
    if person is None or not person.pk or person.is_agent:
        return False
    until = preferences_of(person).quiet_until_after(timezone.now())
    if until is None:
        return False
    later = app.configure_task(
        "cases.tasks.mail_event", lock=together.turn_of(event, person.pk), schedule_at=until
    )
    later.defer(event=event.pk, beside=beside)
    return True


def send(to: Preferences, *, joined: bool = False) -> None:
    """Mail them what there is to mail them: a letter for each case, or one for all."""
    waiting = _waiting(to, Way.MAIL)
    while things := list(waiting[:MOST]):
        by_case = _by_case(_as_begun(to, things))
        if len(by_case) > 1 and (joined or len(by_case) > MOST_LETTERS):
            told = [in_case(to, of_one) for of_one in by_case]
            _deliver(
                of_cases(to, [one for one in told if one]), [one for of_one in by_case for one in of_one]
            )
            continue
        for of_one in by_case:
            of_this = in_case(to, of_one)
            _deliver(of_this and of_case(to, of_this), of_one)


def _as_begun(to: Preferences, things: list[ToMail]) -> list[ToMail]:
    """What of these is to be told now, after a worker was killed too: what it had begun to send, and that alone. What
    it had sent is told no more."""
    over, first = begun([thing.event_id for thing in things], to.person.email)
    ToMail.objects.filter(pk__in=[thing.pk for thing in things if thing.event_id in over]).delete()
    return [thing for thing in things if (thing.event_id in first if first else thing.event_id not in over)]


def _waiting(to: Preferences, way: Way) -> QuerySet[ToMail]:
    waiting = ToMail.objects.filter(person=to.person_id, way=way).order_by("pk")
    return waiting.select_related("event__case__system", "event__author")


def _by_case(things: list[ToMail]) -> list[list[ToMail]]:
    """What of them belongs together: what is of one case, on the same side of it."""
    groups: dict[tuple[int, bool], list[ToMail]] = {}
    for thing in things:
        groups.setdefault((thing.event.case_id, thing.why == Why.OWN), []).append(thing)
    return list(groups.values())


def _deliver(message: Letter | None, things: list[ToMail]) -> None:
    if message:
        deliver(message, events=[thing.event for thing in things])
    ToMail.objects.filter(pk__in=[thing.pk for thing in things]).delete()


def keep_for_digest(events: Sequence[Event]) -> None:
    """What customers chose to read in the morning, instead of the mail about it or besides."""
    person = recipient(events[0])
    if person and person.pk and hears(person, Why.OWN, Way.DIGEST):
        ToMail.objects.bulk_create(
            [ToMail(person=person, event=event, why=Why.OWN, way=Way.DIGEST) for event in events],
            ignore_conflicts=True,
        )


@transaction.atomic
def plan_digest(due: Preferences, *, at: datetime) -> None:
    """Have the digest sent that is due, after the quiet hours if these run, and plan the one of tomorrow."""
    if ToMail.objects.filter(person=due.person_id, way=Way.DIGEST).exists():
        app.configure_task(
            "cases.tasks.mail_digest",
            lock=f"digest to {due.person_id}",
            schedule_at=due.quiet_until_after(at) or at,
        ).defer(person=due.person_id)
    due.digest_at = due.morning_after(at)
    due.save(update_fields=["digest_at"])


def send_digest(to: Preferences) -> None:
    """One mail of what happened since the last one that is for the morning. None, if nothing did."""
    newest = _waiting(to, Way.DIGEST).last()
    if newest is None:
        return
    waiting = _waiting(to, Way.DIGEST).filter(pk__lte=newest.pk)
    things = list(waiting[:MOST])
    told = [in_case(to, of_one) for of_one in _by_case(things)]
    if message := digest(to, [one for one in told if one], more=waiting.count() - len(things)):
        deliver(message)
    waiting.delete()
