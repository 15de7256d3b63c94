"""How long somebody worked on a case."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.text.worked import minutes_in

from .base import Once, Words
from .messages import NoteForm, ReplyForm
from .secrets import Asking

EXAMPLES = "1h 20m, 1:20 or 90"


class WorkedField(forms.CharField):
    """A length of time, in minutes."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"placeholder": "1h 20m", "autocomplete": "off", "size": 8})
        errors = {"required": f"Type how long you worked: {EXAMPLES}."}
        super().__init__(label="Time spent", max_length=20, widget=widget, error_messages=errors, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        minutes = minutes_in(text) if text else None
        if text and minutes is None:
            raise ValidationError(f"Type a time such as {EXAMPLES}.")
        return minutes


class SpentForm(Asking, Once):
    """An entry by itself."""

    minutes = WorkedField()
    body = Words(label="What for", required=False, max_length=500)


class ComposedReplyForm(ReplyForm):
    """An agent's reply, with the time that it took."""

    spent = WorkedField(required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.auto_id = "reply_%s"


class ComposedNoteForm(NoteForm):
    spent = WorkedField(required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.auto_id = "note_%s"
