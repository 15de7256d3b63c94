"""A stand-in: what two reports share in words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

Reading = frozenset[str]


class Likeness(NamedTuple):
    score: float
    matched: list[str]


@lru_cache(4096)
def _read(text: str) -> Reading:
    return frozenset(word[:6] for word in re.findall(r"\w{3,}", text.lower()))


def read(summary: str, messages: Sequence[str] = ()) -> Reading:
    return _read(summary)


def likeness(one: Reading, other: Reading) -> Likeness:
    return Likeness(len(one & other) / max(len(one | other), 1), sorted(one & other))
