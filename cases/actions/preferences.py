"""What people choose of how they are told. It changes nothing in any case."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from cases.models import NoticeChoice, Preferences, Way, Why
from cases.models.notification import HAPPENINGS
from cases.models.people import User


@transaction.atomic
def choose(
    *,
    by: User,
    ways: Mapping[Why, set[Way]],
    zone: str,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
) -> None:
    """Keep what differs from the usual, and forget what does not."""
    differs = {why: chosen for why, chosen in ways.items() if chosen != HAPPENINGS[why].usual}
    NoticeChoice.objects.filter(person=by, why__in=ways.keys() - differs.keys()).delete()
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(person=by, why=why, ways=sorted(chosen)) for why, chosen in differs.items()],
        update_conflicts=True,
        unique_fields=["person", "why"],
        update_fields=["ways"],
    )
    kept = {"zone": zone, "quiet_from": quiet_from, "quiet_until": quiet_until}
    Preferences.objects.update_or_create(person=by, defaults=kept)


def remember_zone(zone: str, *, of: User) -> None:
    """The time zone in which somebody signs in is theirs, until they choose another."""
    Preferences.objects.bulk_create([Preferences(person=of, zone=zone)], ignore_conflicts=True)
