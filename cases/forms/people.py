"""What is done with people."""

from django import forms

from cases.actions.taking_over import Receiver, receiver
from cases.models import User
from cases.models.addresses import AddressInput


class LeavingForm(forms.Form):
    """Who takes over: an agent (`agent=3`), a team (`team=1`), or `nobody` yet."""

    to = forms.CharField(error_messages={"required": "Choose who takes over, or nobody yet."})

    def clean_to(self) -> Receiver:
        to = self.cleaned_data["to"]
        found = receiver(to)
        if found is None and to != "nobody":
            raise forms.ValidationError("That colleague or team is no longer available. Choose another.")
        return found


class AccountMergeForm(forms.Form):
    """The account that stays, by one of its addresses."""

    into = AddressInput(
        label="Address of the account that stays",
        error_messages={"required": "Type an address of the account that stays."},
    )

    def clean_into(self) -> User:
        found = User.objects.of_address(self.cleaned_data["into"])
        if found is None:
            raise forms.ValidationError("Nobody has this address.")
        return found
