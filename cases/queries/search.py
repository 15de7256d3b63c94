"""Finding cases by everything that was ever said in them, by whom they are, or by number.

A search looks at the newest cases first, block by block, and stops when it has found enough or has worked enough;
then it says down to which case it looked, and can go on from there. See docs/decisions/search.md.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from cases.models import Case, Event, ReceivedMail, User, Viewer
from cases.models.event import SAID
from cases.models.rights import Right
from cases.models.search import BLOCK, LANGUAGE, Block, words_of

from .people import people_like

FEW = 1000  # cases of which everything is read, rather than their hits looked up
RARE = 10_000  # hits that PostgreSQL expects at most where all are looked up in one go
ENOUGH = 200  # cases
FIRST_STRIDE = 500  # hits
MOST_HITS = 5000
MOST_BLOCKS = 64  # at once
PATIENCE = 0.15  # seconds
MOST_PEOPLE = 20
NAMED = 0.1  # what the beginning of a customer's name is worth, about as much as a word of the summary


@dataclass
class Hit:
    """A case that was found: `said` are the best of its events, `changed_at` is set when it passed the filters."""

    number: int
    rank: float = 0
    exact: bool = False
    said: list[tuple[float, int]] = field(default_factory=list)
    changed_at: datetime | None = None

    def worth(self, now: datetime) -> tuple[bool, float, int]:
        """What is exactly meant comes first; a hit of today counts twice as much as one of half a year ago."""
        age = (now - self.changed_at).days if self.changed_at else 0
        return self.exact, self.rank / (1 + age / 180), self.number


@dataclass
class Found:
    """Hits by the number of their case. All cases from `back` on were looked at, or all there are when it is None."""

    hits: dict[int, Hit]
    back: int | None = None
    people: list[User] = field(default_factory=list)

    def best(self) -> list[Hit]:
        now = timezone.now()
        return sorted(self.hits.values(), key=lambda hit: hit.worth(now), reverse=True)

    def newest(self) -> list[Hit]:
        return sorted(self.hits.values(), key=lambda hit: hit.number, reverse=True)


def exact(viewer: Viewer, text: str) -> int | None:
    """The number of the case that `text` names by number ("42", "#42") or Case ID."""
    cases = Case.objects.visible_to(viewer)
    number = re.fullmatch(r"#?(\d{1,18})", text.strip())
    named = (number and cases.filter(number=int(number[1])).first()) or cases.filter(
        reference=text.strip()
    ).first()
    return named.number if named else None


def complaint(text: str) -> str:
    """Why nothing can be found by these words, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT querytree(websearch_to_tsquery(%s, %s))", [LANGUAGE, text])
        [tree] = cursor.fetchone()
    if tree == "T":
        return "This says only what not to find. Add a word to look for."
    if not tree:
        return "These words are in nearly every text, so they find nothing. Add another word."
    return ""


def find(viewer: Viewer, cases: QuerySet[Case], text: str, *, back: int | None = None) -> Found:
    """Those of `cases`, which the viewer may see, that hold `text`; only those before number `back` if given."""
    if number := exact(viewer, text):
        found = Found({number: Hit(number, exact=True)})
        _keep(found.hits, cases)
        return found
    if back is not None:
        cases = cases.filter(number__lt=back)
    people = people_like(text, viewer, MOST_PEOPLE) if viewer.may(Right.READ_DESK) else []
    found = Found({}, people=people)
    if 0 < len(people) <= MOST_PEOPLE and back is None:
        theirs = cases.filter(customer__in=people).order_by("-number")
        meant = "@" in text or text.casefold() in (person.name.casefold() for person in people)
        for number, changed_at in theirs.values_list("number", "changed_at")[:ENOUGH]:
            found.hits[number] = Hit(number, NAMED, meant, changed_at=changed_at)
    if viewer.may(Right.READ_DESK) and "@" in text and back is None:
        claims = cases.filter(claimed_email=text).exclude(claimed_email="").order_by("-number")
        for number, changed_at in claims.values_list("number", "changed_at")[:ENOUGH]:
            found.hits[number] = Hit(number, NAMED, True, changed_at=changed_at)
    newest = list(cases.order_by("-number").values_list("number", flat=True)[: FEW + 1])
    if not newest:
        return found
    words = _Words(viewer, text, quoted=True)
    if len(newest) <= FEW or not viewer.may(Right.READ_DESK):
        _add(found.hits, words.among(newest[:FEW]))
        _keep(found.hits, cases)
        found.back = newest[FEW - 1] if len(newest) > FEW else None
    else:
        _look_back(found, words, cases, newest[0])
    return found


def matching(viewer: Viewer, text: str, cases: QuerySet[Case] | None = None) -> Q:
    """The cases that `find` finds, for use in a filter."""
    cases = Case.objects.visible_to(viewer) if cases is None else cases
    return Q(number__in=list(find(viewer, cases, text).hits))


def sharing(
    viewer: Viewer,
    cases: QuerySet[Case],
    texts: Sequence[str],
    *,
    most: int,
    deadline: float,
    summaries: bool = False,
) -> list[int]:
    """Some of `cases` that hold one of `texts`, `most` at most, those that hold an earlier one of them first.

    The last text must say all that the others say in other ways: where it is rare, it alone is looked for.
    With `summaries`, only what is in these counts. Looks for nothing new after `deadline`.
    """
    newest = list(cases.order_by("-number").values_list("number", flat=True)[: FEW + 1])
    if not newest or not texts:
        return []
    found = Found({})
    widest = _Words(viewer, texts[-1], summaries)
    rows = widest.among(newest) if len(newest) <= FEW else None
    if rows is None and widest.expected <= RARE:
        rows = widest.before(newest[0] + 1)
    if rows is not None:
        _add(found.hits, rows)
        best = sorted(found.hits.values(), key=lambda hit: (hit.rank, hit.number), reverse=True)[: most * 5]
        found.hits = {hit.number: hit for hit in best}
        _keep(found.hits, cases)
        return list(found.hits)[:most]
    for text in texts:
        patience = min(deadline - monotonic(), PATIENCE)
        if len(found.hits) >= most or patience <= 0:
            break
        _look_back(found, _Words(viewer, text, summaries), cases, newest[0], patience)
    return list(found.hits)[:most]


def called(viewer: Viewer, text: str, most: int) -> list[int]:
    """The newest cases whose summary or customer's name has these words, the last of which may be unfinished."""
    words = re.findall(r"\w+", text)[:8]
    cases = Case.objects.visible_to(viewer).order_by("-number")
    newest = cases.values_list("number", flat=True).first()
    if not words or len(words[-1]) < 2 or not newest:
        return []
    raw = " & ".join(f"'{word}'" for word in words) + ":*"
    # An unfinished word is not yet cut down to its stem ("rhy" to "rhi"), a finished one is ("refuse" to "refus").
    as_typed = SearchQuery(raw, config="simple", search_type="raw")
    query = SearchQuery(raw, config=LANGUAGE, search_type="raw") | as_typed
    found: list[int] = []
    for width in (4, MOST_BLOCKS):  # far back only for what is rare
        blocks = list(range(max(newest // BLOCK - width + 1, 0), newest // BLOCK + 1))
        near = cases.annotate(block=Block("number")).filter(search=query, block__overlap=blocks)
        found = list(near.values_list("number", flat=True)[:most])
        if len(found) == most:
            break
    return found


def folded(viewer: Viewer, query: SearchQuery) -> QuerySet[ReceivedMail]:
    """The mail of cases that holds this in what is folded: in what it quotes, or its signature."""
    mails = ReceivedMail.objects.visible_to(viewer).exclude(folded="").filter(case__isnull=False)
    return mails.annotate(words=words_of("folded")).filter(words=query)


Row = tuple[int, int, float]  # the number of a case, an event or 0, how good it is


class _Words:
    """What is looked for, and where somebody may look."""

    def __init__(self, viewer: Viewer, text: str, summaries: bool = False, quoted: bool = False) -> None:
        self.query = SearchQuery(text, config=LANGUAGE, search_type="websearch")
        rank = SearchRank(F("search"), self.query, normalization=Value(1))
        cases = Case.objects.visible_to(viewer)
        events = Event.objects.visible_to(viewer).filter(SAID, search=self.query)
        # Where to look, by which field the case is known there, and what the finding is worth.
        self.places: list[tuple[QuerySet[Any], str, Any, Any]] = [
            (cases.filter(search=self.query), "number", Value(0), rank * 3),
        ]
        if summaries:
            return
        self.places.append((events, "case_id", F("pk"), rank))
        if viewer.may(Right.READ_DESK):
            causes = (
                cases.exclude(root_cause="").annotate(words=words_of("root_cause")).filter(words=self.query)
            )
            self.places.append((causes, "number", Value(0), Value(0.05)))
        if quoted:
            self.places.append((folded(viewer, self.query), "case_id", Value(0), Value(0.02)))

    @property
    def expected(self) -> int:
        """How many hits PostgreSQL expects, from its statistics."""
        plans = (place.order_by().values("pk").explain(format="json") for place, *_ in self.places)
        return max(sum(json.loads(plan)[0]["Plan"]["Plan Rows"] for plan in plans), 1)

    def among(self, numbers: list[int]) -> list[Row]:
        return self._rows({"in": numbers}) or []

    def before(self, number: int) -> list[Row] | None:
        """All hits, or None if they are too many."""
        return self._rows({"lt": number}, MOST_HITS)

    def within(self, low: int, high: int, below: int) -> list[Row] | None:
        """The hits in some blocks and before `below`; None if they are too many and a part of the blocks will do."""
        return self._rows({"lt": below}, MOST_HITS if low < high else None, list(range(low, high + 1)))

    def _rows(
        self, bounds: dict[str, Any], limit: int | None = None, blocks: list[int] | None = None
    ) -> list[Row] | None:
        rows: list[Row] = []
        for place, known, event, worth in self.places:
            found = place.filter(**{f"{known}__{name}": value for name, value in bounds.items()})
            if blocks:
                found = found.annotate(block=Block(known)).filter(block__overlap=blocks)
            some = found.order_by().values_list(known, event, worth)
            rows += some[: limit + 1] if limit else some
            if limit and len(rows) > limit:
                return None
        return rows


def _look_back(
    found: Found, words: _Words, cases: QuerySet[Case], newest: int, patience: float | None = None
) -> None:
    """Strides of blocks, as wide as it takes to find enough by what the hits were like so far."""
    expected = words.expected
    thick, wanted = expected / newest, float(FIRST_STRIDE)
    looked = examined = kept = 0
    end, most = newest + 1, MOST_BLOCKS
    deadline = monotonic() + (PATIENCE if patience is None else patience)
    while end > 0:
        if looked and (examined >= MOST_HITS or kept >= ENOUGH or monotonic() > deadline):
            break
        high = (end - 1) // BLOCK
        low = max(high + 1 - max(min(int(wanted / thick / BLOCK), most), 1), 0)
        if looked and most == MOST_BLOCKS and expected <= RARE and thick * end <= MOST_HITS / 2:
            low, rows = 0, words.before(end)
        else:
            rows = words.within(low, high, end)
        if rows is None:
            most //= 8
            continue
        hits = {row[0]: found.hits[row[0]] for row in rows if row[0] in found.hits}
        _add(hits, rows)
        _keep(hits, cases)
        found.hits |= hits
        kept += len(hits)
        examined += len(rows)
        looked += end - low * BLOCK
        thick = max(examined, 1) / looked
        wanted = (ENOUGH - kept) * 1.2 * examined / kept if kept else MOST_HITS
        wanted = min(wanted, MOST_HITS - examined)
        end = low * BLOCK
    found.back = end or None


def _add(hits: dict[int, Hit], rows: Iterable[Row]) -> None:
    for number, event, rank in rows:
        hit = hits.setdefault(number, Hit(number))
        if event:
            hit.said = sorted([*hit.said, (rank, event)], reverse=True)[:2]
        hit.rank = max(hit.rank, rank)


def _keep(hits: dict[int, Hit], cases: QuerySet[Case]) -> None:
    """Those that are among `cases`."""
    changed = dict(cases.filter(number__in=list(hits)).order_by().values_list("number", "changed_at"))
    for number in hits.keys() - changed.keys():
        del hits[number]
    for number, changed_at in changed.items():
        hits[number].changed_at = changed_at
