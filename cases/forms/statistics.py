"""What the reports are of."""

from django import forms

from cases.queries.statistics import COLUMNS, GROUPS

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days"}
USUAL = {"days": "30", "by": "agent", "sort": "-count"}


class ReportFilter(forms.Form):
    days = forms.ChoiceField(label="Period", choices=[*PERIODS.items()], required=False)
    by = forms.ChoiceField(label="Group", choices=[*GROUPS.items()], required=False)
    sort = forms.ChoiceField(
        label="Order",
        choices=[(sign + name, name) for name in COLUMNS for sign in ("", "-")],
        required=False,
    )

    @property
    def wanted(self) -> dict[str, str]:
        """The period in days, by what to count, and the order: the usual for what is not said, or not known."""
        return USUAL | {name: value for name, value in self.cleaned_data.items() if value}
