"""Administration: who and what there is, and a look at every case.

State and history of a case are read here and changed on the desk, where each change leaves an event.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from cases.forms.macros import assignees
from cases.models import Case, Event, Incident, Macro, System
from cases.queries.search import matching
from cases.text.numbers import whole_number
from cases.wording import incidents
from cases.wording.events import sentence

from .audited import AuditedAdmin, KeptAdmin
from .importing import import_documents
from .long_lists import LongListAdmin
from .senders import SenderAdmin
from .service_levels import EffectAdmin

EVENTS_SHOWN = 200


def _listed(thing: Case | Incident, rows: SafeString) -> SafeString:
    """Its newest events, and that there are more of them where there are."""
    rest = thing.last_sequence - EVENTS_SHOWN
    more = f"{rest:,} earlier ones are read on the desk." if rest > 0 else ""
    return format_html('<ol reversed start="{}">{}</ol>{}', thing.last_sequence, rows, more)


@admin.register(System)
class SystemAdmin(SenderAdmin, KeptAdmin, EffectAdmin):
    list_display = ["name", "description", "policy", "team", "public", "retired"]
    list_editable = ["public"]
    list_filter = ["public", "retired", "policy", "team"]
    list_select_related = ["policy", "team"]
    search_fields = ["name", "description"]

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        shown = forms.CheckboxInput({"aria-label": "Shown to customers"})
        return super().get_changelist_form(request, widgets={"public": shown}, **kwargs)


@admin.register(Macro)
class MacroAdmin(AuditedAdmin):
    """Those of everybody and of teams: what is one person's is theirs alone."""

    list_display = ["name", "circle", "body"]
    list_select_related = ["shared_with"]
    search_fields = ["name", "body"]
    exclude = ["owner"]
    ordering = ["shared_with", "position", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Macro]:
        return super().get_queryset(request).filter(owner=None)

    @admin.display(description="for")
    def circle(self, macro: Macro) -> str:
        return str(macro.shared_with or "Everybody")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "assignee":
            return forms.ChoiceField(choices=assignees, required=False)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("status", "severity", "priority", "area", "team"):
            field.choices = [("", "Leave as it is"), *[*field.choices][1:]]
        elif db_field.name == "shared_with":
            field.empty_label = "Everybody"
        return field


@admin.register(Case)
class CaseAdmin(LongListAdmin, KeptAdmin):
    list_display = [
        "number",
        "short_summary",
        "status",
        "severity",
        "priority",
        "system",
        "customer_name",
        "opened_at",
    ]
    list_display_links = ["number", "short_summary"]
    list_select_related = ["system"]
    search_help_text = "Words, a name, an address, a number or a Case ID"
    change_list_template = "admin/cases/case/change_list.html"
    fields = (
        "on_the_desk", "reference", "system", "customer", "customer_name", "unproven", "claimed_email", "organisation", "summary", "status",
        "severity", "priority", "area", "waiting_on", "assignee", "team", "resolution", "root_cause", "is_bug",
        "opened_at", "changed_at", "resolved_at", "history",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search(self, request: HttpRequest, queryset: QuerySet[Case], text: str) -> QuerySet[Case]:
        return queryset.filter(matching(request.user, text))  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(import_documents)
        return [path("import/", view, name="cases_case_import"), *super().get_urls()]

    @admin.display(description="summary")
    def short_summary(self, case: Case) -> str:
        return Truncator(case.summary).chars(80) or "No summary"

    @admin.display(description="On the desk")
    def on_the_desk(self, case: Case) -> SafeString:
        return format_html('<a href="{}">Open on the desk</a>', reverse("desk_case", args=[case.number]))

    @admin.display(description="History")
    def history(self, case: Case) -> SafeString:
        events = Event.objects.filter(case=case).select_related("author").order_by("-sequence")[:EVENTS_SHOWN]
        for event in events:
            event.case = case
        rows = (
            (f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S %Z}", sentence(event), event.body)
            for event in events
        )
        return _listed(case, format_html_join("", "<li>{}: {}<br>{}</li>", rows))


@admin.register(Incident)
class IncidentAdmin(LongListAdmin, KeptAdmin):
    list_display = ["number", "title", "status", "severity", "system", "owner", "opened_at", "resolved_at"]
    list_display_links = ["number", "title"]
    list_filter = ["status"]
    list_select_related = ["system", "owner"]
    search_help_text = "A number"
    fields = (
        "on_the_desk", "title", "system", "status", "severity", "area", "owner", "public", "resolution",
        "root_cause", "is_bug", "opened_at", "changed_at", "resolved_at", "history",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search(self, request: HttpRequest, queryset: QuerySet[Incident], text: str) -> QuerySet[Incident]:
        return queryset.filter(number=whole_number(text.removeprefix("#")) or 0)

    @admin.display(description="On the desk")
    def on_the_desk(self, incident: Incident) -> SafeString:
        page = reverse("desk_incident", args=[incident.number])
        return format_html('<a href="{}">Open on the desk</a>', page)

    @admin.display(description="History")
    def history(self, incident: Incident) -> SafeString:
        events = incident.events.select_related("author").order_by("-sequence")[:EVENTS_SHOWN]
        rows = (
            (
                f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S %Z}",
                incidents.sentence(event),
                event.body,
            )
            for event in events
        )
        return _listed(incident, format_html_join("", "<li>{}: {}<br>{}</li>", rows))
