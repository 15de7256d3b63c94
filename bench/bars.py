"""What was promised, held against what one run measured."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .figures import Row

USUAL = 2  # queries of every page: the session and the user
COUNTERS = "counters, in process"
NOTHING_NEW = "tick, nothing new"


@dataclass
class Results:
    """All that one run found. `pages` are rows by the number of cases, the others empty when left out."""

    pages: dict[int, list[Row]]
    fan_out: dict[str, Any] = field(default_factory=dict)
    desks: dict[str, Any] = field(default_factory=dict)
    peer: dict[str, Any] = field(default_factory=dict)

    @property
    def sizes(self) -> list[int]:
        return sorted(self.pages)

    def one(self, page: str, size: int) -> Row | None:
        """The page as a single visitor found it."""
        return next((row for row in self.pages[size] if row.page == page and row.clients == 1), None)

    def ratio(self, page: str, to: str) -> float | None:
        """How many times what `to` takes `page` takes, with the most cases."""
        row, other = self.one(page, self.sizes[-1]), self.one(to, self.sizes[-1])
        return row.p50 / other.p50 if row and other else None

    def growth(self, page: str) -> float | None:
        """How many times as long the page takes with the most cases as with the fewest."""
        least, most = self.one(page, self.sizes[0]), self.one(page, self.sizes[-1])
        return most.p50 / least.p50 if least and most and len(self.sizes) > 1 else None


@dataclass
class Bar:
    """A promise. `measured` is None when this run did not look."""

    promise: str
    measured: float | None
    limit: float
    unit: str = "x"
    inclusive: bool = True

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        kept = self.measured <= self.limit if self.inclusive else self.measured < self.limit
        return "ok" if kept else "MISSED"


def bars(results: Results) -> list[Bar]:
    smallest, largest = f"{results.sizes[0]:,}", f"{results.sizes[-1]:,}"
    fan_out, peer = results.fan_out, results.peer
    ticks = [row.queries for rows in results.pages.values() for row in rows if _is_idle_tick(row)]
    return [
        Bar(f"queue with {largest} cases / with {smallest}", results.growth("queue"), 1.5),
        Bar("queue / floor", results.ratio("queue", "floor"), 4),
        Bar("queue, page 50 / page 1", results.ratio("queue, all, page 50", "queue, all, page 1"), 1.3),
        Bar("counters / queue", results.ratio(COUNTERS, "queue"), 0.1),
        Bar(
            f"search, p95, with {largest} cases / peer's with {peer.get('tickets', 0):,}",
            _search(results),
            0.1,
            inclusive=False,
        ),
        Bar("case, desk, 1,000 events / 10", results.ratio("case, desk, 1,000 events", "case, desk"), 3),
        Bar(
            "case, customer, 1,000 events / 10",
            results.ratio("case, customer, 1,000 events", "case, customer"),
            3,
        ),
        Bar("queries of a tick with nothing new", max(ticks) - USUAL if ticks else None, 1, ""),
        Bar("commit to nudge, p99", fan_out.get("p99"), 100, "ms", inclusive=False),
        Bar("memory of a stream", fan_out.get("kib"), 25, "KiB", inclusive=False),
        Bar("slowest page beside open desks / idle", results.desks.get("worst"), 2),
    ]


def growth_lines(results: Results) -> Iterator[str]:
    """How much longer each page takes with the most cases than with the fewest."""
    least, most = results.sizes[0], results.sizes[-1]
    yield f"{'growth of p50, one client':<30} {least:>10,} {most:>10,} {'ratio':>7}"
    for row in results.pages[most]:
        ratio, before = results.growth(row.page), results.one(row.page, least)
        if row.clients == 1 and ratio is not None and before:
            yield f"{row.page:<30} {before.p50:>10.1f} {row.p50:>10.1f} {ratio:>7.2f}"


def bar_lines(found: list[Bar]) -> Iterator[str]:
    yield f"{'bar':<60} {'measured':>12} {'limit':>10}"
    for bar in found:
        measured = "" if bar.measured is None else f"{bar.measured:.2f} {bar.unit}"
        sign = "≤" if bar.inclusive else "<"
        yield f"{bar.promise:<60} {measured:>12} {f'{sign} {bar.limit:g} {bar.unit}':>10}  {bar.verdict}"


def _search(results: Results) -> float | None:
    """Our slowest search beside the peer's of the same kind, where it is worst."""
    theirs = {row["page"]: row["p95"] for row in results.peer.get("rows", []) if row["clients"] == 1}
    ours = [
        row for row in results.pages[results.sizes[-1]] if row.page.startswith("search") and row.clients == 1
    ]
    return max((row.p95 / theirs[row.page] for row in ours if row.page in theirs), default=None)


def _is_idle_tick(row: Row) -> bool:
    return row.clients == 1 and row.page.startswith(NOTHING_NEW)
