"""What a composer posts beside its text, and what it says of its draft."""

import json
from typing import Any, NamedTuple, Self

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cases.access import AgentRequest
from cases.actions.drafts import TEXTS, DraftConflict
from cases.forms.composer import PREFIXES
from cases.models import Draft
from cases.text.numbers import whole_number
from cases.text.times_of_day import time_of_day
from cases.views.timeline import cursor_of

# What the composers' forms hold besides their token.
FIELDS = {kind: (*texts, "macro", "also", "attachments") for kind, texts in TEXTS.items()}
FIELDS[Draft.Kind.REPLY] += ("hand", "hand_at", "ask_hand", "spent")
FIELDS[Draft.Kind.NOTE] += ("spent",)
FIELDS[Draft.Kind.RESOLVE] += ("area", "is_bug")
LISTS = {"also", "attachments"}


class DraftStatus(NamedTuple):
    """The line below a composer: which version it shows, and a text to take instead of what is typed."""

    version: int = 0
    words: str = ""
    conflict: str = ""
    other: dict[str, Any] | None = None

    @classmethod
    def of(cls, draft: Draft | None, words: str = "") -> Self:
        """What to say of a draft that is there, or of one that is gone."""
        return cls(draft.version, words or f"Draft from {clock(draft)}") if draft else cls(0, words)

    @classmethod
    def beside(cls, conflict: DraftConflict) -> Self:
        """Both texts, to choose from: whatever is kept next goes over the newer one knowingly."""
        other = conflict.draft
        return cls(other.version if other else 0, "", str(conflict), other.fields if other else None)

    @property
    def other_json(self) -> str:
        return json.dumps(self.other)

    @property
    def other_texts(self) -> list[str]:
        return [text for name, text in (self.other or {}).items() if name in NAMES_OF_TEXTS and text]


NAMES_OF_TEXTS = {name for texts in TEXTS.values() for name in texts}


def clock(draft: Draft) -> str:
    """When it was kept: the time of day, with the day when that is not today's."""
    at = timezone.localtime(draft.at)
    return time_of_day(at) if at.date() == timezone.localdate() else f"{at:%-d %b}, {time_of_day(at)}"


def fields_of(kind: str, posted: QueryDict) -> dict[str, Any]:
    """What a composer's form holds, as a draft keeps it."""
    lists = {name: [*map(_plain, posted.getlist(name))] for name in LISTS if _is_kept(kind, name)}
    return {name: _plain(posted.get(name, "")) for name in posted if _is_kept(kind, name)} | lists


def _is_kept(kind: str, name: str) -> bool:
    """Whether a draft keeps what this field holds: a row of a formset, or a field by its name."""
    return name in FIELDS[Draft.Kind(kind)] or (kind == Draft.Kind.REPLY and name.startswith(PREFIXES))


def _plain(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n")


def other_of(kind: str, posted: QueryDict) -> dict[str, Any] | None:
    """The text that stands beside the composer's own, which the page holds and nobody else."""
    try:
        held = json.loads(posted.get("other", ""))
        fields = {name: value for name, value in held.items() if _is_kept(kind, name) and name != "also"}
    except (ValueError, AttributeError):
        return None
    files = fields.pop("attachments", [])
    return {name: str(text) for name, text in fields.items()} | {
        "attachments": [str(key) for key in files] if isinstance(files, list) else []
    }


def seen_of(request: AgentRequest) -> int:
    """The version of the draft that the page shows."""
    return whole_number(request.POST.get("draft", "")) or 0


def sending(request: AgentRequest, kind: str) -> dict[str, Any]:
    """What `drafts.send` asks of a page besides its text. Whoever was asked has seen what they were asked about."""
    after, asked = cursor_of(request), whole_number(request.POST.get("anyway", ""), digits=9)
    return {
        "kind": kind,
        "fields": fields_of(kind, request.POST),
        "seen": seen_of(request),
        "after": max(after, asked or 0) if after is not None else asked,
    }


def put_in(form: forms.Form, fields: dict[str, Any]) -> None:
    """Show a draft in its form, as something that was typed."""
    form.initial.update({name: fields[name] for name in form.fields if name in fields and name != "token"})
    as_typed(form)


def as_typed(form: forms.Form) -> forms.Form:
    """The form with its texts as something typed, which no live change of the page takes away."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["data-typed"] = ""
    return form
