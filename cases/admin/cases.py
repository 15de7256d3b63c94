"""Administration: who and what there is, and a look at every case.

State and history of a case are read here and changed on the desk, where each change leaves an event.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from cases.actions import leaving, limits
from cases.forms.macros import assignees
from cases.models import Case, Event, Incident, Macro, Organisation, System, Team, User
from cases.models.rights import Right, rights_of
from cases.queries.search import matching
from cases.wording import incidents
from cases.wording.events import sentence

from .audited import AuditedAdmin, AuditedPeopleAdmin
from .importing import import_documents
from .service_levels import EffectAdmin

admin.site.site_header = admin.site.site_title = "Caseline"
admin.site.index_title = "Administration"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
for model in (Group, EmailAddress):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

EVENTS_SHOWN = 200


def _listed(thing: Case | Incident, rows: SafeString) -> SafeString:
    """Its newest events, and that there are more of them where there are."""
    rest = thing.last_sequence - EVENTS_SHOWN
    more = f"{rest:,} earlier ones are read on the desk." if rest > 0 else ""
    return format_html('<ol reversed start="{}">{}</ol>{}', thing.last_sequence, rows, more)


class KeptAdmin(admin.ModelAdmin):
    """Of what cases refer to nothing is deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(System)
class SystemAdmin(KeptAdmin, EffectAdmin):
    list_display = ["name", "description", "policy", "public", "retired"]
    list_editable = ["public"]
    list_filter = ["public", "retired", "policy"]
    list_select_related = ["policy"]
    search_fields = ["name", "description"]


@admin.register(Organisation)
class OrganisationAdmin(KeptAdmin, EffectAdmin):
    list_display = ["name", "policy", "shares_cases"]
    list_filter = ["shares_cases", "policy"]
    list_select_related = ["policy"]
    search_fields = ["name"]
    fields = ["name", "shares_cases", "policy", "domains"]
    readonly_fields = ["domains"]

    @admin.display(description="Mail domains")
    def domains(self, organisation: Organisation) -> SafeString | str:
        if not organisation.pk:
            return "Save it first."
        page, add = reverse("admin:cases_maildomain_changelist"), reverse("admin:cases_maildomain_add")
        known = ((f"{page}?q={domain}", domain) for domain in organisation.mail_domains.all())
        links = format_html_join("", '<a href="{}">{}</a>, ', known)
        return format_html('{}<a href="{}?organisation={}">add one</a>', links, add, organisation.pk)


class PersonForm(forms.ModelForm):
    def clean(self) -> None:
        """Rights are for whoever is known to read the mail of the address."""
        super().clean()
        address = self.cleaned_data.get("email")
        if address and User.objects.of_address(address) not in (None, self.instance):
            self.add_error("email", "This email address is taken.")
        role, person = self.cleaned_data.get("role"), self.instance
        self._check_limit(role, person)
        if role == User.Role.MANAGER and not self.cleaned_data.get("organisation"):
            self.add_error("organisation", "Choose the organisation that they manage.")
        if "role" not in self.changed_data or not rights_of(role):
            return
        if "email" in self.changed_data or not person.is_proven:
            self.add_error(
                "role",
                "Not verified: nobody has proved that this address is theirs. Invite them to this role instead: who"
                " accepts the mailed link has proved it.",
            )

    def _check_limit(self, role: str | None, person: User) -> None:
        limit = self.cleaned_data.get("limit")
        if limit is None:
            return
        if Right.READ_DESK not in rights_of(role):
            self.add_error("limit", "Only people who read the desk are limited. Others see what is theirs.")
        elif Right.ADMINISTER in rights_of(role):
            self.add_error("limit", "An administrator sees all cases here, so a limit would hide nothing.")
        elif person.pk and (count := limits.left_behind(person, limit)):
            cases = "1 open case" if count == 1 else f"{count:,} open cases"
            self.add_error(
                "limit", f"They own {cases} that they would not see. Give them to somebody else first."
            )


@admin.register(User)
class UserAdmin(KeptAdmin, AuditedPeopleAdmin):
    form = PersonForm
    list_display = ["email", "verified", "name", "role", "organisation", "is_active", "joined_at"]
    list_filter = ["role", "limit", "is_active"]
    list_select_related = ["organisation"]
    search_fields = ["email", "name", "emailaddress__email"]
    autocomplete_fields = ["organisation"]
    fields = [
        "email",
        "standing",
        "other_addresses",
        "name",
        "role",
        "limit",
        "organisation",
        "is_active",
        "leaving",
        "last_login",
        "joined_at",
        "privacy",
    ]
    readonly_fields = ["standing", "other_addresses", "leaving", "last_login", "joined_at", "privacy"]
    ordering = ["email"]
    show_full_result_count = False
    change_list_template = "admin/cases/user/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited, so that nothing of theirs is set up by others."""
        return False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("admin:cases_invitation_add")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        known = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
        return super().get_queryset(request).annotate(verified=Exists(known))

    @admin.display(boolean=True)
    def verified(self, person: User) -> bool:
        return person.verified  # type: ignore[attr-defined]  # annotated above

    @admin.display(description="Address")
    def standing(self, person: User) -> str:
        if person.is_proven:
            return "Verified"
        return "Not verified: no password works until they have signed in with a mailed code."

    @admin.display(description="Other addresses")
    def other_addresses(self, person: User) -> str:
        others = EmailAddress.objects.filter(user=person.pk).exclude(email=person.email).order_by("email")
        told = [one.email if one.verified else f"{one.email} (not verified)" for one in others]
        return ", ".join(told) or "None"

    @admin.display(description="Leaving")
    def leaving(self, person: User) -> SafeString | str:
        if not person.pk or not person.is_agent:
            return "They have no cases to hand over."
        page = reverse("leave", args=[person.pk])
        return format_html('<a href="{}">Let them leave, and others take over what they have</a>', page)

    @admin.display(description="Privacy")
    def privacy(self, person: User) -> str:
        if not person.pk:
            return "Nothing is held yet."
        page = reverse("person", args=[person.pk])
        return format_html('<a href="{}">What is held about them: take it out, or erase it</a>', page)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"role", "limit", "is_active"} & {*form.changed_data}:
            limits.come_anew([obj.pk])
        ceases = change and {"is_active", "role"} & {*form.changed_data} and not obj.is_agent
        if ceases and leaving.hand_over(obj, by=request.user):  # type: ignore[arg-type]
            messages.warning(request, f"What {obj} had to do is nobody's now. Look under “Unassigned”.")
        if "email" in form.changed_data:
            obj.keep_address()
            if rights_of(obj.role):
                told = f"Not verified: {obj.email} signs in with a mailed code first, and no password works till then."
                messages.warning(request, told)


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    list_display = ["name", "lead", "size"]
    list_select_related = ["lead"]
    search_fields = ["name"]
    autocomplete_fields = ["lead"]
    filter_horizontal = ["members"]

    @admin.display(description="members")
    def size(self, team: Team) -> int:
        return team.members.count()


@admin.register(Macro)
class MacroAdmin(AuditedAdmin):
    list_display = ["name", "owner", "shared_with"]
    list_filter = ["shared_with"]
    list_select_related = ["owner", "shared_with"]
    search_fields = ["name", "body"]
    autocomplete_fields = ["owner", "shared_with", "team"]
    ordering = ["position", "pk"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "assignee":
            return forms.ChoiceField(choices=assignees, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Case)
class CaseAdmin(KeptAdmin):
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
    list_filter = ["status", "severity", "priority", "area", "system"]
    list_select_related = ["system"]
    search_fields = ["number"]  # shows the box; `get_search_results` searches
    search_help_text = "Words, a name, an address, a number or a Case ID"
    ordering = ["-number"]
    show_full_result_count = False
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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Case], search_term: str
    ) -> tuple[QuerySet[Case], bool]:
        found = queryset.filter(matching(request.user, search_term)) if search_term else queryset  # type: ignore[arg-type]
        return found, False

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
class IncidentAdmin(KeptAdmin):
    list_display = ["number", "title", "status", "severity", "system", "owner", "opened_at", "resolved_at"]
    list_display_links = ["number", "title"]
    list_filter = ["status", "severity", "public", "system"]
    list_select_related = ["system", "owner"]
    search_fields = ["title"]
    ordering = ["-number"]
    show_full_result_count = False
    fields = (
        "on_the_desk", "title", "system", "status", "severity", "area", "owner", "public", "resolution",
        "root_cause", "is_bug", "opened_at", "changed_at", "resolved_at", "history",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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
