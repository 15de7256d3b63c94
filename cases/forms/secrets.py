"""Forms that ask before a secret is sent, which may have been pasted by mistake."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.text.lists import listed
from cases.text.secrets import kinds_of, secrets_in, without_secrets

SEND, REMOVE = "send", "remove"


class Asking(forms.Form):
    """A form whose texts may hold a secret. It is sent once its writer has said what is to become of the secret.

    templates/asked_secrets.html asks, and holds the answer in the form.
    """

    secrets = forms.CharField(required=False, widget=forms.HiddenInput)
    finds_secrets = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        answer = self.cleaned_data.pop("secrets", "")
        texts = {name: text for name, text in self.cleaned_data.items() if isinstance(text, str)}
        found = [secret for text in texts.values() for secret in secrets_in(text)]
        if answer == REMOVE:
            self.cleaned_data |= {name: without_secrets(text) for name, text in texts.items()}
        elif found and answer != SEND:
            self.finds_secrets = True
            self.add_error(None, ValidationError(f"This looks like {listed(kinds_of(found))}. {WHO_READS}"))
        return cleaned

    def check_secrets_beside(self, texts: Iterable[str]) -> None:
        """Ask for texts as well that nobody typed here, and that are sent along."""
        found = [secret for text in texts for secret in secrets_in(text)]
        if found and not self.answered_secrets and not self.finds_secrets:
            self.finds_secrets = True
            self.add_error(None, ValidationError(f"This looks like {listed(kinds_of(found))}. {WHO_READS}"))

    @property
    def answered_secrets(self) -> str:
        """What its writer said, for as long as the form is not sent."""
        answer = self.data.get("secrets", "") if self.is_bound else ""
        return answer if answer in (SEND, REMOVE) else ""


WHO_READS = "It hasn’t been sent yet: anyone who can read the case could use it."
