"""Synthetic cases in any number: text with a natural distribution of words, each case told as its events.

Nothing here touches the database; `manage.py fill` loads what this tells.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from cases.demo.words import COMMON, SUPPORT, SYLLABLES, split_words
from cases.models import Area, Case, Due, Kind, Priority, Role, Severity, Status, suggested_priority
from cases.models.kinds import PUBLIC
from cases.models.turn import whose_turn

SPAN = timedelta(days=3 * 365)  # over which cases are spread, recent time more densely
LONGEST_CASE = timedelta(days=30)
FIRST_NAMES = split_words("""
    Ada Amir Anna Bela Bruno Carla Chen David Dora Elif Emil Eva Farah Felix Grace Hana Hugo Ines Ivan
    Jana Jonas Kaya Leo Lina Mara Mateo Mina Nils Nora Omar Paula Priya Rafael Rosa Samir Sofia Tariq
    Tove Uma Yusuf
""")

FAMILY_NAMES = split_words("""
    Abel Baptiste Castro Dahl Eriksen Fontaine Garcia Haddad Ivanova Jensen Kowalski Lindqvist Moreau
    Nakamura Okafor Petrov Quist Rossi Silva Tanaka Ueda Varga Weber Xu Yilmaz Zeller Adeyemi Brandt
    Costa Diallo
""")

TRADES = split_words("Retail Logistics Clinics Foods Travel Energy Studios Textiles Printing Schools")

SYSTEMS = {
    "Tillpoint": "Point of sale for small shops: tills, receipts and stock.",
    "Ledgerly": "Bookkeeping and invoices, with a bank connection.",
    "Parcelway": "Shipping labels, tracking and returns.",
    "Wardbook": "Appointments and records for clinics.",
    "Shiftline": "Rosters and time sheets.",
    "Coursedesk": "Courses, grades and exams.",
    "Fleetview": "Vehicles on a map, with their sensors.",
    "Storefront": "The online shop and its checkout.",
    "Signhere": "Contracts, approvals and signatures.",
    "Datawell": "Reports and exports over everything else.",
}


def _vocabulary(size: int = 4000) -> list[str]:
    """The commonest words first, then those of support, then invented names of things."""
    rng = Random(1)  # noqa: S311 - the words are the same in every fill, so that searches stay comparable
    words = dict.fromkeys(COMMON + SUPPORT)
    while len(words) < size:
        words["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4)))] = None
    return list(words)


VOCABULARY = _vocabulary()
# Zipf's law as Mandelbrot bent it: the word of rank r is said about 1 / (r + 2.7) times.
FREQUENCY = list(accumulate(1 / (rank + 2.7) for rank in range(1, len(VOCABULARY) + 1)))

TAGS = SUPPORT[::4][:60]
TAG_FREQUENCY = list(accumulate(1 / rank for rank in range(1, len(TAGS) + 1)))
TEAMS = ["First line", "Engineering", "Billing"]


def phrase(rng: Random, words: int) -> str:
    return " ".join(rng.choices(VOCABULARY, cum_weights=FREQUENCY, k=words)).capitalize()


def text(rng: Random, sentences: int) -> str:
    """A message. Every fifth names an error, whose number is hardly ever seen again."""
    said = [phrase(rng, rng.randint(5, 15)) + "." for _ in range(sentences)]
    if rng.random() < 0.2:
        said.append(f"Error {rng.randrange(100_000)}.")
    return " ".join(said)


def organisation_name(index: int) -> str:
    return f"{VOCABULARY[-1 - index % 2000].capitalize()} {TRADES[(index + index // 2000) % len(TRADES)]}"


def person_name(index: int) -> str:
    """One of 1,200 names, the same for the same index."""
    return f"{FIRST_NAMES[index % 40]} {FAMILY_NAMES[index // 40 % 30]}"


class Person(NamedTuple):
    pk: int
    name: str
    organisation: int | None = None


class Cast(NamedTuple):
    """Who and what the cases are about; systems by primary key, teams by primary key and name."""

    customers: Sequence[Person]
    agents: Sequence[Person]
    systems: Sequence[int]
    teams: Sequence[tuple[int, str]]


def opening_times(count: int, until: datetime) -> list[datetime]:
    """When `count` cases were opened, oldest first, over SPAN and denser towards `until`."""
    return [until - SPAN * (1 - (place + 0.5) / count) ** 1.5 for place in range(count)]


def still_active(count: int, rng: Random) -> set[int]:
    """Which of `count` cases, in order of time, nobody has resolved yet: 0.5 %, at least 30, recent ones."""
    active = min(count, max(30, round(count * 0.005)))
    return set(rng.sample(range(max(0, count - 8 * active), count), active))


# A case before its first event, as columns and values.
BLANK = {field.attname: getattr(Case(), field.attname) for field in Case._meta.fields if not field.generated}


class Story:
    """One case from its opening on, kept equal to the replay of its events.

    `case` holds the columns of the case in the order of COPY, `events` rows of EVENT_COLUMNS.
    """

    EVENT_COLUMNS = (
        "case_id",
        "sequence",
        "public_sequence",
        "kind",
        "role",
        "author_id",
        "public",
        "body",
        "details",
        "changes",
        "at",
    )

    def __init__(self, rng: Random, cast: Cast, number: int, opened_at: datetime, until: datetime) -> None:
        self.rng, self.at = rng, opened_at
        hours = rng.lognormvariate(3.2, 1.2)  # half of all cases take less than a day
        self.until = until
        self.end = min(until, opened_at + min(timedelta(hours=hours), LONGEST_CASE))
        self.customer = cast.customers[int(rng.random() ** 2 * len(cast.customers))]
        self.agent, self.team = rng.choice(cast.agents), rng.choice(cast.teams)
        self.events: list[tuple[Any, ...]] = []
        self.case: dict[str, Any] = BLANK | {
            "number": number,
            "reference": str(UUID(int=rng.getrandbits(128), version=4)),
            "system_id": rng.choice(cast.systems),
            "customer_id": self.customer.pk,
            "customer_name": self.customer.name,
            "organisation_id": self.customer.organisation,
            "summary": phrase(rng, rng.randint(4, 10)),
            "opened_at": opened_at,
            "waiting_since": opened_at,
        }

    def tell(
        self, kind: Kind, role: Role, body: str = "", details: dict[str, str] | None = None, **changes: Any
    ) -> None:
        """The next event, and what it changes: `record` without a database."""
        case = self.case
        recorded = {field: (case[field], new) for field, new in changes.items() if case[field] != new}
        case.update(changes)
        if kind in PUBLIC:
            turn = whose_turn(kind, role, case["status"], case["waiting_on"])
            if turn != case["waiting_on"]:
                case["waiting_on"], case["waiting_since"] = turn.value, self.at
            case["last_public_at"] = self.at
            case["last_public_sequence"] += 1
        case["last_sequence"] += 1
        case["changed_at"] = self.at
        written = json.dumps(recorded, default=datetime.isoformat) if recorded else "{}"
        public = case["last_public_sequence"] if kind in PUBLIC else None
        place = case["number"], case["last_sequence"], public
        said = kind in PUBLIC, body, json.dumps(details or {}), written, self.at
        author = self.agent.pk if role == Role.AGENT else self.customer.pk
        self.events.append((*place, kind.value, role.value, author, *said))

    def wait(self) -> None:
        """Some of the time that is left passes."""
        self.at += (self.end - self.at) * (self.rng.random() * 0.4)

    def likely(self, share: float) -> bool:
        return self.rng.random() < share

    def reported(self) -> None:
        severity = self.rng.choices(Severity.values, (5, 20, 45, 25, 5))[0]
        self.tell(Kind.OPENED, Role.CUSTOMER, severity=severity)
        self.tell(Kind.REPLY, Role.CUSTOMER, text(self.rng, self.rng.randint(2, 6)))

    def triaged(self) -> None:
        self.wait()
        self.tell(Kind.ASSIGNEE, Role.AGENT, details={"assignee": self.agent.name}, assignee_id=self.agent.pk)
        if self.likely(0.15):
            self._set(Kind.SEVERITY, severity=self.rng.choice(Severity.values[:4]))
        if self.likely(0.8):
            fitting = suggested_priority(self.case["severity"]) or Priority.P3
            odd = self.rng.choice(Priority.values)
            self._set(Kind.PRIORITY, priority=odd if self.likely(0.1) else fitting.value)
        if self.likely(0.3):
            tags = sorted({*self.rng.choices(TAGS, cum_weights=TAG_FREQUENCY, k=self.rng.randint(1, 3))})
            self.tell(Kind.TAGS, Role.AGENT, tags=tags)
        if self.likely(0.2):
            team, name = self.team
            self.tell(Kind.TEAM, Role.AGENT, details={"team": name}, team_id=team)
        if self.likely(0.7):
            self._set(Kind.STATUS, status=Status.INVESTIGATING.value)

    def _set(self, kind: Kind, **change: Any) -> None:
        if any(self.case[field] != new for field, new in change.items()):
            self.tell(kind, Role.AGENT, **change)

    def discussed(self) -> None:
        for _ in range(self.rng.choices((0, 1, 2, 3, 5, 8), (15, 35, 28, 14, 6, 2))[0]):
            self.wait()
            self.tell(Kind.REPLY, Role.AGENT, text(self.rng, self.rng.randint(1, 4)))
            if self.likely(0.3):
                self.tell(Kind.NOTE, Role.AGENT, text(self.rng, self.rng.randint(1, 3)))
            if self.likely(0.75):
                self.wait()
                self.tell(Kind.REPLY, Role.CUSTOMER, text(self.rng, self.rng.randint(1, 3)))

    def laid_out(self) -> None:
        """Some have a time by which they are due, and some of these have missed it; others sleep."""
        if self.likely(0.25):
            due = self.until + timedelta(minutes=self.rng.randint(-240, 4320))
            self.tell(Kind.PROMISED, Role.AGENT, promised_at=due)
            self.case["due_at"], self.case["due_for"] = due, Due.PROMISE.value
        elif self.likely(0.1):
            wakes = self.until + timedelta(hours=self.rng.randint(12, 240))
            self.tell(Kind.SNOOZED, Role.AGENT, snoozed_until=wakes)

    def resolved(self) -> None:
        self.wait()
        resolution = text(self.rng, self.rng.randint(1, 2))
        self.tell(
            Kind.RESOLVED,
            Role.AGENT,
            resolution,
            status=Status.RESOLVED.value,
            resolved_at=self.at,
            resolution=resolution,
            root_cause=text(self.rng, 1) if self.likely(0.7) else self.case["root_cause"],
            is_bug=self.likely(0.4),
            area=self.rng.choice(Area.values),
        )

    def declined(self) -> None:
        self.wait()
        self.tell(Kind.DECLINED, Role.CUSTOMER, status=Status.OPEN.value, resolved_at=None, resolution="")
        self.tell(Kind.REPLY, Role.CUSTOMER, text(self.rng, self.rng.randint(1, 3)))
        self.discussed()

    def ended(self) -> None:
        self.wait()
        if self.likely(0.75):
            self.tell(Kind.CONFIRMED, Role.CUSTOMER, status=Status.CLOSED.value)
        elif self.likely(0.8):
            self.tell(Kind.CLOSED, Role.AGENT, status=Status.CLOSED.value)


def whole_story(story: Story, active: bool) -> Story:
    """The whole story: to its end, or as far as a case has come that is still being worked on."""
    story.reported()
    if active and story.likely(0.3):
        return story
    story.triaged()
    story.discussed()
    if active:
        story.laid_out()
    else:
        story.resolved()
        if story.likely(0.06):
            story.declined()
            story.resolved()
        story.ended()
    return story
