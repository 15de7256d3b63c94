"""What a case is about, put right."""

from django import forms

from cases.models import Organisation, System

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

    def clean_organisation(self) -> Organisation | None:
        name = self.cleaned_data["organisation"]
        found = Organisation.objects.filter(name__iexact=name).first() if name else None
        if name and found is None:
            raise forms.ValidationError(f"There is no organisation “{name}”.")
        return found
