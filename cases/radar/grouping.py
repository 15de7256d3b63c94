"""Which reports are one outage: groups in which the average pair is alike."""

from collections.abc import Hashable, Mapping
from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import NamedTuple

from .likeness import THRESHOLD, Likeness, likeness
from .reading import Reading

NOTHING = 0.02  # what is less alike counts as nothing, which keeps the work small


class Group[Key: Hashable](NamedTuple):
    """Reports of one outage."""

    members: list[Key]
    score: float  # of the average pair
    matched: list[str]  # of the pair that is most alike


def groups[Key: Hashable](readings: Mapping[Key, Reading], threshold: float = THRESHOLD) -> list[Group[Key]]:
    """Return the groups of reports that are alike, the largest first; a report on its own is in none.

    Join what is most alike first, while the average pair between two groups reaches the threshold (average linkage:
    Sokal and Michener, 1958).
    """
    alike: dict[frozenset[Key], Likeness] = {}
    for key, other in combinations(readings, 2):
        if (pair_likeness := likeness(readings[key], readings[other])).score > NOTHING:
            alike[frozenset((key, other))] = pair_likeness
    names = {key: place for place, key in enumerate(readings)}
    members = {place: [key] for key, place in names.items()}
    sums: dict[int, dict[int, float]] = {place: {} for place in members}
    for pair, pair_likeness in alike.items():
        here, there = (names[key] for key in pair)
        sums[here][there] = sums[there][here] = pair_likeness.score
    queue = [
        (-score, here, there) for here, row in sums.items() for there, score in row.items() if here < there
    ]
    heapify(queue)
    new = len(members)
    while queue and -queue[0][0] >= threshold:
        _, here, there = heappop(queue)
        if here not in members or there not in members:
            continue
        members[new] = members.pop(here) + members.pop(there)
        row = sums.pop(here)
        for near, total in sums.pop(there).items():
            row[near] = row.get(near, 0.0) + total
        sums[new] = {near: total for near, total in row.items() if near in members}
        for near, total in sums[new].items():
            sums[near][new] = total
            heappush(queue, (-total / len(members[near]) / len(members[new]), near, new))
        new += 1
    return sorted(
        (_group(keys, alike) for keys in members.values() if len(keys) > 1),
        key=lambda group: (-len(group.members), -group.score),
    )


def _group[Key: Hashable](keys: list[Key], alike: dict[frozenset[Key], Likeness]) -> Group[Key]:
    pairs = [frozenset(pair) for pair in combinations(keys, 2)]
    best = max(
        (alike[pair] for pair in pairs if pair in alike), key=lambda pair_likeness: pair_likeness.score
    )
    score = sum(alike[pair].score for pair in pairs if pair in alike) / len(pairs)
    return Group(keys, score, best.matched)
