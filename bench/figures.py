"""From measured times to a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass
class Row:
    """One line of the table: a page as `clients` visitors at once found it. Times are milliseconds."""

    page: str
    clients: int
    p50: float
    p95: float
    p99: float
    per_second: float
    bytes: int
    queries: int


COLUMNS = {
    "page": "{:<30}",
    "clients": "{:>7}",
    "p50": "{:>8.1f}",
    "p95": "{:>8.1f}",
    "p99": "{:>8.1f}",
    "per_second": "{:>10,.0f}",
    "bytes": "{:>9,}",
    "queries": "{:>7}",
}
TITLES = ["page", "clients", "p50 ms", "p95 ms", "p99 ms", "requests/s", "bytes", "queries"]


def percentile(times: Sequence[float], share: float) -> float:
    """The shortest of `times` that at least `share` of them (0 to 1) do not exceed."""
    return sorted(times)[max(ceil(len(times) * share) - 1, 0)]


def summary(page: str, clients: int, times: Sequence[float], seconds: float, size: int, queries: int) -> Row:
    """`times` in milliseconds, measured within `seconds`; `size` of the answer in bytes."""
    p50, p95, p99 = (round(percentile(times, share), 2) for share in (0.5, 0.95, 0.99))
    return Row(page, clients, p50, p95, p99, round(len(times) / seconds, 1), size, queries)


def line(row: Row) -> str:
    return " ".join(form.format(getattr(row, name)) for name, form in COLUMNS.items())


def header() -> str:
    """The titles, each as wide as its column."""
    widths = [form.split(":")[1].split(".")[0].rstrip(",}") for form in COLUMNS.values()]
    return " ".join(f"{title:{width}}" for title, width in zip(TITLES, widths, strict=True))
