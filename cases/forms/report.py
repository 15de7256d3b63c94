"""A new case, and a new account."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from cases.models import (
    Case,
    Incident,
    Severity,
    System,
    User,
    Viewer,
)
from cases.models.addresses import AddressInput
from cases.models.choices import ACTIVE
from cases.text.first_message import HIT, composed
from cases.text.numbers import whole_number
from cases.wording.deliveries import unless_no_mail

from .attachments import Attaching
from .base import Message, Once, Words, YourName, ones_own_name
from .secrets import Asking

MOST_KNOWN = 5  # incidents that a report is compared with
MOST_REPORTED = 3  # cases, likewise
LATELY = timedelta(days=1)
SAME = "I have this problem too."


class ReportForm(Asking, Attaching, Once):
    """A new case. `name` and `email` are asked of those who are not signed in.

    Whoever says that it is a known `incident` need not describe it once more.
    """

    name = YourName()
    email = AddressInput(
        label="Your email address",
        help_text="We’ll reply here, and you sign in with it.",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Tell us where to answer you."},
    )
    system = forms.ModelChoiceField(
        System.objects.none(),
        label="Which system?",
        empty_label="Choose…",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose the system that the problem is in."
        ),
    )
    summary = Words(
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
        help_text="And what you expected instead. Include any error message.",
    )
    since = Words(
        label="Since when?",
        max_length=120,
        required=False,
        help_text="As best you know: “this morning”, “since the update”.",
    )
    hit = forms.ChoiceField(
        label="Who has this problem?", choices=HIT.items, widget=forms.RadioSelect, required=False
    )
    severity = forms.TypedChoiceField(
        label="How bad is it?",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (Severity.CRITICAL, "Critical: we can’t work"),
            (Severity.HIGH, "High: something important doesn’t work"),
            (Severity.MEDIUM, "Medium: it slows us down, but there’s a workaround"),
            (Severity.LOW, "Low: a question or a small flaw"),
        ],
        error_messages={"required": "Choose how bad it is for you."},
    )
    incident = forms.ModelChoiceField(Incident.objects.none(), required=False, widget=forms.HiddenInput)
    words = ""  # files alone are no report
    most_known, most_reported = MOST_KNOWN, MOST_REPORTED
    over: Incident | None = None  # the incident that was chosen, when it was resolved meanwhile

    def __init__(self, data: Any = None, *, viewer: Viewer, typed: dict[str, Any] | None = None) -> None:
        """`typed` is shown without being judged."""
        super().__init__(data)
        self.viewer = viewer
        self.initial.update(typed or {})
        systems: Any = self.fields["system"]
        systems.queryset = self.systems = System.objects.offered_to(viewer)
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
        else:
            self.fields["name"].validators.append(ones_own_name)
            self.fields["email"].help_text = unless_no_mail(str(self.fields["email"].help_text))

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
    def has_systems(self) -> bool:
        """Whether there is anything that a case could be about. The menu shows what was read for this."""
        field: Any = self.fields["system"]
        _, *systems = field.widget.choices = list(
            iter(field.choices)
        )  # a list of them alone would count first
        return bool(systems)

    @cached_property
    def known(self) -> list[Incident]:
        """The open incidents of the system that is chosen, and first the one that was asked for: one more than is shown."""
        system = whole_number(str(self["system"].value() or ""), digits=9)
        asked = whole_number(str(self["incident"].value() or "")) or 0
        found = (
            self.incidents.open()
            .filter(system__in=self.systems.filter(pk=system or 0))
            .annotate(asked=Q(pk=asked))
        )
        return list(found.order_by("-asked", "-number")[: MOST_KNOWN + 1]) if system else []

    @cached_property
    def reported(self) -> list[Case]:
        """What they and their colleagues lately reported of the system that is chosen, while it is worked on: one more than
        is shown."""
        system = whole_number(str(self["system"].value() or ""), digits=9)
        if not system or not isinstance(self.viewer, User) or self.viewer.is_agent:
            return []
        lately = timezone.now() - LATELY
        cases = Case.objects.visible_to(self.viewer).filter(last_public_at__gte=lately, opened_at__gte=lately)
        return list(
            cases.filter(system=system, status__in=ACTIVE).order_by("-last_public_at")[: MOST_REPORTED + 1]
        )

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


class SignupNameForm(forms.Form):
    name = YourName(validators=[ones_own_name])

    def signup(self, request: Any, user: User) -> None:
        """allauth asks for this; `cases.forms.accounts.SignUp` keeps the name."""
