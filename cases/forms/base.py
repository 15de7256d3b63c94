"""What the forms are made of. Every text is kept when something is wrong with it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from cases.queries.brand import is_like_ours
from cases.text.unseen import shows_nothing

LONGEST_MESSAGE = 100_000


class Words(forms.CharField):
    """What people read. Letters that show nothing are no words."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return self.empty_value if text and shows_nothing(text) else text


class YourName(Words):
    """What whoever types it is called."""

    def __init__(self, *, autofocus: bool = False, **kwargs: Any) -> None:
        super().__init__(
            label="Your name",
            max_length=120,
            widget=forms.TextInput({"autocomplete": "name", "autofocus": autofocus}),
            error_messages={"required": "Tell us your name."},
            **kwargs,
        )


def ones_own_name(name: str) -> None:
    """Refuse a name by which colleagues would take a customer for one of us."""
    if is_like_ours(name):
        raise ValidationError("This looks like one of our names. Please enter your own.")


class Message(Words):
    def __init__(self, label: str, missing: str, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.Textarea({"rows": rows}),
            error_messages={"required": missing},
            validators=[
                MaxLengthValidator(
                    LONGEST_MESSAGE, "This text is too long: %(show_value)s characters, %(limit_value)s fit."
                )
            ],
            **kwargs,
        )


class OneOfMany(forms.Form):
    """A form that may stand beside others on its page, so its ids bear its name."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.removesuffix('Form').lower()}_%s", **kwargs)


class Once(OneOfMany):
    """A form that counts once, however often it is sent."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"token": uuid4()})
