"""Administration of service levels. A change of them tells what it does to open cases before it is applied."""

from contextvars import ContextVar
from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.forms import DateInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.actions.service_levels import apply
from cases.forms.service_levels import (
    DAYS,
    MEASURES,
    SEVERITIES,
    BusinessHoursForm,
    HolidaysFormSet,
    PolicyForm,
    target_name,
)
from cases.models import BusinessHours, Holiday, Policy
from cases.queries import service_levels
from cases.queries.policy_impact import MOST, PolicyImpact, impact_of, is_felt

from .audited import AuditedAdmin

APPLY, BACK = "_apply", "_back"
SHOWN = 20
HOW_LONG = (
    "How soon, like 30 min, 4 h or 1 h 30 min. Where there are business hours, only they count, and a day is 24 of them. "
    "What is empty comes from the policy that this one is based on, and is not measured where none says it."
)
EVERY_CASE = "Every case that has no other policy"
_book_before: ContextVar[service_levels.Book] = ContextVar("book_before")  # as it was when the change came


class EffectAdmin(AuditedAdmin):
    """Of what the service levels of cases hang on: shows what a change does to open cases, and asks, before it is saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        _book_before.set(service_levels.book())
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, "Someone else just changed this. Check it, then save again.")
            typed = request.POST.copy()
            typed[BACK] = "yes"
            request.POST = typed  # type: ignore[assignment]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """After "Go back" one that shows what was typed, and saves nothing."""
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"is_valid": _never}) if BACK in request.POST else form

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._asked(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._asked(request, obj) or super().response_change(request, obj)

    def _asked(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """The page that asks, with what was saved so far undone; or None, with what was saved under way."""
        before, after = _book_before.get(), service_levels.book()
        found = impact_of(before, after)
        if (found.changes or found.is_partial) and APPLY not in request.POST:
            transaction.set_rollback(True)
            return self._page(request, obj, found)
        if is_felt(before, after):
            label = f"Service levels: {self.opts.verbose_name} {obj}"
            bulk = apply(by=request.user, label=label)  # type: ignore[arg-type]
            page = reverse("bulk", args=[bulk.pk])
            words = 'The open cases are being brought up to date. <a href="{}">Progress</a>'
            messages.info(request, format_html(words, page))
        return None

    def _page(self, request: HttpRequest, obj: Any, found: PolicyImpact) -> HttpResponse:
        posted = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", APPLY, BACK)
            for value in values
        ]
        context = self.admin_site.each_context(request) | {
            "title": f"Change the {self.opts.verbose_name} {obj}",
            "opts": self.opts,
            "effect": found,
            "most": MOST,
            "posted": posted,
        }
        return TemplateResponse(request, "admin/cases/policy_impact.html", context)


def _never(_: Any) -> bool:
    return False


class UsedAdmin(EffectAdmin):
    """What is in use is not deleted, and says who uses it."""

    actions = None

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, "Someone just started using this, so it wasn’t deleted.")
            return redirect(request.path)

    def kept_because(self, thing: Any) -> str:
        return EVERY_CASE if getattr(thing, "usual", False) else ""


class HolidayInline(admin.TabularInline):
    model = Holiday
    formset = HolidaysFormSet
    extra = 5
    template = "admin/cases/holidays.html"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "day":
            kwargs["widget"] = DateInput({"type": "date"}, format="%Y-%m-%d")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["aria-label"] = capfirst(field.label)
        return field


@admin.register(BusinessHours)
class BusinessHoursAdmin(UsedAdmin):
    form = BusinessHoursForm
    list_display = ["name", "time_zone"]
    search_fields = ["name", "time_zone"]
    fieldsets = [
        (None, {"fields": ["name", "time_zone", "used_by"]}),
        ("Open hours", {"fields": list(DAYS)}),
    ]
    readonly_fields = ["used_by"]
    inlines = [HolidayInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.write_hours()

    @admin.display(description="Used by")
    def used_by(self, hours: BusinessHours) -> SafeString | str:
        return _links(hours.policies.all()) if hours.pk else "-"


@admin.register(Policy)
class PolicyAdmin(UsedAdmin):
    form = PolicyForm
    list_display = ["name", "usual", "based_on", "business_hours"]
    list_select_related = ["based_on", "business_hours"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "usual", "based_on", "business_hours", "used_by"]}),
        *[  # type: ignore[list-item]
            (
                severity.label,
                {
                    "fields": [tuple(target_name(severity, measure) for measure in MEASURES)],
                    "description": HOW_LONG if severity == SEVERITIES[0] else None,
                },
            )
            for severity in SEVERITIES
        ],
    ]
    readonly_fields = ["used_by"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.write_targets()

    @admin.display(description="Used by")
    def used_by(self, policy: Policy) -> SafeString | str:
        if not policy.pk:
            return "-"
        users = [policy.organisations.all(), policy.systems.all(), policy.bases.all()]
        usual = [EVERY_CASE] if policy.usual else []
        return (
            format_html_join("", "{}<br>", [(line,) for line in (*map(_links, users), *usual) if line]) or "-"
        )


def _links(users: QuerySet[Any]) -> SafeString | str:
    """Who refers to it, the first of them by name."""
    found = list(users[: SHOWN + 1])
    if not found:
        return ""
    links = format_html_join(", ", '<a href="{}">{}</a>', ((_address(one), one) for one in found[:SHOWN]))
    name = users.model._meta.verbose_name_plural
    return format_html("{}: {}{}", name.capitalize(), links, " and more" if len(found) > SHOWN else "")


def _address(one: Model) -> str:
    return reverse(f"admin:cases_{one._meta.model_name}_change", args=[one.pk])
