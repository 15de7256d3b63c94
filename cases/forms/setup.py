"""What is asked while an installation is set up."""

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.actions import invitations
from cases.actions.ready_levels import READY
from cases.models import BusinessHours, System, Team, User
from cases.models.addresses import AddressInput
from cases.models.people import agents
from cases.models.rights import Right, roles_with

from .base import Words, YourName
from .service_levels import DAYS, BusinessHoursForm

WORK = [(time(9), time(17))]


class FirstForm(forms.Form):
    """Who the first administrator is."""

    name = YourName(help_text="Customers see it next to your answers.", autofocus=True)
    email = AddressInput(
        label="Your email address",
        help_text="You sign in with it.",
        widget=forms.EmailInput({"autocomplete": "username"}),
        error_messages={"required": "Type the address that you sign in with."},
    )
    password = forms.CharField(
        label="A password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="Eight characters or more.",
        error_messages={
            "required": "Choose a password: no email is sent from here yet, so there are no codes."
        },
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        if settings.MAIL_GOES:
            self.fields["password"].required = False
            self.fields[
                "password"
            ].help_text = "Eight characters or more. Without one you sign in with emailed codes."

    def clean(self) -> None:
        super().clean()
        if password := self.cleaned_data.get("password"):
            person = User(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)


class PublicSystemForm(forms.ModelForm):
    """What customers report problems of. It is public by this form's word alone."""

    class Meta:
        model = System
        fields = ["name", "description", "public"]
        labels = {"public": "Show it to customers"}
        help_texts = {
            "name": "As customers know it.",
            "description": "A line or two, shown with the system.",
            "public": "On the first page, the status page and in the report form. Agents use every system.",
        }
        widgets = {"description": forms.Textarea({"rows": 3})}
        error_messages = {
            "name": {
                "required": "Say what it is called.",
                "unique": "There is a system of this name already.",
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("public", True)


class HearersForm(forms.Form):
    """Who is told of new cases that no other team takes."""

    name = Words(
        label="What is this team called?",
        max_length=80,
        initial="Support",
        error_messages={"required": "Give the team a name."},
    )
    members = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Who is in it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person, or nobody hears about new cases."},
    )

    def __init__(self, data: Any = None, *, by: User, team: Team | None) -> None:
        initial = {"members": list(team.members.values_list("pk", flat=True)) if team else [by.pk]}
        super().__init__(data, initial=initial | ({"name": team.name} if team else {}))
        self.team = team
        members: Any = self.fields["members"]
        members.queryset = agents()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.team and Team.objects.filter(name=name).exclude(pk=self.team.pk).exists():
            raise ValidationError("There is another team of this name.")
        return name


class ColleagueForm(forms.Form):
    """Whom to bring to the desk, by a mailed link, or with a password to hand over."""

    email = AddressInput(
        label="Their email address", error_messages={"required": "Type the address of your colleague."}
    )
    name = Words(
        label="Their name",
        max_length=120,
        error_messages={"required": "Say who it is: customers read the name."},
    )
    role = forms.ChoiceField(
        label="What may they do?",
        choices=[(role.value, role.label) for role in roles_with(Right.READ_DESK)],
        initial=User.Role.AGENT,
    )
    hears = forms.BooleanField(label="They hear of new cases", required=False, initial=True)

    def __init__(self, data: Any = None, *, by: User, team: Team | None) -> None:
        super().__init__(data)
        self.by, self.team = by, team
        if settings.MAIL_GOES:
            del self.fields["name"]
        if team is None:
            del self.fields["hears"]

    def clean(self) -> None:
        super().clean()
        email, role = self.cleaned_data.get("email"), self.cleaned_data.get("role")
        if settings.MAIL_GOES and email and role:
            answer = invitations.can_be_invited(email, by=self.by, role=role, organisation=None)
            if answer.refusal:
                self.add_error("email", answer.refusal)

    @property
    def teams(self) -> list[Team]:
        return [self.team] if self.team and self.cleaned_data.get("hears") else []


class HoursForm(BusinessHoursForm):
    """A week of work, in the zone of whoever asks."""

    time_zone = forms.ChoiceField(
        label="Time zone", choices=lambda: [(name, name) for name in sorted(available_timezones())]
    )

    class Meta(BusinessHoursForm.Meta):
        labels = {"name": "What do you call them?"}
        error_messages = {"name": {"unique": "There are business hours of this name already."}}

    def __init__(self, data: Any = None, *, instance: BusinessHours | None) -> None:
        super().__init__(data, instance=instance)
        if instance is None:
            week = dict.fromkeys(list(DAYS)[:5], WORK)
            zone = timezone.get_current_timezone_name()
            self.initial.update({"name": "Business hours", "time_zone": zone, **week})


class LevelForm(forms.Form):
    level = forms.ChoiceField(
        choices=[(level.key, level.name) for level in READY],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the three."),
    )
