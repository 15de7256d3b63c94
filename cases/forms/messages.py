"""What is said in a case, and how it ends."""

from typing import Any

from django import forms

from cases.models import (
    Area,
    Request,
)

from .attachments import Attaching
from .base import Message, Once, OneOfMany
from .secrets import Asking


class ReplyForm(Asking, Attaching, Once):
    body = Message("Reply", "Write a reply before sending it.")


class NoteForm(Asking, Attaching, Once):
    body = Message("Internal note", "Write a note before adding it.", help_text="@name tells a colleague.")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["body"].widget.attrs |= {
            "data-mentions": "",
            "aria-autocomplete": "list",
            "autocomplete": "off",
        }


class CommentForm(Asking, Attaching, Once):
    """What a customer adds to "not yet" or to reopening, if anything."""

    body = Message("What is still wrong?", "", rows=3, required=False)


class FulfilForm(Asking, Attaching, Once):
    """What the customer gives that we `asked` for. Each request has its own."""

    body = Message("Your answer", "Write an answer before sending it.", rows=3)

    def __init__(self, asked: Request, data: Any = None) -> None:
        super().__init__(data)
        self.asked, self.auto_id = asked, f"give_{asked.pk}_%s"


class SecretForm(Once):
    """What the customer gives that was asked for as a secret. Where to send it is said, so that nothing asks again."""

    body = Message("Your answer", "Write your answer before sending it.", rows=3)

    def __init__(self, asked: Request, data: Any = None) -> None:
        super().__init__(data)
        self.asked, self.auto_id = asked, f"give_{asked.pk}_%s"
        self.fields["body"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


def given_form(asked: Request, data: Any = None) -> FulfilForm | SecretForm:
    """The form for what a request asks for."""
    return (SecretForm if asked.secret else FulfilForm)(asked, data)


class RatingForm(Asking, OneOfMany):
    """How our help was: good or not, and a word to it."""

    good = forms.TypedChoiceField(
        choices=[("yes", "Good"), ("no", "Not good")],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
        error_messages={"required": "Say whether our help was good."},
    )
    word = forms.CharField(
        label="Anything you would like to add?",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class EndForm(forms.Form):
    """Which end of a case somebody speaks of, by when it was resolved: a form that comes late means no other."""

    resolved_at = forms.DateTimeField(required=False)


class ResolveForm(Asking, Attaching, OneOfMany):
    words = ""  # files stand for no word of what was done
    resolution = Message("Resolution", "Say what was done, in the customer’s words.", rows=3)
    root_cause = Message(
        "Root cause", "", rows=2, required=False, help_text="Why it happened. The customer will not see this."
    )
    area = forms.ChoiceField(choices=[("", "Not known"), *Area.choices], required=False)
    is_bug = forms.TypedChoiceField(
        label="Is it a bug?",
        choices=[("", "Not decided"), ("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("is_bug") and not self.cleaned_data.get("root_cause", "x"):
            self.add_error("root_cause", "Say why it happened: this is a bug.")


class ClosureForm(Asking, OneOfMany):
    """Why a bug happened that is closed without asking the customer."""

    root_cause = Message("Root cause", "", rows=2, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["root_cause"].widget.attrs["autofocus"] = True
