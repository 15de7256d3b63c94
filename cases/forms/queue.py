"""What lists are narrowed to, and what is done with many cases."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid5

from django import forms

from cases.actions.organisations import people_of
from cases.models import (
    Area,
    Case,
    Column,
    Macro,
    Priority,
    Severity,
    Status,
    User,
    Viewer,
    WaitingOn,
)
from cases.models.rights import Right
from cases.queries import queue
from cases.text.numbers import whole_number

from . import moments
from .details import Number, offered

MOST_COLLEAGUES = 200  # in a menu


# What the queue's menu of filters offers, in its order, by the name of the field.
FILTERS = {
    "status": "Status",
    "severity": "Severity",
    "priority": "Priority",
    "system": "System",
    "assignee": "Assignee",
    "team": "Team",
    "waiting": "Waiting on",
    "due": "Due",
    "area": "Area",
    "escalated": "Escalated",
    "tag": "Tag",
}


class CaseFilter(forms.Form):
    """The customer's list."""

    q = forms.CharField(label="Search", max_length=200, required=False)
    status = forms.ChoiceField(
        choices=[("", "All"), ("active", "Being worked on"), ("resolved", "Resolved"), ("closed", "Closed")],
        required=False,
    )
    whose = forms.ChoiceField(
        label="Colleague", choices=[("", "Everybody’s"), ("mine", "Mine")], required=False
    )
    page = forms.IntegerField(min_value=0, max_value=400, required=False, widget=forms.HiddenInput)
    is_cut = False  # whether there are more colleagues than `whose` names

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data)
        if isinstance(viewer, User) and viewer.organisation and viewer.may(Right.SEE_COLLEAGUES):
            people = people_of(viewer.organisation).exclude(pk=viewer.pk).order_by("name", "email")
            colleagues = list(people[: MOST_COLLEAGUES + 1])
            self.is_cut = len(colleagues) > MOST_COLLEAGUES
            offered = _colleagues(viewer, colleagues[:MOST_COLLEAGUES], data.get("whose"))
            self.fields["whose"].choices += offered  # type: ignore[attr-defined]


def _colleagues(manager: User, people: list[User], chosen: str | None) -> list[tuple[str, str]]:
    """These people, and who was chosen besides and has cases there, as somebody has who left."""
    found = {str(person.pk): str(person) for person in people}
    number = whole_number(chosen or "", digits=9)
    if number and str(number) not in found:
        for case in Case.objects.visible_to(manager).filter(customer=number)[:1]:
            found[str(number)] = case.customer_name or "A former colleague"
    return [*found.items()]


class Columns(forms.CharField):
    """Columns of the queue as an address names them, with commas. What is named twice is there once."""

    def to_python(self, value: Any) -> str:
        names = dict.fromkeys(filter(None, str(super().to_python(value) or "").split(",")))
        if not names.keys() <= set(Column):
            raise forms.ValidationError("The queue has no such column.")
        return ",".join(names)


class QueueFilter(forms.Form):
    """What the queue is narrowed to, and its order, as the URL says it."""

    q = forms.CharField(label="Search", max_length=200, required=False)
    status = forms.ChoiceField(
        choices=[
            ("", "Open and investigating"),
            *Status.choices[:2],
            ("snoozed", "Snoozed"),
            *Status.choices[2:],
            ("all", "All"),
            ("spam", "Spam"),
        ],
        required=False,
    )
    severity = Number("severity", [("", "Any"), *Severity.choices])
    priority = Number("priority", [("", "Any"), *Priority.choices])
    area = forms.ChoiceField(choices=[("", "Any"), *Area.choices], required=False)
    system = Number("system")
    assignee = forms.ChoiceField(required=False)
    team = Number("team")
    waiting = Number("waiting on", [("", "Anybody"), *WaitingOn.choices])
    due = forms.ChoiceField(
        choices=[("", "Any time"), ("soon", "Within 4 hours"), ("over", "Overdue")], required=False
    )
    tag = forms.CharField(max_length=40, required=False)
    escalated = forms.ChoiceField(label="Team that is asked", required=False)
    order = forms.ChoiceField(
        choices=[("", ""), *((name, name) for orders in queue.ORDERS.values() for name in orders)],
        required=False,
    )
    columns = Columns(required=False)

    def __init__(self, data: Any, *, checked: bool = True) -> None:
        """What was checked once need not be asked for again: an agent who is gone has no cases."""
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        if not checked:
            fields["assignee"] = forms.RegexField(r"\A(me|none|[0-9]{1,9})\Z", required=False)
            fields["escalated"] = forms.RegexField(r"\A(mine|any|[0-9]{1,9})\Z", required=False)
            fields["system"] = fields["team"] = forms.IntegerField(max_value=10**9, required=False)
            return
        self.offered = offered()
        fields["assignee"].choices = [
            ("", "Anyone"), ("me", "Me"), ("none", "Nobody"), *self.offered["agent"], *self._left(),
        ]  # fmt: skip
        fields["system"].choices = [("", "Any"), *self.offered["system"]]
        fields["team"].choices = [("", "Any"), *self.offered["team"]]
        fields["escalated"].choices = [
            ("", "Any"), ("mine", "To my teams"), ("any", "To any team"), *self.offered["team"],
        ]  # fmt: skip

    def _left(self) -> list[tuple[str, str]]:
        """Whoever is asked for and is no agent any more: their closed cases are still theirs."""
        chosen = self.data.get("assignee") or ""
        number = whole_number(chosen)
        if not number or chosen in dict(self.offered["agent"]):
            return []
        return [(chosen, f"{person} (left)") for person in User.objects.filter(pk=number)]

    def clean_tag(self) -> str:
        return " ".join(self.cleaned_data["tag"].lower().split())

    def chosen(self) -> list[tuple[str, str, str]]:
        """Each filter of the menu that is in use: its name, its label, and what was chosen as people read it."""
        found = []
        for name, label in FILTERS.items():
            value = self.data.get(name)
            if value and name not in self.errors:
                choices: Any = getattr(self.fields[name], "choices", ())
                said = next((text for key, text in choices if str(key) == value), value)
                found.append((name, label, said))
        return found


class SearchFilter(QueueFilter):
    """What a search is for, among which cases, and in which order."""

    status = forms.ChoiceField(
        choices=[
            ("", "Any"),
            ("active", "Open and investigating"),
            *Status.choices[:2],
            ("snoozed", "Snoozed"),
            *Status.choices[2:],
            ("spam", "Spam"),
        ],
        required=False,
    )
    order = forms.ChoiceField(choices=[("", "Best"), ("newest", "Newest")], required=False)

    def clean_status(self) -> str:
        """As `cases.queries.queue.narrowed` takes it."""
        return {"": "all", "active": ""}.get(self.cleaned_data["status"], self.cleaned_data["status"])


def bulk_changes(
    offered: dict[str, list[tuple[str, str]]], macros: Iterable[Macro]
) -> dict[str, list[tuple[str, str]]]:
    """What can be done to many cases at once, in groups. The key is a change and its value: `priority=1`."""
    groups: dict[str, tuple[str, Any]] = {
        "Reply": ("reply", [("", "Write a reply…")]),
        "Assign to": ("assignee", [("me", "Me"), ("none", "Nobody"), *offered["agent"]]),
        "Team": ("team", [*offered["team"], ("none", "No team")]),
        "Status": ("status", [*Status.choices[:2], ("closed", "Close without asking")]),
        "Spam": ("spam", [("yes", "Mark as spam"), ("no", "No spam")]),
        "Priority": ("priority", [*Priority.choices, ("", "Not decided")]),
        "Severity": ("severity", Severity.choices[:4]),
        "Area": ("area", [*Area.choices, ("", "Not known")]),
        "Tag": ("tag", [("", "Add a tag…")]),
        "Snooze until": ("snooze", [(name, preset.label) for name, preset in moments.MORNINGS.items()]),
        "Macro": (
            "macro",
            [(f"{macro.pk}-{macro.version}", _outcome(macro)) for macro in macros if macro.has_changes],
        ),
    }
    return {
        group: [(f"{name}={value}", label) for value, label in choices]
        for group, (name, choices) in groups.items()
        if choices
    }


def _outcome(macro: Macro) -> str:
    """A macro's name, and what it says where nobody reads it over before."""
    said = {"reply": "sends its reply", "note": "adds its note", "resolve": "resolves with its text"}
    return f"{macro.name} ({said[macro.composer]})" if macro.body else macro.name


WRITES_REPLY = "reply="  # on a page of its own


class BulkForm(forms.Form):
    """What to do with many cases."""

    change = forms.ChoiceField(
        error_messages={
            "required": "Choose what to change.",
            "invalid_choice": "That’s no longer available. Choose what to change again.",
        }
    )
    tag = forms.CharField(max_length=40, required=False)
    token = forms.UUIDField(required=False)

    def __init__(self, agent: User, data: Any) -> None:
        super().__init__(data)
        self.agent = agent
        self.groups = bulk_changes(offered(), Macro.objects.for_agent(agent))
        self.fields["change"].choices = [*self.groups.items()]  # type: ignore[attr-defined]

    def clean(self) -> None:
        # A page that is gone back to carries the same token, and may ask for something else.
        if token := self.cleaned_data.get("token"):
            data: Any = self.data
            asked = [(name, data.getlist(name)) for name in ("change", "tag", "case", "scope", "query")]
            self.cleaned_data["token"] = uuid5(token, repr(asked))
        if self.cleaned_data.get("change") == "tag=" and not self.cleaned_data.get("tag"):
            self.add_error("tag", "Type the tag to add.")

    def chosen(self) -> dict[str, Any]:
        """The chosen change, as `actions.bulk.start` takes it. A time is that of the one who chooses it."""
        chosen = self.cleaned_data["change"]
        name, _, value = chosen.partition("=")
        label = next(
            f"{group}: {label}"
            for group, choices in self.groups.items()
            for key, label in choices
            if key == chosen
        )
        if name == "tag":
            label = f"Add the tag {self.cleaned_data['tag']}"
        return {
            "name": name,
            "value": self._value(name, value),
            "label": label,
            "token": self.cleaned_data["token"],
        }

    def _value(self, name: str, value: str) -> Any:
        """What was chosen, as the change takes it."""
        match name:
            case "assignee" if value == "me":
                return self.agent.pk
            case "assignee" | "team" | "priority" | "severity":
                return int(value) if value.isdecimal() else None
            case "macro":
                pk, _, version = value.partition("-")
                return {"macro": int(pk), "version": version}
            case "tag":
                return self.cleaned_data["tag"]
            case "snooze":
                return moments.MORNINGS[value].moment().isoformat()
        return value

    @property
    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])
