"""What an administrator types about a person."""

from typing import Any

from django import forms

from cases.models import User
from cases.models.addresses import AddressInput

from .base import OneOfMany


class ErasureForm(OneOfMany):
    """The address of whom it is about, typed so that nobody is erased by a slip."""

    address = AddressInput(
        label="Type their email address to erase them",
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"required": "Type the address to go on."},
    )

    def __init__(self, person: User, data: Any = None) -> None:
        super().__init__(data)
        self.person = person

    def clean_address(self) -> str:
        if self.cleaned_data["address"] != self.person.email:
            raise forms.ValidationError("That’s a different address. Type the one above to confirm.")
        return self.person.email
