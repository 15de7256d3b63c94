"""Administration: which cases some people of the desk see."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from cases.actions import limits
from cases.models import Limit, System, Team

from .audited import AuditedAdmin


class LimitForm(forms.ModelForm):
    systems = forms.ModelMultipleChoiceField(
        System.objects.order_by("name"),
        required=False,
        help_text="They see the cases of these systems, whichever team has them.",
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(),
        required=False,
        help_text="They see the cases that these teams have or are asked about. A case without a team is not among"
        " them: someone without this limit gives it to a team first.",
    )

    class Meta:
        model = Limit
        fields = ("name", "systems", "teams")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        systems, teams = said.get("systems"), said.get("teams")
        if not self.errors and bool(systems) == bool(teams):
            raise forms.ValidationError("Choose either systems or teams.")
        return said

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "systems", "teams"}  # type: ignore[misc]  # set by the action, as numbers


@admin.register(Limit)
class LimitAdmin(AuditedAdmin):
    form = LimitForm
    list_display = ["name", "to", "limited"]
    search_fields = ["name"]

    @admin.display(description="to")
    def to(self, limit: Limit) -> str:
        found: Any = System.objects if limit.systems else Team.objects
        return ", ".join(map(str, found.filter(pk__in=limit.systems or limit.teams)))

    @admin.display(description="people")
    def limited(self, limit: Limit) -> int:
        return limit.people.count()

    def save_model(self, request: HttpRequest, obj: Limit, form: Any, change: bool) -> None:
        said = form.cleaned_data
        chosen = {name: [thing.pk for thing in said[name]] for name in ("systems", "teams")}
        limits.save(obj, **chosen)
