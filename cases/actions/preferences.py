"""What people choose of how they are told. It changes nothing in any case."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cases.mail.notices import joined_push_turn_of, joined_turn_of
from cases.models import NoticeChoice, Preferences, ToMail, Way, Why
from cases.models.notification import HAPPENINGS
from cases.models.people import User
from cases.models.preferences import preferences_of
from cases.queries.notices import ways_of


@transaction.atomic
def choose(
    *,
    by: User,
    ways: Mapping[Why, set[Way]],
    zone: str,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
) -> None:
    """Say by which ways one hears of what, where one lives and when it is quiet."""
    _keep(by, ways)
    _set_times(by, zone=zone, quiet_from=quiet_from, quiet_until=quiet_until)


@transaction.atomic
def set_zone(zone: str, *, of: User) -> None:
    """Somebody lives there: their quiet hours and mornings are by its clock from now on."""
    _set_times(of, zone=zone)


def _set_times(person: User, **times: Any) -> None:
    """Keep them. What waits for the end of the quiet hours that were looks at the new ones."""
    Preferences.objects.update_or_create(person=person, defaults=times)
    _plan_digest(person)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND queueing_lock = ANY(%s)",
            [[joined_turn_of(person.pk), joined_push_turn_of(person.pk)]],
        )


@transaction.atomic
def switch_off(way: Way, *, of: Iterable[Why], by: User) -> None:
    """Hear no more of these by this way. What waits to be told so is told no more either."""
    now = ways_of(by)
    _keep(by, {why: now[why] - {way} for why in of})
    ToMail.objects.filter(person=by, way=way, why__in=of).delete()
    _plan_digest(by)


def _plan_digest(person: User) -> None:
    """The next one is due in the morning, if there is anything that they chose to hear then."""
    preferences = preferences_of(person)
    wanted = NoticeChoice.objects.filter(person=person, ways__contains=[Way.DIGEST]).exists()
    preferences.digest_at = preferences.morning_after(timezone.now()) if wanted else None
    preferences.save()


def _keep(person: User, ways: Mapping[Why, set[Way]]) -> None:
    """What differs from the usual is kept, and what does not is forgotten."""
    differs = {why: chosen for why, chosen in ways.items() if chosen != HAPPENINGS[why].usual}
    NoticeChoice.objects.filter(person=person, why__in=ways.keys() - differs.keys()).delete()
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(person=person, why=why, ways=sorted(chosen)) for why, chosen in differs.items()],
        update_conflicts=True,
        unique_fields=["person", "why"],
        update_fields=["ways"],
    )


def remember_zone(zone: str, *, of: User) -> None:
    """The time zone in which somebody signs in is theirs, until they choose another."""
    Preferences.objects.bulk_create([Preferences(person=of, zone=zone)], ignore_conflicts=True)
