"""How much two reports are alike, and what they share.

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
    "fails": "not working",
    "slow": "slow",
    "late": "late",
    "blank": "showing nothing",
    "missing": "not arriving",
    "twice": "happening twice",
    "layout": "distorted",
    "wrong": "wrong",
    "asks": "asked about",
    "duplicate_charge": "paying twice",
    "order_status": "order status",
    "password_reset": "password reset",
    "api_key": "API key",
    "card_reader": "card reader",
    "pay_method": "way to pay",
    "report_mail": "report by mail",
    "waiting_list": "waiting list",
}


@dataclass(frozen=True)
class Likeness:
    """How much two reports are alike: `score` is from 0 to 1."""

    score: float
    first: Reading
    second: Reading

    @cached_property
    def matched(self) -> list[str]:
        """What both say: the function, the failure, the scope, each with its words, and further words they share."""
        matched = [words for facet in ("functions", "failures") if (words := self._shared(facet))]
        if _sometimes(self.first) > 0.5 and _sometimes(self.second) > 0.5:
            matched.append("for some, intermittently")
        elif self.first.scope > 0.3 and self.second.scope > 0.3:
            matched.append("for everyone")
        return matched + [word for word in self._shared_words() if word not in " ".join(matched)]

    def _shared(self, facet: str) -> str:
        """What both name most of a facet: `receipt (“no receipt”, “receipts”)`; empty if nothing."""
        first, second = dict(getattr(self.first, facet)), dict(getattr(self.second, facet))
        shared = {name: min(share, second.get(name, 0)) for name, share in first.items()}
        best = max(shared, key=shared.__getitem__, default="")
        if not best or shared[best] <= 0:
            return ""
        phrases = dict.fromkeys(dict(reading.shown).get(best, "") for reading in (self.first, self.second))
        quoted = ", ".join(f"“{phrase}”" for phrase in phrases if phrase)
        return f"{NAMES.get(best, best)} ({quoted})" if quoted else NAMES.get(best, best)

    def _shared_words(self) -> list[str]:
        second, surfaces = dict(self.second.words), dict(self.first.surfaces)
        shared = {word: share * second[word] for word, share in self.first.words if word in second}
        most = sorted(shared, key=shared.__getitem__, reverse=True)[:MOST_WORDS]
        return [f"“{surfaces[word]}”" for word in most]


def likeness(first: Reading, second: Reading) -> Likeness:
    """Compare two reports."""
    words = _cosine(first.words, second.words)
    is_known = first.functions and second.functions
    function = _overlap(first.functions, second.functions) if is_known else words
    says_failure = is_known or first.failures or second.failures
    failure = _overlap(first.failures or UNSAID, second.failures or UNSAID) if says_failure else 1.0
    same = function * failure
    matters = _matters(first) * _matters(second)
    scope = abs(_sometimes(first) - _sometimes(second)) * matters
    sum_ = (
        BASE
        + SAME_FAILURE * same
        + SAME_SCOPE * same * (1 - scope)
        + OPPOSED * max(0.0, -first.scope * second.scope) * matters
        + SINGLE * max(first.single, second.single)
        + WORDS * words
    )
    return Likeness(1 / (1 + exp(-sum_)), first, second)


def _sometimes(reading: Reading) -> float:
    """Return how sure it is, from 0 to 1, that it fails only for some or now and then; unsaid, it fails for all."""
    return min(1.0, max(0.0, -reading.scope / 0.3))


def _matters(reading: Reading) -> float:
    """Return how much, from 0 to 1, it matters for such a failure whether it hits all or some."""
    return sum(share for name, share in reading.failures or UNSAID if name in FOR_SOME)


def _overlap(first: Facet, second: Facet) -> float:
    """Return what two facets have in common, from 0 to 1: equal parts count fully, near ones by their nearness."""
    mine, theirs = dict(first), dict(second)
    shared = sum(min(share, theirs.get(name, 0.0)) for name, share in mine.items())
    for name, share in mine.items():
        left = share - min(share, theirs.get(name, 0.0))
        for near, near_share in theirs.items():
            right = near_share - min(near_share, mine.get(near, 0.0))
            if left > 0 and right > 0:
                shared += min(left, right) * NEAR.get(frozenset((name, near)), 0.0)
    return min(1.0, shared)


def _cosine(first: Facet, second: Facet) -> float:
    theirs = dict(second)
    return sum(share * theirs.get(word, 0.0) for word, share in first)


def headline(readings: Sequence[Reading]) -> str:
    """Say what reports have in common in a few neutral words that nobody typed: "Checkout not working"."""
    names = []
    for facet in ("functions", "failures"):
        total: Counter[str] = Counter()
        for reading in readings:
            total.update(dict(getattr(reading, facet)))
        names += [NAMES.get(name, name) for name, _ in total.most_common(1)]
    return " ".join(names).capitalize()
