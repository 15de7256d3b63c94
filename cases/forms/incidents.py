"""What agents type about incidents. Every text is kept when something is wrong with it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator

from cases.actions.incident_updates import LONGEST_UPDATE
from cases.forms import CaseField, Message, NoteForm, Once, OneOfMany, OtherCaseForm, ResolveForm
from cases.forms.secrets import Asking
from cases.models import Area, Severity, System, User
from cases.models.incident import OPEN_STAGES
from cases.models.people import agents

AREAS = [("", "Not known"), *Area.choices]
SEVERITIES = Severity.choices[:4]
STAGES = [(stage.value, stage.label) for stage in OPEN_STAGES]


class PublicText(Message):
    """A text that everybody may read, of a length that a mail and a status page can bear."""

    def __init__(self, label: str, missing: str, **kwargs: Any) -> None:
        super().__init__(label, missing, **kwargs)
        words = f"This text is too long: %(show_value)s characters, {LONGEST_UPDATE:,} fit."
        others = [one for one in self.validators if not isinstance(one, MaxLengthValidator)]
        self.validators = [MaxLengthValidator(LONGEST_UPDATE, words), *others]


class TitleField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="Title",
            max_length=200,
            help_text="Everyone can read it, so don’t mention customers.",
            error_messages={"required": "Say in one line what is broken."},
        )


class IncidentForm(Once):
    """A new incident. The cases to attach come beside it."""

    title = TitleField()
    system = forms.ModelChoiceField(
        System.objects.all(),
        empty_label="Choose…",
        error_messages={"required": "Choose the system that is affected."},
    )
    severity = forms.TypedChoiceField(choices=SEVERITIES, coerce=int)
    area = forms.ChoiceField(choices=AREAS, required=False)
    public = forms.BooleanField(label="On the status page", required=False)

    def __init__(self, data: Any = None, known: dict[str, Any] | None = None) -> None:
        initial = {"token": uuid4(), "severity": Severity.HIGH, "public": True} | (known or {})
        OneOfMany.__init__(self, data, initial=initial)
        if data is None:
            self.fields["title"].widget.attrs["autofocus"] = True


class IncidentDetailForm(forms.Form):
    """One detail of an incident, changed in place. The field is the only one and bears the detail's name."""

    FIELDS: dict[str, forms.Field] = {
        "severity": forms.TypedChoiceField(choices=SEVERITIES, coerce=int),
        "area": forms.ChoiceField(choices=AREAS, required=False),
        "owner": forms.ModelChoiceField(User.objects.none(), required=False),
        "public": forms.ChoiceField(choices=[("no", "No"), ("yes", "Yes"), ("earlier", "Earlier")]),
        "title": TitleField(),
    }

    def __init__(self, name: str, data: Any) -> None:
        super().__init__(data)
        field = self.fields[name] = self.FIELDS[name].__class__.__deepcopy__(self.FIELDS[name], {})
        if name == "owner":
            field.queryset = agents()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if shown := self.cleaned_data.get("public"):
            return {"public": shown != "no", "earlier": shown == "earlier"}
        return self.cleaned_data


class UpdateForm(Asking, Once):
    body = PublicText(
        "Public update",
        "Write an update first.",
        rows=5,
        help_text="{customer}, {agent}, {case}, {system} and {summary} are filled in for each case.",
    )
    status = forms.ChoiceField(choices=STAGES, required=False)

    def __init__(self, data: Any = None, status: str = "") -> None:
        super().__init__(data)
        self.initial["status"] = status


class IncidentNoteForm(NoteForm):
    attachments = None  # type: ignore[assignment]  # they belong to cases

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["body"].help_text = ""
        self.fields["body"].widget.attrs.pop("data-mentions")


class IncidentResolveForm(ResolveForm):
    attachments = None  # type: ignore[assignment]  # they belong to cases
    resolution = PublicText(
        "Resolution", "Say what was done, in the customers’ words.", rows=3,
        help_text="Each open case is resolved with it, and its customer is asked whether it is fixed.",
    )  # fmt: skip
    token = Once.base_fields["token"]

    def __init__(self, data: Any = None, known: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"token": uuid4()} | (known or {}))
        self.fields["root_cause"].widget.attrs["data-known"] = (known or {}).get("root_cause", "")


class IncidentReopenForm(Asking, Once):
    body = PublicText("What is back?", "", rows=3, required=False, help_text="Everyone can read it.")


class AttachForm(OtherCaseForm):
    case = CaseField("Type the number of the case to attach.")


class JoinForm(forms.Form):
    """The incident that a case is attached to."""

    incident = forms.IntegerField(min_value=1, max_value=10**17)


def known_of(incident: Any) -> dict[str, Any]:
    """What an incident says of itself before it is resolved."""
    is_bug = {True: "yes", False: "no", None: ""}[incident.is_bug]
    return {"root_cause": incident.root_cause, "area": incident.area, "is_bug": is_bug}
