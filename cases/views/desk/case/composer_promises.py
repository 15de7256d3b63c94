"""What a composer shows of promises: those that its text makes, one made by hand, and those that sending keeps."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.actions.conversation import ReplyTerms
from cases.actions.promises import check, kept_by
from cases.forms import MomentForm, moments
from cases.forms.composer import KeptPromiseFormSet, PromiseFormSet, Row
from cases.models import Case, Promise, Refused, Status
from cases.models.promise import PromiseTerms
from cases.queries.promises import promised_in


class ComposerPromises:
    """`data` is what the composer's form holds, or its draft."""

    def __init__(
        self, case: Case, text: str, data: Mapping[str, Any], running: list[Promise] | None = None
    ) -> None:
        self.case, self.data = case, data
        self.may_promise = case.status != Status.RESOLVED
        self.found = promised_in(text, case, timezone.now()) if text.strip() else []
        self.running = _running(case) if running is None else running
        usual = kept_by(self.running, timezone.now())
        self.made = PromiseFormSet(
            [Row(terms.phrase, terms) for terms in self.found if self.may_promise], data
        )
        self.kept = KeptPromiseFormSet(
            [Row(str(promise.pk), promise, promise in usual) for promise in self.running], data
        )
        self.hand, self.hand_at = data.get("hand", ""), data.get("hand_at", "")
        self.hand_mistake = ""

    @property
    def hand_presets(self) -> list[tuple[str, str]]:
        return [("", "Choose…"), *moments.offered(moments.DUE)]

    @property
    def as_read(self) -> list[str]:
        """The promises that nobody corrected, by their phrases: they count from when the reply leaves."""
        return [form.thing.phrase for form in self.made if not form.is_edited]

    def terms(self) -> ReplyTerms:
        """What the reply promises and keeps. What was typed after the composer last looked is only proposed.

        Raises ValidationError when there is a mistake, which is noted beside what it is about.
        """
        if not self.made.is_posted:
            return ReplyTerms()
        promises = [form.terms() for form in self.made if form.shown and form.initial["chosen"]]
        promises += self._by_hand()
        if self.hand_mistake or None in promises:
            raise ValidationError("One of these promises can’t be kept. Check it below.")
        return ReplyTerms(
            promises=promises,
            proposes=[form.thing for form in self.made if not form.shown],
            keeps=[form.thing.pk for form in self.kept if form.initial["chosen"]],
        )

    def _by_hand(self) -> list[PromiseTerms]:
        if not self.may_promise or not (self.hand or self.hand_at):
            return []
        form = MomentForm("due_at", moments.DUE, {"preset": self.hand, "at": self.hand_at})
        try:
            if form.is_valid():
                terms = PromiseTerms(form.cleaned_data["due_at"])
                check([terms])
                return [terms]
            self.hand_mistake = str(form.errors["at"][0])
        except Refused as refused:
            self.hand_mistake = str(refused)
        return []


def _running(case: Case) -> list[Promise]:
    return [promise for promise in case.open_promises if promise.outcome == Promise.Outcome.RUNNING]
