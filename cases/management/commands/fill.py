"""Synthetic volume, by COPY: what `make bench` and every look at large numbers stand on."""

import time
from collections.abc import Iterator
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import connection, models, transaction
from django.utils import timezone

from cases.demo.volume import (
    SYSTEMS,
    TEAMS,
    Cast,
    Person,
    Story,
    opening_times,
    organisation_name,
    person_name,
    still_active,
    whole_story,
)
from cases.models import Case, Event, Organisation, System, Team, User

BATCH = 2000  # cases that are committed together: a fill that is stopped leaves whole cases


class Command(BaseCommand):
    help = "Add synthetic cases, with their customers, agents and conversations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=10_000, help="How many to add (default 10000).")
        parser.add_argument("--seed", type=int, default=1, help="Another seed tells other cases (default 1).")

    def handle(self, *args: Any, cases: int, seed: int, verbosity: int, **options: Any) -> None:
        if cases < 1:
            raise CommandError("--cases is the number of cases to add, 1 or more.")
        began = time.monotonic()
        for done in fill(cases, seed):
            if verbosity:
                rate = done / (time.monotonic() - began)
                self.stdout.write(f"\r{done:,} of {cases:,} cases, {rate:,.0f} a second ", ending="")
                self.stdout.flush()
        if verbosity:
            self.stdout.write(f"\nFilled in {time.monotonic() - began:.0f} s.")


# What the cases promise, as rows of its own.
PROMISES = """
    INSERT INTO cases_promise (
        case_id, made_in_id, agent_id, team_id, system_id, phrase, vague, made_at, due_at, next_check_at, broken_at, outcome
    )
    SELECT
        number, event.id, event.author_id, team_id, system_id, '', false, event.at, due_at,
        CASE WHEN due_at > now() THEN due_at END, CASE WHEN due_at <= now() THEN due_at END, ''
    FROM cases_case JOIN cases_event AS event ON event.case_id = number AND event.kind = 'promised'
    WHERE number = ANY(%s)
"""


def fill(cases: int, seed: int = 1) -> Iterator[int]:
    """Add `cases` cases; yields how many are stored, batch by batch."""
    rng = Random(seed)  # noqa: S311 - synthetic data
    until = timezone.now()
    with transaction.atomic():
        cast = _cast(cases, rng)
    times, active = opening_times(cases, until), still_active(cases, rng)
    for start in range(0, cases, BATCH):
        places = range(start, min(start + BATCH, cases))
        with transaction.atomic():
            numbers = _reserve(Case, len(places))
            # Seeded by its first number too, so that the same seed tells something new the next time.
            rng = Random(f"{seed}/{numbers[0]}")  # noqa: S311
            stories = (
                whole_story(Story(rng, cast, number, times[place], until), active=place in active)
                for number, place in zip(numbers, places, strict=True)
            )
            _load(stories)
        yield places.stop
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_event, cases_user")


def _load(stories: Iterator[Story]) -> None:
    """Store cases and their events.

    Events go first, while they are told: PostgreSQL works meanwhile, and checks references at commit.
    """
    cases = []

    def events() -> Iterator[tuple[Any, ...]]:
        for story in stories:
            cases.append(story.case)
            yield from story.events

    _copy(Event, Story.EVENT_COLUMNS, events())
    _copy(Case, tuple(cases[0]), (tuple(case.values()) for case in cases))
    with connection.cursor() as cursor:
        cursor.execute(PROMISES, [[case["number"] for case in cases if case["promised_at"]]])


def _copy(model: type[models.Model], columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _reserve(model: type[models.Model], count: int) -> list[int]:
    """`count` free primary keys, which nobody else will be given."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [key for (key,) in cursor]


def _cast(cases: int, rng: Random) -> Cast:
    """A fifth as many new customers as cases, and the organisations, agents, teams and systems of earlier fills."""
    customers = max(20, cases // 5)
    names = [organisation_name(index) for index in range(min(1000, max(3, customers // 20)))]
    Organisation.objects.bulk_create(
        [Organisation(name=name, shares_cases=rng.random() < 0.3) for name in names], ignore_conflicts=True
    )
    systems = [
        System(name=name, description=description, public=True) for name, description in SYSTEMS.items()
    ]
    System.objects.bulk_create(systems, ignore_conflicts=True)
    Team.objects.bulk_create([Team(name=name) for name in TEAMS], ignore_conflicts=True)
    organisations = _keys(Organisation.objects.filter(name__in=names))
    agents = _agents(min(50, max(2, cases // 100)))
    teams = list(Team.objects.filter(name__in=TEAMS).order_by("pk").values_list("pk", "name"))
    memberships = Team.members.through
    memberships.objects.bulk_create(
        [
            memberships(team_id=teams[place % len(teams)][0], user_id=agent.pk)
            for place, agent in enumerate(agents)
        ],
        ignore_conflicts=True,
    )
    return Cast(
        customers=_customers(customers, organisations, rng),
        agents=agents,
        systems=_keys(System.objects.filter(name__in=SYSTEMS)),
        teams=teams,
    )


def _keys(rows: models.QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _customers(count: int, organisations: list[int], rng: Random) -> list[Person]:
    employers = [*organisations, *[None] * (len(organisations) * 2 // 3)]  # six in ten have one
    people = [
        Person(key, person_name(rng.randrange(1200)), rng.choice(employers)) for key in _reserve(User, count)
    ]
    joined, password = timezone.now(), make_password(None)
    _copy(
        User,
        ("id", "email", "name", "role", "organisation_id", "password", "is_active", "joined_at"),
        (
            (key, _address(name, key), name, User.Role.CUSTOMER.value, organisation, password, True, joined)
            for key, name, organisation in people
        ),
    )
    return people


def _agents(count: int) -> list[Person]:
    names = {_address(person_name(index * 41), "agent"): person_name(index * 41) for index in range(count)}
    User.objects.bulk_create(
        [
            User(email=email, name=name, role=User.Role.AGENT, password=make_password(None))
            for email, name in names.items()
        ],
        ignore_conflicts=True,
    )
    return [
        Person(key, name)
        for key, name in User.objects.filter(email__in=names).order_by("pk").values_list("pk", "name")
    ]


def _address(name: str, rest: object) -> str:
    return f"{name.lower().replace(' ', '.')}.{rest}@example.org"
