"""What is set in a case, and what the menus offer."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db import connection
from django.utils import timezone

from cases.models import (
    Area,
    Case,
    Event,
    Incident,
    Priority,
    Severity,
    Status,
    Team,
    User,
    Viewer,
)
from cases.models.addresses import AddressInput
from cases.models.people import agents
from cases.models.rights import Right, roles_with
from cases.text.numbers import whole_number
from cases.wording.absences import back

from . import moments
from .base import Message, Once, OneOfMany, Words
from .secrets import REMOVE, Asking

# One question for all, in plain SQL: every page of the desk asks it.
OFFERED = """
    SELECT 'agent', id, coalesce(nullif(name, ''), email), CASE WHEN away_from <= %(now)s THEN away_until END
    FROM cases_user
    WHERE role = ANY(%(agents)s) AND is_active AND (%(system)s IS NULL OR limit_id IS NULL OR limit_id IN (
        SELECT within.id FROM cases_limit AS within
        WHERE %(system)s = ANY (within.systems) OR within.teams && %(teams)s::bigint[]
    ))
    UNION ALL SELECT 'team', id, name, NULL FROM cases_team
    UNION ALL SELECT 'system', id, name, NULL FROM cases_system
    ORDER BY 3
"""


def offered(case: Case | None = None) -> dict[str, list[tuple[str, str]]]:
    """Every `agent`, `team` and `system` as choices of a menu, by name; of agents those who see the case, with
    until when they are away."""
    found: dict[str, list[tuple[str, str]]] = {"agent": [], "team": [], "system": []}
    with connection.cursor() as cursor:
        seen_by: dict[str, Any] = {
            "system": case and case.system_id,
            "teams": case and [case.team_id, case.escalated_to_id],
        }
        at = timezone.now()
        cursor.execute(OFFERED, {"agents": roles_with(Right.WORK_ON_CASES), "now": at, **seen_by})
        for kind, pk, name, away_until in cursor:
            is_away = away_until and at < away_until
            found[kind].append((str(pk), f"{name} · away until {back(away_until)}" if is_away else name))
    return found


class Number(forms.TypedChoiceField):
    """A filter by one of some numbers, or by none."""

    def __init__(self, label: str, choices: Any = ()) -> None:
        super().__init__(
            label=label.capitalize(), choices=choices, coerce=int, empty_value=None, required=False
        )


class SuggestionForm(Once):
    """What the incident is called that a suggestion becomes. One that exists already needs nothing of it."""

    title = Words(
        max_length=200,
        help_text="Everyone can read it on the status page, so don’t mention customers.",
        error_messages={"required": "Give the incident a title."},
    )
    severity = forms.TypedChoiceField(choices=Severity.choices[:4], coerce=int)
    public = forms.BooleanField(label="Show it on the status page", required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], offered_to: Incident | None) -> None:
        super().__init__(data)
        self.initial = {**self.initial, **initial, "public": True}
        if offered_to:
            for name in ("title", "severity", "public"):
                del self.fields[name]


class DetailForm(forms.Form):
    """One detail of a case, changed in place. The field is the only one and bears the detail's name."""

    FIELDS: dict[str, forms.Field] = {
        "status": forms.TypedChoiceField(
            choices=[(Status.OPEN, "Open"), (Status.INVESTIGATING, "Investigating")], coerce=Status
        ),
        "severity": forms.TypedChoiceField(choices=Severity.choices, coerce=int),
        "priority": forms.TypedChoiceField(
            choices=[("", "Not decided"), *Priority.choices], coerce=int, empty_value=None, required=False
        ),
        "area": forms.ChoiceField(choices=[("", "Not known"), *Area.choices], required=False),
        "assignee": forms.ModelChoiceField(User.objects.none(), empty_label="Nobody", required=False),
        "team": forms.ModelChoiceField(Team.objects.all(), empty_label="No team", required=False),
    }

    def __init__(self, name: str, data: Any) -> None:
        super().__init__(data)
        field = self.fields[name] = self.FIELDS[name].__class__.__deepcopy__(self.FIELDS[name], {})
        if name == "assignee":
            field.queryset = agents()  # type: ignore[attr-defined]


class TagsForm(forms.Form):
    """Tags to add, commas between them, and one to remove."""

    add = forms.CharField(max_length=1000, required=False)
    remove = forms.CharField(max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        named = {name: [tags] for name, tags in self.cleaned_data.items() if tags}
        if not named and not self.errors:
            self.add_error("add", "Type a tag to add.")
        return named


class MomentForm(forms.Form):
    """A time to come: one of the presets, or a day and a time in the viewer's zone. `field` is its name."""

    preset = forms.CharField(required=False)
    at = moments.MomentField(required=False)

    def __init__(self, field: str, presets: moments.Presets, data: Any) -> None:
        super().__init__(data)
        self.field, self.presets = field, presets

    def clean(self) -> dict[str, Any]:
        preset, at = self.presets.get(self.cleaned_data.get("preset", "")), self.cleaned_data.get("at")
        if not preset and not at and not self.errors:
            self.add_error("at", "Choose a day and a time.")
        return {self.field: preset.moment() if preset else at}


class AcceptanceForm(forms.Form):
    """By when is due what a reply was read to promise."""

    due_at = moments.MomentField(required=False)

    def __init__(self, promise: int, data: Any) -> None:
        super().__init__(data)
        self.promise = promise


class CaseField(forms.CharField):
    """Another case, by its number as people write it: 12 or #12."""

    viewer: Viewer

    def __init__(self, missing: str) -> None:
        super().__init__(error_messages={"required": missing})

    def clean(self, value: Any) -> Case:
        text = super().clean(value)
        number = whole_number(text.removeprefix("#"))
        case = Case.objects.visible_to(self.viewer).filter(number=number).first() if number else None
        if case is None:
            raise forms.ValidationError(f"There is no case “{text[:40]}”.")
        return case


class OtherCaseForm(forms.Form):
    def __init__(self, viewer: Viewer, data: Any) -> None:
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, CaseField):
                field.viewer = viewer


class LinkForm(OtherCaseForm):
    other = CaseField("Enter the number of the case to link.")


class MergeForm(OtherCaseForm):
    into = CaseField("Enter the number of the case to merge into.")
    anyway = forms.BooleanField(label="Merge it although the address is not confirmed", required=False)


class CustomerForm(forms.Form):
    """To whom a case goes."""

    to = AddressInput(
        label="Email address of the customer",
        error_messages={"required": "Type the address of the customer."},
    )


class CopyForm(forms.Form):
    """Who is to read along."""

    address = AddressInput(
        label="Email address",
        error_messages={"required": "Enter the address to copy in."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class SenderForm(forms.Form):
    """Whose mail is held, or is so no more."""

    address = AddressInput(label="Email address", error_messages={"required": "Enter the address to block."})


class ForwardForm(Asking, Once):
    """What somebody outside is to read of a case."""

    address = AddressInput(
        label="Email address", error_messages={"required": "Enter the recipient’s address."}
    )
    words = Message("Your words to them", "", rows=5, required=False)
    messages = forms.TypedMultipleChoiceField(coerce=int, required=False)
    attached = forms.MultipleChoiceField(required=False)

    def __init__(self, said: Sequence[Event], files: Iterable[Any], data: Any = None) -> None:
        super().__init__(data)
        self.said, self.offered = said, list(files)
        self.fields["messages"].choices = [(event.sequence, event.sequence) for event in said]  # type: ignore[attr-defined]
        self.fields["attached"].choices = [(str(one.key), one.name) for one in self.offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = self.cleaned_data.get("messages", ())
        texts = [event.body for event in self.said if event.sequence in chosen]
        self.check_secrets_beside(texts)
        self.cleaned_data["without_secrets"] = self.data.get("secrets") == REMOVE
        return cleaned


class AskForm(Asking):
    """What the customer is asked for."""

    what = Words(max_length=200, error_messages={"required": "Say what you need."})
    secret = forms.BooleanField(required=False)


class RemovalForm(OneOfMany):
    """A passage that is to be removed from what was said."""

    passage = Message("What to remove", "Select the text to remove, or paste it here.", rows=3)


class HandoverForm(Asking, Once):
    """To an agent (`agent=3`) or a team (`team=1`), with what they need to know."""

    to = forms.CharField(error_messages={"required": "Choose who takes over."})
    note = Message("Note", "Write what they need to know.", rows=3)

    def clean_to(self) -> User | Team:
        kind, _, number = self.cleaned_data["to"].partition("=")
        receivers: Any = {"agent": agents(), "team": Team.objects}.get(kind)
        found = receivers and receivers.filter(pk=whole_number(number)).first()
        if not found:
            raise forms.ValidationError("That colleague or team is no longer available. Choose another.")
        return found


class EscalationForm(Asking, Once):
    """A question to a team, while the case keeps its owner."""

    team = forms.ModelChoiceField(
        Team.objects.all(),
        error_messages={
            "required": "Choose the team to ask.",
            "invalid_choice": "That team no longer exists. Choose another.",
        },
    )
    note = Message("Note", "Write what they are to find out.", rows=3)


class AnswerForm(Asking, Once):
    note = Message("Answer", "Write the answer before sending it.", rows=3)
