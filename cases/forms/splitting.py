"""A case for one message of another."""

from typing import Any
from uuid import uuid4

from django import forms

from .base import OneOfMany
from .corrections import SummaryForm, SystemForm


class SplitForm(OneOfMany):
    summary = SummaryForm.base_fields["summary"]
    system = SystemForm.base_fields["system"]
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, summary: str, system: int) -> None:
        super().__init__(data, initial={"token": uuid4(), "summary": summary, "system": system})
