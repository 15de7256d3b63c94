"""What is to be done in a case."""

from typing import Any

from django import forms


class ChecklistForm(forms.Form):
    """What to put on the checklist, a line each."""

    item = forms.CharField(
        max_length=10_000,
        error_messages={
            "required": "Type what is to be done.",
            "max_length": "This is too long for a checklist: %(show_value)s characters, %(limit_value)s fit.",
        },
    )

    def clean(self) -> dict[str, Any]:
        item = self.cleaned_data.get("item", "")
        return {"items": item.splitlines()} if item else {}
