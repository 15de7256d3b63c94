"""What a case is about, put right."""

from typing import Any

from django import forms

from cases.models import Organisation, System, User
from cases.queries.people import organisations_called

from .base import Words


class SystemForm(forms.Form):
    system = forms.ModelChoiceField(
        System.objects.filter(retired=False),
        label="System",
        empty_label="Choose…",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose the system that it is about."),
    )


class SummaryForm(forms.Form):
    summary = Words(
        label="Summary", max_length=200, error_messages={"required": "Say in one line what is wrong."}
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def look_again(self, summary: str) -> None:
        """Show what was typed for the summary as it is now."""
        self.data = {"summary": self.data["summary"], "seen": summary}


class OrganisationForm(forms.Form):
    organisation = forms.CharField(
        label="Name of the organisation",
        max_length=120,
        required=False,
        help_text="As it is called here. Empty: a case of no organisation.",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)

    def clean_organisation(self) -> Organisation | None:
        name = self.cleaned_data["organisation"]
        if not name:
            return None
        found = organisations_called(name, self.by)
        if not found:
            raise forms.ValidationError(f"There is no organisation “{name}”.")
        if len(found) > 1:
            raise forms.ValidationError(
                f"“{name}” may be {' or '.join(map(str, found))}. Type it as it is called here."
            )
        return found[0]
