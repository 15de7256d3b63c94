"""What is done with people."""

from django import forms

from cases.actions.taking_over import Receiver, receiver


class LeavingForm(forms.Form):
    """Who takes over: an agent (`agent=3`), a team (`team=1`), or `nobody` yet."""

    to = forms.CharField(error_messages={"required": "Choose who takes over, or nobody yet."})

    def clean_to(self) -> Receiver:
        to = self.cleaned_data["to"]
        found = receiver(to)
        if found is None and to != "nobody":
            raise forms.ValidationError("That colleague or team is no longer here. Choose another.")
        return found
