"""How much two reports are alike, and in what.

The weights were found by logistic regression on the pairs of `tests/radar/reports.json` and `further.json`, labelled
"one outage" or not; docs/decisions/radar.md has the figures, and those of the methods that lost.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp

from .lexicon import FOR_SOME
from .reading import Facet, Reading

THRESHOLD = 0.6  # by cross-validation over the labels: precision above 0.95 before recall

SAME_FAILURE, SAME_SCOPE, OPPOSED, SINGLE, WORDS, BASE = 5.2, 7.3, -1.6, -7.3, 1.4, -8.7
UNSAID = (("fails", 0.6),)
# Failures that customers mix up, and how near they are.
NEAR = {
    frozenset(pair): nearness
    for *pair, nearness in [
        ("fails", "blank", 0.5),
        ("blank", "missing", 0.6),
        ("slow", "late", 0.5),
        ("fails", "missing", 0.4),
        ("late", "missing", 0.4),
        ("wrong", "layout", 0.2),
        ("wrong", "late", 0.2),
        ("wrong", "missing", 0.2),
        ("slow", "blank", 0.2),
        ("checkout", "system", 0.4),
        ("checkout", "pay_method", 0.4),
        ("checkout", "card_reader", 0.3),
        ("appointment", "schedule", 0.6),
        ("appointment", "notification", 0.2),
    ]
}
MOST_WORDS = 3
NAMES = {
    "fails": "does not work",
    "slow": "is slow",
    "late": "is late",
    "blank": "shows nothing",
    "missing": "does not arrive",
    "twice": "happens twice",
    "layout": "looks distorted",
    "wrong": "is wrong",
    "asks": "is asked about",
    "duplicate_charge": "paying twice",
    "order_status": "order status",
    "password_reset": "password reset",
    "api_key": "API key",
    "import_": "import",
    "card_reader": "card reader",
    "pay_method": "way to pay",
    "report_mail": "report by mail",
    "waiting_list": "waiting list",
}


@dataclass(frozen=True)
class Likeness:
    """`score` from 0 to 1, and what speaks for it."""

    score: float
    one: Reading
    other: Reading

    @cached_property
    def matched(self) -> list[str]:
        """What both say: the function, the failure and the scope, each with its words, and what they name alike."""
        found = []
        for facet in ("functions", "failures"):
            mine, theirs = dict(getattr(self.one, facet)), dict(getattr(self.other, facet))
            shared = {name: min(share, theirs.get(name, 0)) for name, share in mine.items()}
            best = max(shared, key=shared.__getitem__, default="")
            if best and shared[best] > 0:
                said = dict.fromkeys(dict(reading.shown).get(best, "") for reading in (self.one, self.other))
                quoted = ", ".join(f"“{words}”" for words in said if words)
                found.append(f"{NAMES.get(best, best)} ({quoted})" if quoted else NAMES.get(best, best))
        if _sometimes(self.one) > 0.5 and _sometimes(self.other) > 0.5:
            found.append("for some, now and then")
        elif self.one.scope > 0.3 and self.other.scope > 0.3:
            found.append("for all")
        theirs = dict(self.other.words)
        shared = {word: share * theirs[word] for word, share in self.one.words if word in theirs}
        surfaces = dict(self.one.surfaces)
        words = sorted(shared, key=shared.__getitem__, reverse=True)[:MOST_WORDS]
        return found + [
            f"“{surfaces[word]}”" for word in words if f"“{surfaces[word]}”" not in " ".join(found)
        ]


def likeness(one: Reading, other: Reading) -> Likeness:
    words = _cosine(one.words, other.words)
    known = one.functions and other.functions
    function = _overlap(one.functions, other.functions) if known else words
    told = known or one.failures or other.failures
    failure = _overlap(one.failures or UNSAID, other.failures or UNSAID) if told else 1.0
    same = function * failure
    matters = _matters(one) * _matters(other)
    scope = abs(_sometimes(one) - _sometimes(other)) * matters
    sum_ = (
        BASE
        + SAME_FAILURE * same
        + SAME_SCOPE * same * (1 - scope)
        + OPPOSED * max(0.0, -one.scope * other.scope) * matters
        + SINGLE * max(one.single, other.single)
        + WORDS * words
    )
    return Likeness(1 / (1 + exp(-sum_)), one, other)


def _sometimes(reading: Reading) -> float:
    """How sure it is, from 0 to 1, that not everybody is hit every time. Where nothing is said everybody is."""
    return min(1.0, max(0.0, -reading.scope / 0.3))


def _matters(reading: Reading) -> float:
    """How much, from 0 to 1, it matters for such a failure whether it hits all or some."""
    return sum(share for name, share in reading.failures or UNSAID if name in FOR_SOME)


def _overlap(one: Facet, other: Facet) -> float:
    """What two facets have in common, from 0 to 1: equal parts count fully, near ones by their nearness."""
    mine, theirs = dict(one), dict(other)
    shared = sum(min(share, theirs.get(name, 0.0)) for name, share in mine.items())
    for name, share in mine.items():
        left = share - min(share, theirs.get(name, 0.0))
        for near, there in theirs.items():
            right = there - min(there, mine.get(near, 0.0))
            if left > 0 and right > 0:
                shared += min(left, right) * NEAR.get(frozenset((name, near)), 0.0)
    return min(1.0, shared)


def _cosine(one: Facet, other: Facet) -> float:
    theirs = dict(other)
    return sum(share * theirs.get(word, 0.0) for word, share in one)


def headline(readings: Sequence[Reading]) -> str:
    """What all of them say in a few neutral words that nobody typed: "Checkout does not work"."""
    told = []
    for facet in ("functions", "failures"):
        total: Counter[str] = Counter()
        for reading in readings:
            total.update(dict(getattr(reading, facet)))
        told += [NAMES.get(name, name) for name, _ in total.most_common(1)]
    return " ".join(told).capitalize()
