"""What an agent signs mail with."""

from typing import Any

from django import forms

from cases.models import User


class SignatureForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["signature"]
        labels = {"signature": "Signature"}
        help_texts = {"signature": "Eight lines at most."}
        widgets = {"signature": forms.Textarea({"rows": 5})}

    def clean_signature(self) -> Any:
        """With the line ends of a text."""
        return self.cleaned_data["signature"].replace("\r\n", "\n")
