"""What people type. Every text is kept when something is wrong with it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4, uuid5

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from cases import moments, queue
from cases.attachment_forms import Attaching
from cases.first_message import HIT, composed
from cases.models import (
    Area,
    Case,
    Incident,
    Macro,
    Priority,
    Request,
    Severity,
    Status,
    System,
    Team,
    User,
    Viewer,
    WaitingOn,
)
from cases.models.case import ACTIVE
from cases.models.people import agents
from cases.numbers import whole_number

LONGEST_MESSAGE = 100_000
MOST_KNOWN = 5  # incidents that a report is compared with
MOST_REPORTED = 3  # cases, likewise
LATELY = timedelta(days=1)
SAME = "I have this problem too."
TOO_MUCH = "Search for less: 200 characters fit, and no characters that cannot be seen."


class Message(forms.CharField):
    def __init__(self, label: str, missing: str, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.Textarea({"rows": rows}),
            error_messages={"required": missing},
            validators=[
                MaxLengthValidator(
                    LONGEST_MESSAGE, "This text is too long: %(show_value)s characters, %(limit_value)s fit."
                )
            ],
            **kwargs,
        )


class OneOfMany(forms.Form):
    """A form that may stand beside others on its page, so its ids bear its name."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.removesuffix('Form').lower()}_%s", **kwargs)


class Once(OneOfMany):
    """A form that counts once, however often it is sent."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"token": uuid4()})


class ReportForm(Attaching, Once):
    """A new case. `name` and `email` are asked of those who are not signed in.

    Whoever says that it is a known `incident` need not describe it once more.
    """

    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": "Tell us your name."},
    )
    email = forms.EmailField(
        label="Your email address",
        max_length=254,
        help_text="We answer here, and you sign in with it.",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Tell us where to answer you."},
    )
    system = forms.ModelChoiceField(
        System.objects.filter(retired=False),
        label="Which system?",
        empty_label="Choose…",
        error_messages={"required": "Choose the system that the problem is in."},
    )
    summary = forms.CharField(
        label="Summary",
        max_length=200,
        help_text="One line, as you would say it to a colleague.",
        error_messages={"required": "Say in one line what is wrong."},
    )
    tried = Message("What did you try to do?", "", rows=2, required=False)
    description = Message(
        "What happened?",
        "Tell us what happened, so that we can help.",
        rows=5,
        help_text="And what you expected instead. Copy the words of an error message.",
    )
    since = forms.CharField(
        label="Since when?",
        max_length=120,
        required=False,
        help_text="As well as you know: “this morning”, “since the update”.",
    )
    hit = forms.ChoiceField(
        label="Who has this problem?", choices=HIT.items, widget=forms.RadioSelect, required=False
    )
    severity = forms.TypedChoiceField(
        label="How bad is it?",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (Severity.CRITICAL, "Critical: we cannot work"),
            (Severity.HIGH, "High: an important part fails"),
            (Severity.MEDIUM, "Medium: it hinders us, there is a way around"),
            (Severity.LOW, "Low: a question or a blemish"),
        ],
        error_messages={"required": "Choose how bad it is for you."},
    )
    incident = forms.ModelChoiceField(Incident.objects.none(), required=False, widget=forms.HiddenInput)
    words = ""  # files alone are no report
    over: Incident | None = None  # the incident that was chosen, when it was resolved meanwhile

    def __init__(self, data: Any = None, *, viewer: Viewer, typed: dict[str, str] | None = None) -> None:
        """`typed` is shown without being judged."""
        super().__init__(data)
        self.viewer = viewer
        self.initial.update(typed or {})
        incidents: Any = self.fields["incident"]
        incidents.queryset = self.incidents = Incident.objects.visible_to(viewer)
        if data is None and not self.initial.get("system"):
            self.fields["system"].widget.attrs["autofocus"] = True
        if viewer.is_agent:
            self.fields["name"].label = "Customer's name"
            self.fields["email"].label = "Customer's email address"
            self.fields["email"].help_text = "The case is opened for them."
        elif viewer.is_authenticated:
            del self.fields["name"], self.fields["email"]

    def clean(self) -> None:
        super().clean()
        self._join_incident()
        parts = {name: self.cleaned_data.pop(name, "") for name in ("tried", "since", "hit")}
        if "description" in self.cleaned_data:
            self.cleaned_data["description"] = composed(self.cleaned_data["description"], **parts)

    def _join_incident(self) -> None:
        incident, system = self.cleaned_data.get("incident"), self.cleaned_data.get("system")
        self.errors.pop("incident", None)  # one that is not there is none
        self.cleaned_data["incident"] = None
        if incident is None or incident.system != system:
            return
        if incident.is_open:
            self.cleaned_data["incident"] = incident
            self._fill_in({"summary": incident.title, "description": SAME, "severity": incident.severity})
            return
        self.over = incident
        if self.errors:
            self.add_error(
                None,
                f"“{incident.title}” was resolved meanwhile. If it still fails for you, tell us what happens.",
            )

    def _fill_in(self, words: dict[str, Any]) -> None:
        for name, value in words.items():
            if name in self.errors and not self[name].value():
                del self.errors[name]
                self.cleaned_data[name] = value

    @cached_property
    def known(self) -> list[Incident]:
        """The open incidents of the system that is chosen, and first the one that was asked for."""
        system = whole_number(str(self["system"].value() or ""), digits=9)
        asked = whole_number(str(self["incident"].value() or "")) or 0
        found = self.incidents.open().filter(system=system).annotate(asked=Q(pk=asked))
        return list(found.order_by("-asked", "-number")[:MOST_KNOWN]) if system else []

    @cached_property
    def reported(self) -> list[Case]:
        """What they and their colleagues lately reported of the system that is chosen, while it is worked on."""
        system = whole_number(str(self["system"].value() or ""), digits=9)
        if not system or not isinstance(self.viewer, User) or self.viewer.is_agent:
            return []
        lately = timezone.now() - LATELY
        cases = Case.objects.visible_to(self.viewer).filter(told_at__gte=lately, opened_at__gte=lately)
        return list(cases.filter(system=system, status__in=ACTIVE).order_by("-told_at")[:MOST_REPORTED])

    @property
    def chosen(self) -> Incident | None:
        """The known incident that this is said to be."""
        number = str(self["incident"].value() or "")
        return next((incident for incident in self.known if str(incident.pk) == number), None)

    def focus_first_error(self) -> None:
        """Put the cursor where the first mistake is."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return


class ReplyForm(Attaching, Once):
    body = Message("Reply", "Write a reply before sending it.")


class NoteForm(Attaching, Once):
    body = Message("Internal note", "Write a note before adding it.", help_text="@name tells a colleague.")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["body"].widget.attrs |= {
            "data-mentions": "",
            "aria-autocomplete": "list",
            "autocomplete": "off",
        }


class CommentForm(Attaching, Once):
    """What a customer adds to "not yet" or to reopening, if anything."""

    body = Message("What is still wrong?", "", rows=3, required=False)


class GiveForm(Attaching, Once):
    """What the customer gives that we `asked` for. Each request has its own."""

    body = Message("Your answer", "Write an answer before sending it.", rows=3)

    def __init__(self, asked: Request, data: Any = None) -> None:
        super().__init__(data)
        self.asked, self.auto_id = asked, f"give_{asked.pk}_%s"


class RatingForm(OneOfMany):
    """How our help was: good or not, and a word to it."""

    good = forms.TypedChoiceField(
        choices=[("yes", "Good"), ("no", "Not good")],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
        error_messages={"required": "Say whether our help was good."},
    )
    word = forms.CharField(
        label="Anything you would like to add?",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class EndForm(forms.Form):
    """Which end of a case somebody speaks of, by when it was resolved: a form that comes late means no other."""

    resolved_at = forms.DateTimeField(required=False)


class ResolveForm(OneOfMany):
    resolution = Message("Resolution", "Say what was done, in words for the customer.", rows=3)
    root_cause = Message(
        "Root cause", "", rows=2, required=False, help_text="Why it happened. The customer will not see this."
    )
    area = forms.ChoiceField(choices=[("", "Not known"), *Area.choices], required=False)
    is_bug = forms.TypedChoiceField(
        label="Is it a bug?",
        choices=[("", "Not decided"), ("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    def clean(self) -> None:
        if self.cleaned_data.get("is_bug") and not self.cleaned_data.get("root_cause", "x"):
            self.add_error("root_cause", "Say why it happened: this is a bug.")


class ClosureForm(OneOfMany):
    """Why a bug happened that is closed without asking the customer."""

    root_cause = Message("Root cause", "", rows=2, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["root_cause"].widget.attrs["autofocus"] = True


# One question for all, in plain SQL: every page of the desk asks it.
OFFERED = """
    SELECT 'agent', id, coalesce(nullif(name, ''), email) FROM cases_user
    WHERE NOT role = %s AND is_active
    UNION ALL SELECT 'team', id, name FROM cases_team
    UNION ALL SELECT 'system', id, name FROM cases_system
    ORDER BY 3
"""


def offered() -> dict[str, list[tuple[str, str]]]:
    """Every `agent`, `team` and `system` as choices of a menu, by name."""
    found: dict[str, list[tuple[str, str]]] = {"agent": [], "team": [], "system": []}
    with connection.cursor() as cursor:
        cursor.execute(OFFERED, [User.Role.CUSTOMER])
        for kind, pk, name in cursor:
            found[kind].append((str(pk), name))
    return found


class Number(forms.TypedChoiceField):
    """A filter by one of some numbers, or by none."""

    def __init__(self, label: str, choices: Any = ()) -> None:
        super().__init__(
            label=label.capitalize(), choices=choices, coerce=int, empty_value=None, required=False
        )


class SuggestionForm(Once):
    """What the incident is called that a suggestion becomes. One that exists already needs nothing of it."""

    title = forms.CharField(
        max_length=200,
        help_text="Everybody can read it on the status page: nothing of a customer belongs into it.",
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
    at = forms.DateTimeField(required=False, error_messages={"invalid": "Choose a day and a time."})

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

    due_at = forms.DateTimeField(required=False, error_messages={"invalid": "Choose a day and a time."})


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
    other = CaseField("Type the number of the case to link.")


class MergeForm(OtherCaseForm):
    into = CaseField("Type the number of the case in which this one goes on.")


class AskForm(forms.Form):
    """What the customer is asked for."""

    what = forms.CharField(max_length=200, error_messages={"required": "Say what you ask for."})


class HandoverForm(Once):
    """To an agent (`agent=3`) or a team (`team=1`), with what they need to know."""

    to = forms.CharField(error_messages={"required": "Choose who takes over."})
    note = Message("Note", "Write what they need to know.", rows=3)

    def clean_to(self) -> User | Team:
        kind, _, number = self.cleaned_data["to"].partition("=")
        receivers: Any = {"agent": agents(), "team": Team.objects}.get(kind)
        found = receivers and receivers.filter(pk=whole_number(number)).first()
        if not found:
            raise forms.ValidationError("That colleague or team is no longer here. Choose another.")
        return found


class EscalationForm(Once):
    """A question to a team, while the case keeps its owner."""

    team = forms.ModelChoiceField(
        Team.objects.all(),
        error_messages={
            "required": "Choose the team to ask.",
            "invalid_choice": "That team is no longer here. Choose another.",
        },
    )
    note = Message("Note", "Write what they are to find out.", rows=3)


class AnswerForm(Once):
    note = Message("Answer", "Write the answer before sending it.", rows=3)


class SignupNameForm(forms.Form):
    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )

    def signup(self, request: Any, user: User) -> None:
        """allauth asks for this; the adapter has saved the name by now."""


class CaseFilter(forms.Form):
    """The customer's list. Unknown values are left out and named."""

    q = forms.CharField(label="Search", max_length=200, required=False)
    status = forms.ChoiceField(
        choices=[("", "All"), ("active", "Being worked on"), ("resolved", "Resolved"), ("closed", "Closed")],
        required=False,
    )
    whose = forms.ChoiceField(choices=[("", "Everybody’s"), ("mine", "Mine")], required=False)
    page = forms.IntegerField(min_value=0, max_value=400, required=False, widget=forms.HiddenInput)


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
            ("", "Anyone"), ("me", "Me"), ("none", "Nobody"), *self.offered["agent"],
        ]  # fmt: skip
        fields["system"].choices = [("", "Any"), *self.offered["system"]]
        fields["team"].choices = [("", "Any"), *self.offered["team"]]
        fields["escalated"].choices = [
            ("", "Whether or not"), ("mine", "To my teams"), ("any", "To any team"), *self.offered["team"],
        ]  # fmt: skip

    def clean_tag(self) -> str:
        return " ".join(self.cleaned_data["tag"].lower().split())

    @property
    def has_more(self) -> bool:
        """Whether one of the filters is in use that are folded away."""
        folded = ("priority", "area", "team", "waiting", "due", "tag", "escalated")
        return any(self.data.get(name) for name in folded)


class SearchFilter(QueueFilter):
    """What a search is for, among which cases, and in which order."""

    status = forms.ChoiceField(
        choices=[
            ("", "Any"),
            ("active", "Open and investigating"),
            *Status.choices[:2],
            ("snoozed", "Snoozed"),
            *Status.choices[2:],
        ],
        required=False,
    )
    order = forms.ChoiceField(choices=[("", "Best"), ("newest", "Newest")], required=False)

    def clean_status(self) -> str:
        """As `cases.queue.narrowed` takes it."""
        return {"": "all", "active": ""}.get(self.cleaned_data["status"], self.cleaned_data["status"])


class ViewForm(forms.Form):
    """A name for what the queue is narrowed to, and who sees it."""

    name = forms.CharField(max_length=60, error_messages={"required": "Give the view a name."})
    audience = forms.ChoiceField(label="For", required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, audiences: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, auto_id="view_%s", **kwargs)
        self.audiences = dict(audiences)
        self.fields["audience"].choices = audiences  # type: ignore[attr-defined]


def audiences(agent: User) -> list[tuple[str, str]]:
    """Whom an agent may set something up for: themselves, their teams, and as administrator everybody."""
    teams = [(str(pk), f"Team {name}") for pk, name in agent.teams.values_list("pk", "name")]
    return [("me", "Only me"), *teams, *([("all", "Everybody")] if agent.is_staff else [])]


def bulk_changes(
    offered: dict[str, list[tuple[str, str]]], macros: Iterable[Macro]
) -> dict[str, list[tuple[str, str]]]:
    """What can be done to many cases at once, in groups. The key is a change and its value: `priority=1`."""
    groups: dict[str, tuple[str, Any]] = {
        "Assign to": ("assignee", [("me", "Me"), ("none", "Nobody"), *offered["agent"]]),
        "Team": ("team", [*offered["team"], ("none", "No team")]),
        "Status": ("status", [*Status.choices[:2], ("closed", "Close without asking")]),
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


class BulkForm(forms.Form):
    """What to do with many cases."""

    change = forms.ChoiceField(
        error_messages={
            "required": "Choose what to change.",
            "invalid_choice": "That is not offered any more as it was. Choose again what to change.",
        }
    )
    tag = forms.CharField(max_length=40, required=False)
    token = forms.UUIDField(required=False)

    def __init__(self, agent: User, data: Any) -> None:
        super().__init__(data)
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
            value = self.cleaned_data["tag"]
            label = f"Add the tag {value}"
        if name == "snooze":
            value = moments.MORNINGS[value].moment().isoformat()
        return {"name": name, "value": value, "label": label, "token": self.cleaned_data["token"]}

    @property
    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])
