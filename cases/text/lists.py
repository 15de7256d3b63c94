"""Lists in a sentence."""

from collections.abc import Iterable


def listed(things: Iterable[str]) -> str:
    """Join things as people do: "a, b and c"."""
    *first, last = list(things) or [""]
    return f"{', '.join(first)} and {last}" if first else last
