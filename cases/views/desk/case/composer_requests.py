"""What a composer shows of requests: those that its text makes, and one that is made by hand."""

from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import MultiValueDict

from cases.actions.open_requests import LONGEST
from cases.models import Case, Status
from cases.text.requests import find, plain

# Its fields: for each request that it shows what the text asks for and what was made of that, and by its place
# whether it is meant; and a request made by hand.
LISTS = ("asked", "asked_for", "ask")
FIELDS = (*LISTS, "ask_hand")


@dataclass
class Row:
    """A request of the text. `typed` is what its field holds, once the composer has shown it."""

    found: str
    chosen: bool = True
    typed: str | None = None

    @property
    def what(self) -> str:
        return self.found if self.typed is None else self.typed


class Asking:
    """`said` is what the composer's form holds, or its draft."""

    longest = LONGEST

    def __init__(self, case: Case, text: str, said: MultiValueDict[str, Any] | None = None) -> None:
        self.said = said or MultiValueDict()
        self.may_ask = case.status != Status.RESOLVED
        self.rows = self._rows(text) if self.may_ask else []
        self.hand = self.said.get("ask_hand", "")

    def _rows(self, text: str) -> list[Row]:
        """What was edited or unticked stays so while the text asks for it."""
        ticked = self.said.getlist("ask")
        lists = zip(self.said.getlist("asked"), self.said.getlist("asked_for"), strict=False)
        shown = {found: Row(found, str(place) in ticked, typed) for place, (found, typed) in enumerate(lists)}
        return [shown.get(found) or Row(found) for found in find(text)]

    def sent(self) -> dict[str, Any]:
        """What `reply` takes of it: what its sender saw, and no more."""
        asks = [row.typed for row in self.rows if row.chosen and row.typed is not None]
        return {"asks": [what for what in [*asks, self.hand] if plain(what)]}
