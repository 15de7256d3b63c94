"""How well promises, service levels and escalations were kept, and how customers rate it, over some days.

What is counted is found by an index, so that a report costs what happened in its period.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from cases.models import Case, Clock, Due, Escalation, Promise, Rating, System, Team, User

GROUPS = {"agent": "Agent", "team": "Team", "system": "System"}
MODELS: dict[str, Any] = {"agent": User, "team": Team, "system": System}
MEASURES = [Due.FIRST_RESPONSE, Due.NEXT_UPDATE, Due.RESOLUTION]
PARTS = ("good", "late", "bad")
COLUMNS = ("name", "count", *PARTS, "percent")
Counted = Iterable[dict[str, Any]]


@dataclass
class Line:
    """What is counted of one agent, team or system."""

    name: str
    good: int = 0
    late: int = 0
    bad: int = 0

    def add(self, counted: dict[str, Any]) -> None:
        for part in PARTS:
            setattr(self, part, getattr(self, part) + counted.get(part, 0))

    @property
    def count(self) -> int:
        return self.good + self.late + self.bad

    @property
    def percent(self) -> float:
        """Rounded down, so that 100 says that all are good."""
        return self.good * 1000 // self.count / 10 if self.count else 0.0


@dataclass
class Table:
    """Lines by one of GROUPS. `words` say what is good, late and bad; what cannot be late has no word for that."""

    name: str
    title: str
    by: str
    words: dict[str, str]
    lines: list[Line]

    @property
    def total(self) -> Line:
        total = Line("All")
        for line in self.lines:
            total.add(vars(line))
        return total

    @property
    def columns(self) -> dict[str, str]:
        """The heads of the columns by what they show of a line."""
        return {"name": GROUPS[self.by], "count": "Count", **self.words, "percent": "Per cent"}

    def rows(self) -> list[list[Any]]:
        return [[getattr(line, column) for column in self.columns] for line in self.lines]

    def sort(self, column: str) -> None:
        """By a column, falling with a minus before its name. Equal ones stand by their names."""
        name = column.removeprefix("-")
        self.lines.sort(key=lambda line: line.name.casefold(), reverse=column == "-name")
        if name in self.columns and name != "name":
            self.lines.sort(key=lambda line: getattr(line, name), reverse=column.startswith("-"))


class Section(NamedTuple):
    title: str
    note: str
    tables: list[Table]


def report(agent: User, start: datetime, end: datetime, by: str) -> list[Section]:
    """What there is to say of a period, of the cases that the agent sees. Promises and ratings are counted `by` one of GROUPS."""
    levels = defaultdict(list)
    for counted in met(agent, start, end):
        levels[counted["measure"]].append(counted)
    promises = [*kept(agent, start, end, by), *unkept(agent, start, end, by)]
    return [
        Section(
            "Promises",
            "A promise counts by when it was due: kept, kept late, or not kept. One that is overdue is not kept. "
            "What was taken back, or needed no more, does not count.",
            [_table("promises", "Promises", by, promises, good="Kept", late="Late", bad="Not kept")],
        ),
        Section(
            "Escalations",
            "An escalation counts by when the team was asked, once it is answered or overdue.",
            [
                _table(
                    "escalations",
                    "Escalations",
                    "team",
                    answered(agent, start, end),
                    good="In time",
                    late="Late",
                    bad="Not answered",
                )
            ],
        ),
        Section(
            "Service levels",
            "A service level counts when its clock ends, by the answer or with the case.",
            [
                _table(
                    measure.name.lower(),
                    measure.label.capitalize(),
                    "system",
                    levels[measure],
                    good="Met",
                    bad="Missed",
                )
                for measure in MEASURES
            ],
        ),
        Section(
            "Ratings",
            "A rating counts when the customer gives it, once for each case.",
            [_table("ratings", "Ratings", by, rated(agent, start, end, by), good="Good", bad="Bad")],
        ),
    ]


def kept(agent: User, start: datetime, end: datetime, by: str) -> Counted:
    """The promises that were due then and are judged."""
    outcomes = Promise.Outcome
    judged = Promise.objects.filter(
        outcome__in=[outcomes.KEPT, outcomes.LATE, outcomes.BROKEN], due_at__gte=start, due_at__lt=end
    )
    parts = {"good": outcomes.KEPT, "late": outcomes.LATE, "bad": outcomes.BROKEN}
    return _counted(agent, judged, by, **{part: Q(outcome=outcome) for part, outcome in parts.items()})


def unkept(agent: User, start: datetime, end: datetime, by: str) -> Counted:
    """Those that were due then and are still to be kept: few, among what runs."""
    running = Promise.objects.filter(ended_at=None, outcome="", due_at__gte=start, due_at__lt=end)
    return _counted(agent, running, by, bad=Q(broken_at__isnull=False))


def met(agent: User, start: datetime, end: datetime) -> Counted:
    ended = Clock.objects.filter(ended_at__gte=start, ended_at__lt=end)
    return _counted(agent, ended, "measure", "system", good=Q(broken_at=None), bad=Q(broken_at__isnull=False))


def answered(agent: User, start: datetime, end: datetime) -> Counted:
    """What teams were asked then. The numbers rise with the time, so that the first is found from the newest on."""
    before = (
        Escalation.objects.filter(asked_at__lt=start).order_by("-pk").values_list("pk", flat=True).first()
    )
    asked = Escalation.objects.filter(pk__gt=before or 0, asked_at__gte=start, asked_at__lt=end)
    late = Q(broken_at__isnull=False)
    return _counted(
        agent,
        asked,
        "team",
        good=Q(answered=True, broken_at=None),
        late=Q(answered=True) & late,
        bad=Q(answered=False) & late,
    )


def rated(agent: User, start: datetime, end: datetime, by: str) -> Counted:
    said = Rating.objects.filter(at__gte=start, at__lt=end)
    return _counted(agent, said, by, good=Q(good=True), bad=Q(good=False))


def _counted(agent: User, found: QuerySet[Any], *by: str, **parts: Q) -> Counted:
    if agent.limit:
        found = found.filter(agent.limit.within("case__"))
    found = found.filter(~Exists(Case.objects.filter(pk=OuterRef("case"), spam=True)))
    counts = {f"n_{part}": Count(Value(1), filter=condition) for part, condition in parts.items()}
    return [
        {name.removeprefix("n_"): value for name, value in row.items()}
        for row in found.order_by().values(*by).annotate(**counts)
    ]


def _table(name: str, title: str, by: str, counted: Counted, **words: str) -> Table:
    lines: dict[int | None, Line] = defaultdict(lambda: Line(""))
    for row in counted:
        lines[row[by]].add(row)
    named = MODELS[by].objects.in_bulk([pk for pk in lines if pk])
    for pk, line in lines.items():
        line.name = str(named.get(pk, f"No {by}"))
    return Table(name, title, by, words, [line for line in lines.values() if line.count])
