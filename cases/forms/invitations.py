"""Inviting somebody, and accepting it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.actions import invitations
from cases.models import Invitation, User
from cases.models.addresses import AddressInput
from cases.models.rights import RIGHTS, Right

from .base import OneOfMany, YourName, ones_own_name


class InviteForm(OneOfMany):
    """A colleague, by their address."""

    email = AddressInput(
        label="Your colleague’s email address",
        error_messages={"required": "Type the address of your colleague."},
    )


class PeopleFilter(forms.Form):
    """Whom of the organisation to show."""

    q = forms.CharField(max_length=200, required=False)
    page = forms.IntegerField(min_value=0, max_value=400, required=False)


class AcceptForm(forms.Form):
    """Who somebody is who has been invited."""

    name = YourName(autofocus=True)

    def __init__(self, data: Any = None, *, role: str) -> None:
        super().__init__(data)
        if role not in RIGHTS[Right.READ_DESK]:
            self.fields["name"].validators.append(ones_own_name)


class InvitationForm(forms.ModelForm):
    """Anybody, by an administrator."""

    by: User  # who invites

    class Meta:
        model = Invitation
        fields = ("email", "role", "organisation", "teams", "limit")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        offer = {"role": data.get("role", ""), "organisation": data.get("organisation")}
        if not self.errors:
            for answer in (
                invitations.can_offer(self.by, **offer, limit=data.get("limit")),
                invitations.can_be_invited(data["email"], by=self.by, **offer),
            ):
                if answer.refusal:
                    raise ValidationError(answer.refusal)
        return data

    def validate_constraints(self) -> None:
        """The action holds to them, and ends an invitation that has expired."""

    def save(self, commit: bool = True) -> Invitation:
        return invitations.invite(by=self.by, **self.cleaned_data)

    def save_m2m(self) -> None:
        """Done with the rest."""
