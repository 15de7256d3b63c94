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
GENERAL_SHARE = 0.4  # of what is named in nearly every report, where something special is named too
SHARPER = 2
MOST_SAID = 2  # times that a text's words for whom it fails count
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
    issues problem problems happen happens happening started start today yesterday morning afternoon evening night hour
    hours minute minutes ago since report reports reported reporting im ive dont doesnt cant wont isnt arent""".split()
)
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
    for weight, text in _parts(summary, messages):
        plain = _plain(text)
        for word in _WORD.findall(plain):
            if word not in _COMMON:
                words[_stem(word)] += weight
                surfaces.setdefault(_stem(word), word)
        plain = lexicon.NOISE.sub(" ", plain)
        later = weight == LATER
        for name, phrase in _found(lexicon.FUNCTIONS, plain):
            functions[name] += weight * (0.5 if later else 1)
            shown.setdefault(name, phrase)
        for name, phrase in _found(lexicon.FAILURES, plain):
            failures[name] += weight * (0.5 if later else 1)
            shown.setdefault(name, phrase)
        said = Counter(name for name, _ in _found(lexicon.SCOPE, plain))
        for name in scope:
            scope[name] += weight * min(MOST_SAID, said[name])
    _settle(functions, failures)
    return Reading(
        functions=_shares(functions),
        failures=_shares(failures),
        scope=(scope["all"] - scope["some"]) / (scope["all"] + scope["some"] + UNSAID),
        single=scope["one"] / (sum(scope.values()) + UNSAID),
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
    if function == "checkout" and max(failures, key=failures.__getitem__, default="") == "twice":
        functions["duplicate_charge"] += functions.pop("checkout")
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
    return re.sub(r"\s+", " ", text)


def _found(table: tuple[lexicon.Concept, ...], text: str) -> Iterable[tuple[str, str]]:
    """The concepts that the text names and the words in which it does."""
    for concept in table:
        taken: list[str] = []

        def take(match: re.Match[str], taken: list[str] = taken) -> str:
            taken.append(match[0].strip())
            return " | "

        text = concept.pattern.sub(take, text)
        for phrase in taken:
            yield concept.name, phrase


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
