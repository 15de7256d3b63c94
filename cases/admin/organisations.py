"""Mail domains of organisations. Who joins by one is shown before it is saved."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from cases.actions import organisations
from cases.models import MailDomain

from .audited import AuditedAdmin

JOIN = "_join"
SHOWN = 50


@admin.register(MailDomain)
class MailDomainAdmin(AuditedAdmin):
    list_display = ["name", "organisation"]
    list_select_related = ["organisation"]
    search_fields = ["name", "organisation__name"]
    autocomplete_fields = ["organisation"]
    delete_confirmation_template = "admin/cases/maildomain/delete_confirmation.html"
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, "Somebody gave this domain to an organisation in the same moment.")
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
