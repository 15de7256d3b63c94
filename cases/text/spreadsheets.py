"""Tables that a spreadsheet opens."""

import csv
from collections.abc import Iterable, Iterator
from numbers import Number

from .unseen import is_unseen

BOM = "\ufeff"  # by which a spreadsheet knows the encoding
# What one would run, also in full width: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class _Said:
    def write(self, line: str) -> str:
        return line


def lines_of(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of CSV. Numbers stay numbers; nothing else is a formula."""
    lines = csv.writer(_Said())
    yield BOM
    for row in rows:
        yield lines.writerow(
            [cell if isinstance(cell, Number | None) else _harmless(str(cell)) for cell in row]
        )


def _harmless(words: str) -> str:
    seen = next(
        (at for at, letter in enumerate(words) if letter in "\t\r\n" or not is_unseen(letter)), len(words)
    )
    return f"'{words}" if words[seen:].startswith(FORMULA) else words
