"""Administration of people and teams."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.actions import leaving, limits
from cases.models import Team, User
from cases.models.rights import rights_of
from cases.queries.notices import hear_of_new_cases, no_team_hears, nobody_hears
from cases.queries.people import people_named

from .audited import AuditedAdmin, AuditedPeopleAdmin, KeptAdmin
from .long_lists import LongListAdmin
from .lookups import AsksForProof
from .senders import SenderAdmin


class PersonForm(forms.ModelForm):
    def clean(self) -> None:
        """Rights are for whoever is known to read the mail of the address."""
        super().clean()
        address = self.cleaned_data.get("email")
        if address and User.objects.of_address(address) not in (None, self.instance):
            self.add_error("email", "This email address is already in use.")
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
                " accepts the emailed link has proved it.",
            )

    def _check_limit(self, role: str | None, person: User) -> None:
        limit = self.cleaned_data.get("limit")
        if not (fits := limits.fits(limit, role)):
            self.add_error("limit", fits.refusal)
        elif limit and person.pk and (owned := limits.left_behind(person, limit)):
            self.add_error(
                "limit", f"They own {owned} that they would not see. Give them to someone else first."
            )


@admin.register(User)
class UserAdmin(AsksForProof, LongListAdmin, KeptAdmin, AuditedPeopleAdmin):
    form = PersonForm
    list_display = ["email", "verified", "name", "role", "organisation", "is_active", "joined_at"]
    list_filter = ["role", "limit", "is_active"]
    list_select_related = ["organisation"]
    search_help_text = "An address, or three letters of a name, or more"
    autocomplete_fields = ["organisation"]
    fields = [
        "email",
        "standing",
        "other_addresses",
        "name",
        "role",
        "limit",
        "capacity",
        "organisation",
        "is_active",
        "leaving",
        "last_login",
        "joined_at",
        "privacy",
    ]
    readonly_fields = ["standing", "other_addresses", "leaving", "last_login", "joined_at", "privacy"]
    change_list_template = "admin/cases/user/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited, so that nothing of theirs is set up by others."""
        return False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("admin:cases_invitation_add")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("emailaddress_set")

    def search(self, request: HttpRequest, queryset: QuerySet[User], text: str) -> QuerySet[User]:
        return people_named(text, queryset)

    @admin.display(boolean=True)
    def verified(self, person: User) -> bool:
        addresses = person.emailaddress_set.all()  # type: ignore[attr-defined]  # of django-allauth
        return any(one.verified and one.email == person.email for one in addresses)

    @admin.display(description="Address")
    def standing(self, person: User) -> str:
        if person.is_proven:
            return "Verified"
        return "Not verified: no password works until they have signed in with an emailed code."

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
            return "Nothing yet."
        page = reverse("person", args=[person.pk])
        return format_html('<a href="{}">What is held about them: take it out, or erase it</a>', page)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"role", "limit", "organisation", "is_active"} & {*form.changed_data}:
            limits.come_anew([obj.pk])
        ceases = change and {"is_active", "role"} & {*form.changed_data} and not obj.is_agent
        if ceases and leaving.hand_over(obj, by=request.user):  # type: ignore[arg-type]
            messages.warning(request, f"What {obj} had to do is nobody's now. Look under “Unassigned”.")
        if "email" in form.changed_data:
            old = form.initial["email"]
            get_adapter(request).send_notification_mail(
                "account/email/email_changed", obj, {"from_email": old, "to_email": obj.email}, email=old
            )
            obj.keep_address()
            if rights_of(obj.role):
                told = f"Not verified: {obj.email} signs in with an emailed code first, and no password works till then."
                messages.warning(request, told)


@admin.register(Team)
class TeamAdmin(SenderAdmin, AuditedAdmin):
    list_display = ["name", "lead", "size", "deals", "fallback"]
    list_select_related = ["lead"]
    search_fields = ["name"]

    @admin.display(description="members")
    def size(self, team: Team) -> int:
        return team.members.count()

    def kept_because(self, thing: Team) -> str:
        return "New cases of systems without a team" if thing.fallback else ""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and "fallback" in form.changed_data and not form.instance.fallback:
            messages.warning(request, no_team_hears())
        if not hear_of_new_cases(form.instance.pk):
            messages.warning(request, nobody_hears([form.instance.name]))
