"""The rows of the composer of replies: a form for each promise and request that its text makes or keeps."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cases.actions.promises import check
from cases.models import Refused
from cases.models.promise import PromiseTerms

from .moments import MomentField

MOST = 100  # rows that one page may post: more than are ever shown


class Row(NamedTuple):
    """Something to show: what the page knows it by, what it is, and whether it is meant while nobody says otherwise."""

    key: str
    thing: Any
    chosen: bool = True


class RowForm(forms.Form):
    """A row of the composer. `shown` is what the page holds of it, and None when the page did not show it yet."""

    key = forms.CharField(widget=forms.HiddenInput)
    chosen = forms.BooleanField(required=False)

    thing: Any

    def __init__(self, *args: Any, row: Row | None = None, shown: Self | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        if row:
            self.thing = row.thing
            self.initial = {"key": row.key, "chosen": row.chosen, **self.values()}

    def values(self) -> dict[str, Any]:
        """What it shows besides its key: what somebody typed or unticked there, if it was shown before."""
        return {"chosen": self.shown["chosen"].value()} if self.shown else {}


BaseRowFormSet: Any = forms.formset_factory(RowForm, extra=0, max_num=MOST, absolute_max=MOST)


class RowFormSet(BaseRowFormSet):
    """A form for each row. What was typed or unticked, as the `data` of the page or of a draft holds it, stays so."""

    def __init__(self, rows: Iterable[Row], data: Mapping[str, Any]) -> None:
        super().__init__(prefix=self.name)
        posted = BaseRowFormSet(data, prefix=self.name)
        posted.form = self.form
        self.is_posted = posted.management_form.is_valid()
        shown: dict[str, deque[forms.Form]] = defaultdict(deque)
        for form in posted:
            shown[form["key"].value()].append(form)
        self.rows = [
            {"row": row, "shown": shown[row.key].popleft() if shown[row.key] else None} for row in rows
        ]
        self.extra = len(self.rows)

    def get_form_kwargs(self, index: int) -> dict[str, Any]:
        return self.rows[index]

    def totals(self) -> SafeString:
        """Return what a page posts so that its rows are read again. Django's `management_form` costs a page 2 ms."""
        fields = (("TOTAL_FORMS", len(self)), ("INITIAL_FORMS", 0))
        inputs = ((self.prefix, *field) for field in fields)
        return format_html_join("", '<input type="hidden" name="{}-{}" value="{}">', inputs)


class PromiseForm(RowForm):
    """A promise of the text, known by its phrase: by when it is due as the text says it, and as it was typed."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)
    due_at = MomentField()

    thing: PromiseTerms
    mistake = ""

    def values(self) -> dict[str, Any]:
        read = field_time(self.thing.due_at)
        return super().values() | {"read": read, "due_at": self.typed if self.is_edited else read}

    @property
    def typed(self) -> str:
        return self.shown["due_at"].value() or "" if self.shown else ""

    @property
    def is_edited(self) -> bool:
        return self.shown is not None and self.typed != self.shown["read"].value()

    def terms(self) -> PromiseTerms | None:
        """What it promises as the page showed it. Returns None when that cannot be, and `mistake` says why."""
        try:
            field: Any = self.fields["due_at"]
            field.near = self.thing.due_at
            terms = replace(self.thing, due_at=field.clean(self.typed))
            check([terms])
        except ValidationError as problem:
            self.mistake = problem.messages[0]
        except Refused as refused:
            passed = "That time has passed. Is this one right?"
            self.mistake = str(refused) if self.is_edited else passed
        else:
            return terms
        return None


class RequestForm(RowForm):
    """A request of the text, known by what the text says, and what is asked for instead."""

    what = forms.CharField()

    thing: str

    def values(self) -> dict[str, Any]:
        return super().values() | {"what": (self.shown["what"].value() or "") if self.shown else self.thing}


class PromiseFormSet(RowFormSet):
    form, name = PromiseForm, "promises"


class KeptPromiseFormSet(RowFormSet):
    form, name = RowForm, "keeps"


class RequestFormSet(RowFormSet):
    form, name = RequestForm, "requests"


PREFIXES = tuple(f"{formset.name}-" for formset in (PromiseFormSet, KeptPromiseFormSet, RequestFormSet))


def field_time(at: datetime) -> str:
    """The time as a field for a day and a time holds it, which knows no seconds: the minute is rounded up."""
    return f"{timezone.localtime(at + timedelta(seconds=59)):%Y-%m-%dT%H:%M}"
