"""What a view of the queue is called, and whose it is."""

from typing import Any

from django import forms

from cases.models import User
from cases.models.rights import Right

from .base import Words


class ViewForm(forms.Form):
    """A name for what the queue is narrowed to, and who sees it."""

    name = Words(max_length=60, error_messages={"required": "Give the view a name."})
    audience = forms.ChoiceField(label="For", required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, audiences: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, auto_id="view_%s", **kwargs)
        self.audiences = dict(audiences)
        self.fields["audience"].choices = audiences  # type: ignore[attr-defined]


def audiences(agent: User) -> list[tuple[str, str]]:
    """Whom an agent may set something up for: themselves, their teams, and as administrator everybody."""
    teams = [(str(pk), f"Team {name}") for pk, name in agent.teams.values_list("pk", "name")]
    return [
        ("me", "Only me"),
        *teams,
        *([("all", "Everybody")] if agent.may(Right.SHARE_WITH_EVERYBODY) else []),
    ]
