"""What people say of themselves, and how pages are to look to them."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from cases.models import User
from cases.models.profile import ClockFormat
from cases.models.rights import Right
from cases.models.sender import one_line_name

from .base import YourName, ones_own_name

AGAIN = "Choose the picture again: a page cannot keep a file while something else is put right."


class ProfileForm(forms.Form):
    name = YourName(validators=[one_line_name])
    picture = forms.FileField(
        label="Picture",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    chosen_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=lambda: [
            ("", "As on my device"),
            *((name, name) for name in sorted(available_timezones())),
        ],
        error_messages={"invalid_choice": "There is no such time zone. Choose one of the list."},
    )
    clock = forms.ChoiceField(
        label="Times of day",
        choices=ClockFormat,
        widget=forms.RadioSelect,
        help_text="Email to you says 14:30 unless you choose 2:30 pm.",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose how times are written."),
    )
    single_keys = forms.BooleanField(
        label="Use single-letter shortcuts, such as “r” to reply", required=False
    )

    def __init__(self, data: Any = None, files: Any = None, *, person: User) -> None:
        self.person = person
        names = ("name", "chosen_zone", "clock", "single_keys")
        super().__init__(data, files, initial={name: getattr(person, name) for name in names})
        works = person.may(Right.READ_DESK)
        self.fields["picture"].help_text = (
            "Shown at the desk and to customers next to your messages."
            if works
            else "Only the people who help you see it."
        )

    def clean(self) -> None:
        super().clean()
        if self.errors and self.cleaned_data.get("picture"):
            self.add_error("picture", AGAIN)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not self.person.may(Right.READ_DESK) and name != self.person.name:
            ones_own_name(name)
        return name
