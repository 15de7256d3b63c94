"""Which cases people of the desk see. Whoever's limit changes comes anew to what is live."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from procrastinate.contrib.django import app

from cases.live.nudge import ends_topic, nudge
from cases.models import YES, Answer, Case, Limit, User
from cases.models.choices import ACTIVE
from cases.models.rights import Right, rights_of

from . import saved_views


@transaction.atomic
def save(limit: Limit, *, systems: Sequence[int] = (), teams: Sequence[int] = ()) -> None:
    """Save it, and count every view within it: by a job, once those are done who change cases now."""
    limit.systems, limit.teams = list(systems), list(teams)
    limit.save()
    come_anew(limit.people.values_list("pk", flat=True))
    app.configure_task("cases.tasks.count_views").defer()


def fits(limit: Limit | None, role: str | None) -> Answer:
    """Whether people of this role may be limited so, or not at all."""
    if limit is None:
        return YES
    if Right.READ_DESK not in rights_of(role):
        return Answer("Limits apply only to people at the desk.")
    if Right.ADMINISTER in rights_of(role):
        return Answer("Administrators see every case, so a limit has no effect.")
    return YES


def come_anew(people: Iterable[int]) -> None:
    """End the streams of these people, whose pages then ask anew what they may hear."""
    nudge(*map(ends_topic, people))


def left_behind(person: User, limit: Limit) -> str:
    """How many open cases they own that they would not see within this limit: "2 open cases", or nothing."""
    theirs = Case.objects.filter(assignee=person, status__in=ACTIVE)
    count = theirs.exclude(pk__in=Case.objects.filter(limit.within()).values("pk")).count()
    return "1 open case" if count == 1 else f"{count:,} open cases" if count else ""


def count_views(*, within: float) -> bool:
    """Count all views anew. Returns False when somebody took longer to change cases."""
    settled = saved_views.await_writers(within)
    saved_views.rebuild()
    return settled
