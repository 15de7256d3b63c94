"""What a composer shows of promises: those that its text makes, one made by hand, and those that sending keeps."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from cases.actions.promises import check, kept_by
from cases.forms import MomentForm, moments
from cases.models import Case, Promise, Refused, Status
from cases.models.promise import PromiseTerms
from cases.queries.promises import promised_in
from cases.wording.spans import duration

# Its fields: for each promise that it shows its phrase, when that is due as it was read and as it was typed, and by
# its place whether it is meant; the promises that run and those of them that are kept; and a promise made by hand.
LISTS = ("promised", "promised_was", "promised_by", "promise", "running", "keeps")
FIELDS = (*LISTS, "shown", "hand", "hand_at")
TIME = forms.DateTimeField(
    error_messages={"required": "Choose a day and a time.", "invalid": "Choose a day and a time."}
)


@dataclass
class Row:
    """A promise of the text. `typed` is by when it is due as its field holds it, once the composer has shown it."""

    word: PromiseTerms
    chosen: bool = True
    typed: str | None = None
    edited: bool = False
    mistake: str = ""

    @property
    def read(self) -> str:
        """By when it is due as the text says it."""
        return _field(self.word.due_at)

    @property
    def by(self) -> str:
        return self.typed if self.edited and self.typed is not None else self.read

    @property
    def every(self) -> str:
        return duration(self.word.every) if self.word.every else ""


class Promising:
    """`said` is what the composer's form holds, or its draft."""

    def __init__(
        self,
        case: Case,
        text: str,
        said: MultiValueDict[str, Any] | None = None,
        running: list[Promise] | None = None,
    ) -> None:
        self.case, self.said = case, said or MultiValueDict()
        self.may_promise = case.status != Status.RESOLVED
        self.found = promised_in(text, case, timezone.now()) if text.strip() else []
        self.rows = self._rows() if self.may_promise else []
        self.running = _running(case) if running is None else running
        self.hand, self.hand_at = self.said.get("hand", ""), self.said.get("hand_at", "")
        self.hand_mistake = ""

    def _rows(self) -> list[Row]:
        """What was edited or unticked stays so while its phrase stands in the text."""
        lists = (self.said.getlist(name) for name in ("promised", "promised_was", "promised_by"))
        ticked = self.said.getlist("promise")
        shown: dict[tuple[str, int], tuple[bool, str, bool]] = {}
        for place, (phrase, was, by) in enumerate(zip(*lists, strict=False)):
            again = sum(phrase == other for other, _ in shown)
            shown[phrase, again] = (str(place) in ticked, by, by != was)
        rows: list[Row] = []
        for word in self.found:
            again = sum(word.phrase == row.word.phrase for row in rows)
            rows.append(Row(word, *shown.get((word.phrase, again), ())))
        return rows

    @property
    def hand_presets(self) -> list[tuple[str, str]]:
        return [("", "Choose…"), *moments.offered(moments.DUE)]

    @property
    def kept(self) -> list[tuple[Promise, bool]]:
        """The promises that run, and whether sending keeps each: as it was ticked, or else as is usual."""
        usual = kept_by(self.running, timezone.now())
        shown, ticked = self.said.getlist("running"), self.said.getlist("keeps")
        return [
            (one, str(one.pk) in ticked if str(one.pk) in shown else one in usual) for one in self.running
        ]

    def sent(self) -> dict[str, Any]:
        """What `reply` takes of it. What was typed after the composer last looked is only proposed.

        Raises ValidationError when there is a mistake, which is noted beside what it is about.
        """
        if "shown" not in self.said:
            return {}
        words = [self._word(row) for row in self.rows if row.chosen and row.typed is not None]
        words += self._by_hand()
        if self.hand_mistake or any(row.mistake for row in self.rows):
            raise ValidationError("This promises something that cannot be kept. Look at it below.")
        return {
            "promises": words,
            "keeps": [one.pk for one, kept in self.kept if kept],
            "proposes": [row.word for row in self.rows if row.typed is None],
        }

    def _word(self, row: Row) -> PromiseTerms:
        try:
            due_at = TIME.clean(row.typed)
            check([replace(row.word, due_at=due_at)])
        except ValidationError as problem:
            row.mistake = problem.messages[0]
        except Refused as refused:
            row.mistake = str(refused) if row.edited else "That time has passed meanwhile. Is this one right?"
        else:
            return replace(row.word, due_at=due_at)
        return row.word

    def _by_hand(self) -> list[PromiseTerms]:
        if not self.may_promise or not (self.hand or self.hand_at):
            return []
        form = MomentForm("due_at", moments.DUE, {"preset": self.hand, "at": self.hand_at})
        try:
            if form.is_valid():
                word = PromiseTerms(form.cleaned_data["due_at"])
                check([word])
                return [word]
            self.hand_mistake = str(form.errors["at"][0])
        except Refused as refused:
            self.hand_mistake = str(refused)
        return []


def _field(at: datetime) -> str:
    """As a field for a day and a time holds it, which knows no seconds."""
    local = timezone.localtime(at + timedelta(seconds=59))
    return f"{local:%Y-%m-%dT%H:%M}"


def _running(case: Case) -> list[Promise]:
    return [one for one in case.open_promises if one.outcome == Promise.Outcome.RUNNING]
