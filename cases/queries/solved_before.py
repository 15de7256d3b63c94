"""What helped before: solved cases and incidents that read like a case, over all history at a bounded cost.

The search finds some that share words, the radar's likeness ranks them. See docs/decisions/solved-before.md.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import MD5, Left

from cases.models import Case, Event, Incident, Kind, Role, Stage, User
from cases.models.choices import DONE
from cases.models.search import LANGUAGE
from cases.radar import likeness, read
from cases.text.numbers import whole_number

from . import search

SHOWN = 5
CANDIDATES = 200  # cases that share words
RECENT = 40  # of the same system, whatever their words: it may be the same failure in others
NEWEST = 400  # among which these are looked for
INCIDENTS = 200
PATIENCE = 0.3  # seconds, after which nothing more is looked for
LEAST = 0.3  # what does not read more alike than this is no help
MOST_WORDS = 6
TOGETHER = 4  # words that are looked for in one text, before fewer
FIRST = 4  # events of a case among which its first messages are
LONGEST = 2000  # characters that are read of a summary
LONGEST_MESSAGE = 500
READ_CLOSELY = 30  # cases of which the first messages are read as well

# Each word once in whatever form, those first that few summaries hold. Words that are in every text are left out.
RAREST = """
    SELECT min(word), coalesce(max(often), 0)
    FROM unnest(%s::text[]) WITH ORDINALITY AS given (word, place)
    CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector(%s::regconfig, word))) AS stem
    LEFT JOIN (
        SELECT unnest(most_common_elems::text::text[]) AS stem, unnest(most_common_elem_freqs) AS often
        FROM pg_stats
        WHERE schemaname = ANY (current_schemas(false)) AND tablename = 'cases_case' AND attname = 'search'
    ) AS common USING (stem)
    GROUP BY stem ORDER BY 2, min(place)
"""


@dataclass
class SolvedBefore:
    """One end that something alike came to. `others` ended in the very same words."""

    kind: str
    source: Case | Incident
    matched: list[str]
    others: int = 0

    @property
    def name(self) -> str:
        """What addresses call it; `resolution_of` knows it by that."""
        return f"{self.kind}-{self.source.pk}"

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        ended = self.source.resolved_at
        return max((ended - self.source.opened_at).total_seconds(), 0) if ended else None


@dataclass
class _Read:
    """One that ended: where from, and by what its resolution is known."""

    kind: str
    number: int
    summary: str
    system: int
    digest: str
    score: float = 0
    matched: Sequence[str] = ()

    def worth(self, system: int) -> tuple[float, bool, float, int]:
        """Of those that are about as much alike, the same system's come first."""
        return round(self.score, 1), self.system == system, self.score, self.number


def alike(agent: User, case: Case) -> list[SolvedBefore]:
    """What ended and reads like `case`, the most alike first, each resolution once."""
    found = [*_cases(agent, case), *_incidents(agent, case)]
    reading = read(case.summary[:LONGEST], first_messages([case.pk]).get(case.pk, ()))

    def rank(ones: Iterable[_Read], said: dict[int, list[str]]) -> None:
        for one in ones:
            same = likeness(reading, read(one.summary, said.get(one.number, ())))
            one.score, one.matched = same.score, same.matched
        found.sort(key=lambda one: one.worth(case.system_id), reverse=True)

    rank(found, {})
    # Messages take long to read, so only those are that stand a chance.
    near = [one for one in found if one.kind == "case"][:READ_CLOSELY]
    rank(near, first_messages([one.number for one in near]))
    ended: dict[str, list[_Read]] = {}
    for one in found:
        ended.setdefault(one.digest, []).append(one)
    return _shown(agent, [group for group in ended.values() if group[0].score >= LEAST][:SHOWN])


def resolution_of(agent: User, name: str) -> str:
    """The resolution of the case or incident that a `Memory` is called by; nothing when there is none."""
    kind, _, digits = name.partition("-")
    number = whole_number(digits)
    if kind not in ENDED or not number:
        return ""
    return ENDED[kind](agent).filter(pk=number).values_list("resolution", flat=True).first() or ""


def _ended_cases(agent: User) -> QuerySet[Case]:
    """A merged case is left out: how it ended is told by the one it goes on in."""
    return (
        Case.objects.visible_to(agent)
        .filter(status__in=DONE, merged_into=None, spam=False)
        .exclude(resolution="")
    )


def _ended_incidents(agent: User) -> QuerySet[Incident]:
    return Incident.objects.visible_to(agent).filter(status=Stage.RESOLVED).exclude(resolution="")


ENDED: dict[str, Callable[[User], QuerySet[Any]]] = {"case": _ended_cases, "incident": _ended_incidents}


def _cases(agent: User, case: Case) -> list[_Read]:
    """Not those of its own incident either: what helped there has not helped here, or it would be over."""
    ended = _ended_cases(agent).exclude(pk__in={case.pk, case.merged_target().pk})
    if case.incident_id:
        ended = ended.exclude(incident=case.incident_id)
    numbers = _sharing_words(agent, case, ended)
    newest = Case.objects.filter(system=case.system_id).order_by("-number").values("number")[:NEWEST]
    recent = ended.filter(number__in=newest).order_by("-number").values_list("number", flat=True)
    numbers |= dict.fromkeys(recent[:RECENT])
    rows = ended.filter(number__in=list(numbers)).order_by()
    return [
        _Read("case", *row)
        for row in rows.values_list("number", Left("summary", LONGEST), "system_id", MD5("resolution"))
    ]


def _incidents(agent: User, case: Case) -> list[_Read]:
    ended = _ended_incidents(agent).exclude(pk=case.incident_id or 0).filter(resolved_at__isnull=False)
    rows = ended.order_by("-resolved_at").values_list("number", "title", "system_id", MD5("resolution"))
    return [_Read("incident", *row) for row in rows[:INCIDENTS]]


def _sharing_words(agent: User, case: Case, ended: QuerySet[Case]) -> dict[int, None]:
    """The numbers of cases that share words with it: of its own system first, and of others if these are few."""
    words = telling_words(case)
    texts = [
        " or ".join(" ".join(chosen) for chosen in combinations(words, size))
        for size in range(min(TOGETHER, len(words)), 0, -1)
    ]
    deadline = monotonic() + PATIENCE
    numbers: dict[int, None] = {}
    own, others = ended.filter(system=case.system_id), ended.exclude(system=case.system_id)
    # One word alone says little in a long message, and in another system.
    for cases, looked_for, summaries in (
        (own, texts, True),
        (own, texts[:-1] or texts, False),
        (others, texts[:-1], True),
    ):
        if len(numbers) < CANDIDATES and monotonic() < deadline:
            found = search.sharing(
                agent, cases, looked_for, most=CANDIDATES, deadline=deadline, summaries=summaries
            )
            numbers |= dict.fromkeys(found)
    return dict.fromkeys(list(numbers)[:CANDIDATES])


def telling_words(case: Case) -> list[str]:
    """The words of its summary that say most, and of its first message where the summary says little."""
    names = set(_words(case.customer_name))
    telling = _rarest(word for word in _words(case.summary) if word not in names)
    if len(telling) < 3:
        said = first_messages([case.pk]).get(case.pk, [""])[0]
        telling += _rarest(word for word in _words(said) if word not in {*names, *telling})
        return telling[:TOGETHER]
    return telling[:MOST_WORDS]


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text[:LONGEST].lower()) if word != "or" and len(word) <= 40]


def _rarest(words: Iterable[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(RAREST, [list(dict.fromkeys(words)), LANGUAGE])
        return list(dict.fromkeys(word for word, _ in cursor.fetchall()))


def first_messages(numbers: list[int]) -> dict[int, list[str]]:
    """What the customers of these cases said first."""
    first = Event.objects.filter(case__in=numbers, sequence__lte=FIRST, kind=Kind.REPLY, role=Role.CUSTOMER)
    said: dict[int, list[str]] = {}
    for number, text in first.order_by("case", "sequence").values_list("case", Left("body", LONGEST_MESSAGE)):
        said.setdefault(number, []).append(text)
    return said


def _shown(agent: User, groups: list[list[_Read]]) -> list[SolvedBefore]:
    """What ended in the same words is one group, for which its incident stands where there is one."""
    chosen = [next((one for one in group if one.kind == "incident"), group[0]) for group in groups]
    sources: dict[str, dict[int, Case | Incident]] = {}
    for kind, ended in ENDED.items():
        numbers = [one.number for one in chosen if one.kind == kind]
        sources[kind] = ended(agent).select_related("system").in_bulk(numbers)
    return [
        SolvedBefore(
            one.kind,
            sources[one.kind][one.number],
            list(group[0].matched),
            sum(other.score >= LEAST for other in group if other is not one),
        )
        for one, group in zip(chosen, groups, strict=True)
        if one.number in sources[one.kind]
    ]
