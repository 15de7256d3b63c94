"""What a report says: which function fails, how, for whom, and in which words."""

import re
import unicodedata
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from math import sqrt
from threading import Lock

from . import lexicon

SUMMARY, FIRST, LATER = 3.0, 1.5, 1.0  # how much is given on what is said where
PLACE_SHARE = 0.3  # of a function that is named as the place where something fails
BESIDE_SHARE = 0.5  # of what a message names where what was said before names something else
VAGUE = {"system", "fails"}  # which tells so little that messages may say more
LATER_SHARE = 0.5  # of what fails, and how, where it is said only in an answer
GENERAL_SHARE = 0.4  # of what is named in nearly every report, where something special is named too
SHARPER = 2
MOST_SAID = 2  # times that a text's words for whom it fails count
SETTLED = 0.5  # of what is said later for whom it fails, where the summary has said it
UNSAID = 1.5  # how much speaks for nothing in particular
MOST_MESSAGES = 5
LONGEST = 2000  # characters of each text
MOST_KNOWN = 2048  # readings that are kept, of some kilobytes each: four systems fail at once

_WORD = re.compile(r"[a-z][a-z']+|\b[45]\d\d\b")
_NOT = re.compile(r"\b([a-z]+)n't\b|\bcannot\b")
_VERBS = {None: "can", "ca": "can", "wo": "will"}
_ENDINGS = re.compile(r"(?:ations?|ings?|ments?|edly|ed|ies|es|s|ly|e)$")

Facet = tuple[tuple[str, float], ...]
Weights = defaultdict[str, float]


def _weights() -> Weights:
    return defaultdict(float)


@dataclass(frozen=True)
class Reading:
    """A report by facets. A facet maps each thing that it may be to how much speaks for it."""

    functions: Facet
    failures: Facet
    scope: float  # from -1, for some now and then, to 1, for all and always
    single: float  # from 0 to 1, how sure it is that it is about one thing or person
    words: Facet  # how much each stem is said
    shown: tuple[tuple[str, str], ...]  # the words that named each function and failure
    surfaces: tuple[tuple[str, str], ...]  # a word for each stem


@dataclass
class _Evidence:
    """How much speaks for what, summed over the texts of a report."""

    functions: Weights = field(default_factory=_weights)
    failures: Weights = field(default_factory=_weights)
    words: Weights = field(default_factory=_weights)
    scope: Weights = field(default_factory=_weights)
    shown: dict[str, str] = field(default_factory=dict)
    surfaces: dict[str, str] = field(default_factory=dict)
    settled: bool = False  # the summary has said for whom it fails

    def add(self, weight: float, text: str) -> None:
        plain = _plain(text)
        self._add_words(weight, plain)
        plain = lexicon.NOISE.sub(r" \g<who> ", plain)
        self._add_scope(weight, plain)
        plain = lexicon.CLAUSE.sub(_unless_it_works, plain)
        self._add_concepts(weight, lexicon.FUNCTIONS, plain, self.functions)
        plain = lexicon.QUOTED.sub(" error ", plain)
        self._add_concepts(weight, lexicon.FAILURES, plain, self.failures)

    def _add_words(self, weight: float, plain: str) -> None:
        for word in _WORD.findall(plain):
            if word not in lexicon.COMMON:
                self.words[_stem(word)] += weight
                self.surfaces.setdefault(_stem(word), word)

    def _add_scope(self, weight: float, plain: str) -> None:
        named = Counter(name for name, *_ in _named(lexicon.SCOPE, plain))
        for name in ("one", "some", "all"):
            self.scope[name] += weight * min(MOST_SAID, named[name]) * (SETTLED if self.settled else 1)
        self.settled = self.settled or (weight == SUMMARY and bool(named["some"] or named["all"]))

    def _add_concepts(
        self, weight: float, table: tuple[lexicon.Concept, ...], plain: str, facet: Weights
    ) -> None:
        is_beside = bool(facet) and VAGUE.isdisjoint(facet) and weight != SUMMARY
        before = set(facet)
        for name, phrase, is_place in _named(table, plain):
            share = PLACE_SHARE if is_place and facet is self.functions else 1
            share *= BESIDE_SHARE if is_beside and name not in before else 1
            facet[name] += weight * share * (LATER_SHARE if weight == LATER else 1)
            self.shown.setdefault(name, phrase)


# By a digest of the texts, which may be long; what was used last stands last.
_known: OrderedDict[bytes, Reading] = OrderedDict()
_turn = Lock()


def read(summary: str, messages: Sequence[str] = ()) -> Reading:
    """Read a report: its summary, and the messages of its customer, in order. The last readings are kept."""
    summary, messages = summary[:LONGEST], [message[:LONGEST] for message in messages[:MOST_MESSAGES]]
    key = blake2b(repr((summary, messages)).encode(), digest_size=16).digest()
    with _turn:
        if known := _known.get(key):
            _known.move_to_end(key)
            return known
    reading = _read(summary, messages)
    with _turn:
        _known[key] = reading
        if len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
    return reading


def _read(summary: str, messages: Sequence[str]) -> Reading:
    evidence = _Evidence()
    for weight, text in _parts(summary, messages):
        evidence.add(weight, text)
    functions, failures, scope = evidence.functions, evidence.failures, evidence.scope
    _settle(functions, failures)
    return Reading(
        functions=_shares(functions),
        failures=_shares(failures),
        scope=(scope["all"] - scope["some"]) / (scope["all"] + scope["some"] + UNSAID),
        single=scope["one"] / (scope["one"] + scope["all"] / 2 + UNSAID),
        words=_unit(evidence.words),
        shown=tuple(evidence.shown.items()),
        surfaces=tuple(evidence.surfaces.items()),
    )


def _settle(functions: Weights, failures: Weights) -> None:
    """Weigh the concepts against each other.

    What is named in nearly every report counts less beside something special, the place where something fails is not
    what fails, and the same failure gets the same name.
    """
    special = sum(n for name, n in functions.items() if name not in lexicon.GENERAL)
    if "checkout" in functions or special:
        place = functions.pop("system", 0.0)
        if not special:
            functions["checkout"] += place
    if special:
        for name in lexicon.GENERAL & functions.keys():
            functions[name] *= GENERAL_SHARE
    function = max(functions, key=functions.__getitem__, default="")
    if (
        function in ("checkout", "refund", "invoice")
        and max(failures, key=failures.__getitem__, default="") == "twice"
    ):
        functions["duplicate_charge"] += functions.pop(function)
    for name, same in lexicon.SAME.get(function, {}).items():
        if name in failures:
            failures[same] += failures.pop(name)


def _parts(summary: str, messages: Sequence[str]) -> Iterable[tuple[float, str]]:
    yield SUMMARY, summary
    for place, message in enumerate(messages):
        yield (FIRST if place == 0 else LATER), message


def _plain(text: str) -> str:
    """Return the text in small letters with straight quotes and spelt-out negations: "can't" is "can not"."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: " - "})
    text = _NOT.sub(lambda verb: _VERBS.get(verb[1], verb[1]) + " not", text)
    return re.sub(r"\s+", " ", text)


def _unless_it_works(clause: re.Match[str]) -> str:
    """Drop a clause that says what does work: "search is fine"."""
    works = lexicon.WORKS.search(clause[0]) and not lexicon.OTHERWISE.search(clause[0])
    return " " if works else clause[0]


def _named(table: tuple[lexicon.Concept, ...], text: str) -> Iterable[tuple[str, str, bool]]:
    """Yield the concepts that the text names, the words in which it does, and whether they name a place."""
    for concept in table:
        matches: list[tuple[str, bool]] = []

        def take(match: re.Match[str], matches: list[tuple[str, bool]] = matches) -> str:
            before = match.string[max(0, match.start() - 30) : match.start()]
            matches.append((match[0].strip(), bool(lexicon.PLACE.search(before))))
            return " | "

        text = concept.pattern.sub(take, text)
        for phrase, is_place in matches:
            yield concept.name, phrase, is_place


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    stem = _ENDINGS.sub("", word.replace("'", ""))
    return stem if len(stem) > 2 else word


def _shares(weights: Weights) -> Facet:
    """Return how much speaks for each, as parts of one; what is said most counts most."""
    total = sum(weight**SHARPER for weight in weights.values())
    shares = ((name, weight**SHARPER / total) for name, weight in weights.items() if weight)
    return tuple(sorted(shares, key=lambda share: -share[1]))


def _unit(weights: Weights) -> Facet:
    """Return the weights as a vector of length one; what is said often counts less each time."""
    damped = {word: sqrt(weight) for word, weight in weights.items()}
    length = sqrt(sum(weight * weight for weight in damped.values())) or 1.0
    return tuple((word, weight / length) for word, weight in sorted(damped.items()))
