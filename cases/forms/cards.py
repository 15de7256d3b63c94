"""What an agent notes of a customer or an organisation."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from cases.models import Card, Organisation, User
from cases.models.card import LONGEST_NOTE

from .base import Words


class CardForm(forms.Form):
    """`seen` is the version of the card that the agent looks at."""

    title = Words(
        label="Role or title", max_length=120, required=False, help_text="What they do there: “Shop manager”."
    )
    phone = forms.CharField(
        max_length=60, required=False, widget=forms.TextInput({"type": "tel", "autocomplete": "off"})
    )
    language = forms.CharField(
        max_length=60, required=False, help_text="In which they like to be written to."
    )
    zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=lambda: [("", "Not known"), *((name, name) for name in sorted(available_timezones()))],
        error_messages={"invalid_choice": "There is no such time zone. Choose one of the list."},
    )
    note = Words(
        label="Notes",
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text="For the desk alone: customers never see it. In Markdown.",
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, owner: User | Organisation, card: Card) -> None:
        super().__init__(
            data, initial={name: getattr(card, name) for name in self.base_fields if name != "seen"}
        )
        self.initial["seen"] = card.version
        if isinstance(owner, Organisation):
            for name in ("title", "language", "zone"):
                del self.fields[name]

    def look_again(self, card: Card) -> None:
        """Show what was typed for the card as it is now."""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "seen": str(card.version)}

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")
