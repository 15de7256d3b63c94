"""Organisations, their mail domains, and invitations. Who joins by a domain is shown before it is saved."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.actions import invitations, organisations
from cases.forms.invitations import InvitationForm
from cases.models import Invitation, MailDomain, Organisation, Refused
from cases.models.addresses import one_spelling
from cases.queries.people import organisations_named
from cases.wording.deliveries import NO_MAIL, unless_no_mail
from cases.wording.invitations import standing

from .audited import AuditedAdmin, KeptAdmin
from .long_lists import LongListAdmin
from .lookups import AsksForProof
from .service_levels import EffectAdmin

JOIN = "_join"
SHOWN = 50


@admin.register(Organisation)
class OrganisationAdmin(LongListAdmin, KeptAdmin, EffectAdmin):
    list_display = ["name", "policy", "shares_cases"]
    list_filter = ["policy"]
    list_select_related = ["policy"]
    search_help_text = "Three letters of the name, or more"
    fields = ["name", "shares_cases", "policy", "domains"]
    readonly_fields = ["domains"]

    def search(self, request: HttpRequest, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return organisations_named(text, queryset)

    @admin.display(description="Email domains")
    def domains(self, organisation: Organisation) -> SafeString | str:
        if not organisation.pk:
            return "Save it first."
        page, add = reverse("admin:cases_maildomain_changelist"), reverse("admin:cases_maildomain_add")
        known = ((f"{page}?q={domain}", domain) for domain in organisation.mail_domains.all())
        links = format_html_join("", '<a href="{}">{}</a>, ', known)
        return format_html('{}<a href="{}?organisation={}">Add one</a>', links, add, organisation.pk)


@admin.register(MailDomain)
class MailDomainAdmin(LongListAdmin, AuditedAdmin):
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]
    search_help_text = "A domain, or three letters of an organisation’s name, or more"
    autocomplete_fields = ["organisation"]
    delete_confirmation_template = "admin/cases/maildomain/delete_confirmation.html"
    actions = None

    def search(self, request: HttpRequest, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        named = organisations_named(text, Organisation.objects.order_by())
        return queryset.filter(Q(name=text.lower()) | Q(organisation__in=named.values("pk")))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, "Someone gave this domain to an organisation in the same moment.")
            return redirect(request.path)

    def response_add(
        self, request: HttpRequest, obj: MailDomain, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The page that shows who joins, with what was saved so far undone; or what was saved."""
        joining = organisations.take_in(obj, by=request.user)  # type: ignore[arg-type]
        if not joining or JOIN in request.POST:
            return super().response_add(request, obj, post_url_continue)
        transaction.set_rollback(True)
        typed = {"name": obj.name, "organisation": obj.organisation_id}
        context = self.admin_site.each_context(request) | {
            "title": f"{obj.name} is a domain of {obj.organisation}",
            "opts": self.opts,
            "domain": obj,
            "typed": typed,
            "back": f"{request.path}?{urlencode(typed)}",
            "joining": joining[:SHOWN],
            "others": len(joining) - SHOWN,
            "count": len(joining),
        }
        return TemplateResponse(request, "admin/cases/maildomain/joining.html", context)


@admin.register(Invitation)
class InvitationAdmin(AsksForProof, LongListAdmin):
    """An invitation is mailed when it is saved, and stays as it was."""

    form = InvitationForm
    list_display = ["email", "role", "organisation", "stands", "invited_by", "sent_at"]
    list_select_related = ["organisation", "invited_by"]
    search_help_text = "An address"
    autocomplete_fields = ["organisation"]
    fields = ["email", "role", "organisation", "teams", "limit"]
    actions = ["send_again", "withdraw"]

    def search(self, request: HttpRequest, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(email=one_spelling(text))

    @admin.display(description="standing")
    def stands(self, invitation: Invitation) -> str:
        return standing(invitation)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.fields, "stands", "invited_by", "sent_at"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, *args: Any) -> None:
        """Saved by the form."""

    def response_add(
        self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None
    ) -> HttpResponse:
        if not settings.MAIL_GOES:
            instead = '{} <a href="{}">Make an account</a> instead, and hand over its password.'
            messages.warning(request, format_html(instead, NO_MAIL, reverse("setup_colleagues")))
        return super().response_add(request, obj, post_url_continue)

    @admin.action(description="Send again", permissions=["view"], location=[*ActionLocation])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        self._each(request, chosen, invitations.resend, unless_no_mail("Emailed again: {}."))

    @admin.action(description="Withdraw", permissions=["view"], location=[*ActionLocation])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        self._each(request, chosen, invitations.withdraw, "Withdrawn: {}.")

    def _each(self, request: HttpRequest, chosen: QuerySet[Invitation], do: Any, done: str) -> None:
        for invitation in chosen:
            try:
                do(invitation, by=request.user)
                messages.success(request, done.format(invitation.email))
            except Refused as refused:
                messages.error(request, str(refused))
