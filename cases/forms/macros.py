"""Editing a macro."""

import re
from typing import Any

from django import forms

from cases.actions import checklists
from cases.forms import Message
from cases.models import Macro, Refused, Status, Team, User
from cases.models.people import agents
from cases.models.rights import Right

MOST_TAGS = 10


def assignees() -> list[tuple[str, str]]:
    """To whom a macro may assign a case, as its `assignee` says it."""
    people = [(str(one.pk), str(one)) for one in agents()]
    return [("", "Leave as it is"), ("me", "Whoever applies it"), ("none", "Nobody"), *people]


class MacroForm(forms.ModelForm):
    circle = forms.ChoiceField(label="For whom?")
    body = Message(
        "Text",
        "",
        rows=6,
        required=False,
        help_text="{customer}, {agent}, {case}, {system} and {summary} are filled in.",
    )
    status = forms.ChoiceField(
        choices=[("", "Leave as it is"), *Status.choices[:3]],
        required=False,
        help_text="With Resolved the text is the resolution.",
    )
    assignee = forms.ChoiceField(required=False)
    tags = forms.CharField(
        label="Add tags", max_length=400, required=False, help_text="Separate with commas."
    )
    checklist = forms.CharField(
        widget=forms.Textarea({"rows": 3}),
        max_length=10_000,
        required=False,
        help_text="What is to be done, a line each. Customers never see it.",
    )
    snooze_hours = forms.IntegerField(
        label="Snooze for hours", min_value=1, max_value=24 * 90, required=False
    )

    class Meta:
        model = Macro
        fields = ["name", "circle", "body", "internal", "status", "severity", "priority", "area", "assignee", "team", "tags", "checklist", "snooze_hours"]  # fmt: skip
        labels = {"internal": "Internal note, not a reply"}
        help_texts = {"internal": ""}
        error_messages = {"name": {"required": "Give the macro a name."}}

    def __init__(self, data: Any = None, *, agent: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.agent = agent
        self.teams = {f"team-{team.pk}": team for team in Team.objects.filter(members=agent)}
        circle = [("me", "Only me"), *((key, f"Team {team}") for key, team in self.teams.items())]
        self._choices(
            "circle", [*circle, ("all", "Everybody")] if agent.may(Right.SHARE_WITH_EVERYBODY) else circle
        )
        self.initial["circle"] = self._circle()
        self._choices("assignee", assignees())
        for name in ("severity", "priority", "area"):
            field: Any = self.fields[name]
            self._choices(name, [("", "Leave as it is"), *[*field.choices][1:]])
        self.fields["team"].empty_label = "Leave as it is"  # type: ignore[attr-defined]
        self.initial["checklist"] = "\n".join(self.instance.checklist)
        self.initial["tags"] = ", ".join(self.instance.tags)
        if data is None and not self.instance.pk:
            self.fields["name"].widget.attrs["autofocus"] = True

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _circle(self) -> str:
        if self.instance.shared_with_id:
            return f"team-{self.instance.shared_with_id}"
        return "all" if self.instance.pk and not self.instance.owner_id else "me"

    def clean_tags(self) -> list[str]:
        tags = [" ".join(tag.split()).casefold() for tag in re.split(r"[,\n]", self.cleaned_data["tags"])]
        found = list(dict.fromkeys(filter(None, tags)))
        if long := next((tag for tag in found if len(tag) > 40), None):
            raise forms.ValidationError(f"The tag “{long[:40]}…” is too long: 40 characters fit.")
        if len(found) > MOST_TAGS:
            raise forms.ValidationError(f"These are {len(found)} tags, and a macro adds {MOST_TAGS} at most.")
        return found

    def clean_checklist(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["checklist"].splitlines()]
        items = list(dict.fromkeys(filter(None, lines)))
        try:
            checklists.check(items)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        if len(items) > checklists.MOST:
            raise forms.ValidationError(
                f"These are {len(items)} items, and a checklist has {checklists.MOST} at most."
            )
        return items

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        resolves = said.get("status") == Status.RESOLVED
        if resolves and not said.get("body"):
            self.add_error("body", "Resolving a case needs a text: it becomes the resolution.")
        if resolves and said.get("internal"):
            self.add_error("internal", "A resolution is for the customer, so it cannot be internal.")
        if resolves and said.get("snooze_hours"):
            self.add_error("snooze_hours", "Resolved cases can’t be snoozed. Choose one of the two.")
        changes = (
            "body",
            "status",
            "severity",
            "priority",
            "area",
            "assignee",
            "team",
            "tags",
            "checklist",
            "snooze_hours",
        )
        if not self.errors and not any(said.get(name) for name in changes):
            self.add_error(None, "This macro does nothing yet. Add text or a change.")
        return said

    def _post_clean(self) -> None:
        circle = self.cleaned_data.get("circle")
        self.instance.owner = self.agent if circle == "me" else None
        self.instance.shared_with = self.teams.get(circle or "")
        super()._post_clean()  # type: ignore[misc]
