"""What a composer shows of requests: those that its text makes, and one that is made by hand."""

from collections.abc import Mapping
from typing import Any

from cases.actions.open_requests import LONGEST, MOST
from cases.forms.composer import RequestFormSet, Row
from cases.models import Case, Status
from cases.text.requests import find, plain


class ComposerRequests:
    """`data` is what the composer's form holds, or its draft."""

    longest, most = LONGEST, MOST

    def __init__(self, case: Case, text: str, data: Mapping[str, Any]) -> None:
        found = find(text) if case.status != Status.RESOLVED else []
        self.has_more = len(found) > MOST
        self.made = RequestFormSet([Row(what, what) for what in found[:MOST]], data)
        self.hand = data.get("ask_hand", "")

    def asks(self) -> list[str]:
        """What its sender saw, and no more."""
        made = [form.initial["what"] for form in self.made if form.shown and form.initial["chosen"]]
        return [what for what in [*made, self.hand] if plain(what)]
