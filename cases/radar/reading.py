"""What a report says: which function, how it fails, for whom, and in which words."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

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

_CODE = re.compile(r"\b[45]\d\d\b")
_QUOTED = re.compile(r'"([^"]{4,80})"')
_WORD = re.compile(r"[a-z][a-z']+|\b[45]\d\d\b")
_COMMON = frozenset(
    """a about after again all also am an and any are as at be been before being both but by came can come could did do does
    doing done each even ever every few for from get gets getting go goes going got had has have having he her here him his
    how i if in into is it its just know last least let like look looks made make many may me might more most much must my
    near need no nor not now of off on once one only or other our out over own same say says see seem seems seen she should
    since so some still such sure than that the their them then there these they thing things this those through till to too
    try trying two under until up us use used using very want was way we well were what when where which while who why will
    with within without would yes yet you your customer customers user users team please help thank thanks hi hello issue
    issues problem problems happen happens happened happening started start today yesterday morning afternoon evening night hour
    hours minute minutes ago since report reports reported reporting im ive dont doesnt cant wont isnt arent""".split()
)
_NOT = re.compile(r"\b([a-z]+)n't\b|\bcannot\b")
_VERBS = {None: "can", "ca": "can", "wo": "will"}
_ENDINGS = re.compile(r"(?:ations?|ings?|ments?|edly|ed|ies|es|s|ly|e)$")


Facet = tuple[tuple[str, float], ...]
Weights = defaultdict[str, float]


@dataclass(frozen=True)
class Reading:
    """One report, by facets. Each facet maps what it may be to how much speaks for it; `scope` is from -1, for some
    now and then, to 1, for all and always, and `single` tells from 0 to 1 that it is about one thing or person; `shown` maps each concept to the words that
    named it, `words` each stem to how much it is said, `surfaces` each stem to a word it stands for."""

    functions: Facet
    failures: Facet
    scope: float
    single: float
    words: Facet
    shown: tuple[tuple[str, str], ...]
    surfaces: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def _read(summary: str, messages: tuple[str, ...]) -> Reading:
    functions: Weights = defaultdict(float)
    failures: Weights = defaultdict(float)
    words: Weights = defaultdict(float)
    shown: dict[str, str] = {}
    surfaces: dict[str, str] = {}
    scope = {"one": 0.0, "some": 0.0, "all": 0.0}
    settled = False
    for weight, text in _parts(summary, messages):
        plain = _plain(text)
        for word in _WORD.findall(plain):
            if word not in _COMMON:
                words[_stem(word)] += weight
                surfaces.setdefault(_stem(word), word)
        plain = lexicon.NOISE.sub(r" \g<who> ", plain)
        said = Counter(name.rstrip("_") for name, *_ in _found(lexicon.SCOPE, plain))
        plain = lexicon.CLAUSE.sub(_unless_it_works, plain)
        for table, text, facet in (
            (lexicon.FUNCTIONS, plain, functions),
            (lexicon.FAILURES, lexicon.QUOTED.sub(" error ", plain), failures),
        ):
            told = bool(VAGUE.isdisjoint(facet) and facet) and weight != SUMMARY
            before = set(facet)
            for name, phrase, place in _found(table, text):
                name = name.rstrip("_")
                share = PLACE_SHARE if place and facet is functions else 1
                share *= BESIDE_SHARE if told and name not in before else 1
                facet[name] += weight * share * (LATER_SHARE if weight == LATER else 1)
                shown.setdefault(name, phrase)
        for name in scope:
            scope[name] += weight * min(MOST_SAID, said[name]) * (SETTLED if settled else 1)
        settled = settled or (weight == SUMMARY and bool(said["some"] or said["all"]))
    _settle(functions, failures)
    return Reading(
        functions=_shares(functions),
        failures=_shares(failures),
        scope=(scope["all"] - scope["some"]) / (scope["all"] + scope["some"] + UNSAID),
        single=scope["one"] / (scope["one"] + scope["all"] / 2 + UNSAID),
        words=_unit(words),
        shown=tuple(shown.items()),
        surfaces=tuple(surfaces.items()),
    )


def _settle(functions: Weights, failures: Weights) -> None:
    """Weigh the words against each other: what is named in nearly every report counts less beside something special,
    the place where something fails is not what fails, and the same failure gets the same name."""
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


def read(summary: str, messages: Sequence[str] = ()) -> Reading:
    """Read a report: its summary, and what its customer wrote, in order."""
    return _read(summary, tuple(messages[:MOST_MESSAGES]))


def _parts(summary: str, messages: Sequence[str]) -> Iterable[tuple[float, str]]:
    yield SUMMARY, summary[:LONGEST]
    for place, message in enumerate(messages):
        yield (FIRST if place == 0 else LATER), message[:LONGEST]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: " - "})
    text = _NOT.sub(lambda verb: _VERBS.get(verb[1], verb[1]) + " not", text)
    return re.sub(r"\s+", " ", text)


def _unless_it_works(clause: re.Match[str]) -> str:
    works = lexicon.WORKS.search(clause[0]) and not lexicon.OTHERWISE.search(clause[0])
    return " " if works else clause[0]


def _found(table: tuple[lexicon.Concept, ...], text: str) -> Iterable[tuple[str, str, bool]]:
    """The concepts that the text names, the words in which it does, and whether they name a place."""
    for concept in table:
        taken: list[tuple[str, bool]] = []

        def take(match: re.Match[str], taken: list[tuple[str, bool]] = taken) -> str:
            before = match.string[max(0, match.start() - 30) : match.start()]
            taken.append((match[0].strip(), bool(lexicon.PLACE.search(before))))
            return " | "

        text = concept.pattern.sub(take, text)
        for phrase, place in taken:
            yield concept.name, phrase, place


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stem = _ENDINGS.sub("", word.replace("'", ""))
    return stem if len(stem) > 2 else word


def _shares(weights: Weights) -> Facet:
    """How much speaks for each, as parts of one; what is said most counts most."""
    total = sum(weight**SHARPER for weight in weights.values())
    shares = ((name, weight**SHARPER / total) for name, weight in weights.items() if weight)
    return tuple(sorted(shares, key=lambda share: -share[1]))


def _unit(weights: Weights) -> Facet:
    """As a vector of length one; what is said often counts less each time."""
    damped = {word: sqrt(weight) for word, weight in weights.items()}
    length = sqrt(sum(weight * weight for weight in damped.values())) or 1.0
    return tuple((word, weight / length) for word, weight in sorted(damped.items()))
