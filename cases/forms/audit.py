"""What the audit log is narrowed to."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from cases.models import AuditKind, User
from cases.models.addresses import one_spelling
from cases.models.people import WORKS_ON_CASES
from cases.queries.audit import Wanted


class Day(forms.DateField):
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": "Write days like 2026-12-24."}

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        if day and not 1970 <= day.year <= 9000:
            raise forms.ValidationError(self.error_messages["invalid"])
        return day


class AuditFilter(forms.Form):
    kind = forms.ChoiceField(label="What", choices=[("", "Everything"), *AuditKind.choices], required=False)
    person = forms.CharField(label="Who, or about whom", max_length=254, required=False)
    address = forms.GenericIPAddressField(
        label="From the address",
        required=False,
        error_messages={"invalid": "Write addresses like 192.0.2.7 or 2001:db8::7."},
    )
    since = Day(label="From", required=False)
    until = Day(label="To", required=False)

    def clean_person(self) -> User | None:
        typed = self.cleaned_data["person"].strip()
        if not typed:
            return None
        found = User.objects.filter(email=one_spelling(typed)).first() or _alone(typed)
        if found is None:
            raise forms.ValidationError(
                "Nobody has this address. Type a whole one, as ada@example.com, or an agent’s name."
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The end is before the start. Swap the two days.")
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What is asked for, without what was refused."""
        said = self.cleaned_data
        return Wanted(
            kind=said.get("kind", ""),
            person=said.get("person"),
            address=said.get("address", ""),
            since=_midnight(said.get("since"), 0),
            until=_midnight(said.get("until"), 1),
        )

    @property
    def words(self) -> str:
        """What it narrows to, for people: "What: Sign-in, From: 2026-12-24"."""
        shown = {name: self.data.get(name, "") for name in self.fields if self.cleaned_data.get(name)}
        return ", ".join(f"{self[name].label}: {value}" for name, value in shown.items())


def _alone(name: str) -> User | None:
    """The agent who bears this name, if it is one, who may have left."""
    found = User.objects.filter(WORKS_ON_CASES, name=name)[:2]
    return found[0] if len(found) == 1 else None


def _midnight(day: Any, days: int) -> datetime | None:
    """When this day begins for whoever looks, or the one so many days later."""
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(days=days)) if day else None
