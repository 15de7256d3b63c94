"""Mailboxes from which mail comes in. What they sign in with is typed here and shown nowhere."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from cases.actions import mailboxes
from cases.models import Mailbox
from cases.models.mailbox import SECRETS
from cases.wording.times import exact

from .audited import AuditedAdmin
from .lookups import AsksForProof

WHERE = ("host", "port", "security", "user", "sign_in", "token_url")
KEPT = "Leave it empty to keep the one that is known."
REFRESH = "2"  # seconds after which the page of a test that runs asks again


class MailboxForm(forms.ModelForm):
    password = forms.CharField(required=False, max_length=500, strip=False)
    client_secret = forms.CharField(required=False, max_length=2000, help_text="For OAuth2.")
    refresh_token = forms.CharField(required=False, max_length=10_000, help_text="For OAuth2.")

    class Meta:
        model = Mailbox
        fields = (
            *("host", "port", "security", "user", "sign_in", "password"),
            *("client_id", "client_secret", "refresh_token", "token_url"),
            *("folder", "done_folder", "takes_old", "system", "team", "trusted", "active"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SECRETS:
            field = self.fields[name]
            field.widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "size": 40})
            if self.instance.pk:
                field.help_text = f"{field.help_text} {KEPT}".strip()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        by_password = said.get("sign_in") == Mailbox.SignIn.PASSWORD
        known = self.instance.secrets() or {}
        is_elsewhere = self.instance.pk and any(name in self.changed_data for name in WHERE)
        for name in ("password",) if by_password else ("refresh_token", "client_secret"):
            if said.get(name):
                continue
            if not known.get(name) and name != "client_secret":  # which not every provider gives
                self.add_error(name, "It signs in with one: type it.")
            elif known.get(name) and is_elsewhere:  # whoever may change where it goes may not learn it
                self.add_error(name, "Type it again: it is sent nowhere else than before.")
        return said

    def save(self, commit: bool = True) -> Mailbox:
        self.instance.keep(**{name: self.cleaned_data.get(name, "") for name in SECRETS})
        if {"host", "user", "folder"} & {*self.changed_data}:  # its letters have other numbers there
            self.instance.uid_validity, self.instance.uid, self.instance.seen_at = None, 0, None
        self.instance.failing_since, self.instance.error = None, ""
        return super().save(commit)


@admin.register(Mailbox)
class MailboxAdmin(AsksForProof, AuditedAdmin):
    form = MailboxForm
    change_form_template = "admin/cases/mailbox/change_form.html"
    list_display = ["__str__", "system", "team", "active", "seen_at", "error"]
    list_select_related = ["system", "team"]
    fieldsets = [
        (None, {"fields": ["host", "port", "security", "user", "sign_in", "password"]}),
        (
            "OAuth2",
            {"fields": ["client_id", "client_secret", "refresh_token", "token_url"], "classes": ["collapse"]},
        ),
        (
            "Its mail",
            {"fields": ["folder", "done_folder", "takes_old", "system", "team", "trusted", "active"]},
        ),
    ]
    readonly_fields = ["seen_at", "error", "tested"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        how = ("How it goes", {"fields": ["seen_at", "error", "tested"]})
        return [*super().get_fieldsets(request, obj), *([how] if obj else [])]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.of_test)
        return [path("<int:pk>/test/", view, name="cases_mailbox_test"), *super().get_urls()]

    def of_test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How the last test went. A POST begins one; while it runs, the page comes again by itself."""
        mailbox = get_object_or_404(Mailbox, pk=pk)
        if request.method == "POST":
            mailboxes.ask_for_test(mailbox)
            return redirect(request.path)
        context = self.admin_site.each_context(request) | {
            "title": f"Test of {mailbox}",
            "opts": self.opts,
            "mailbox": mailbox,
            "at": exact(mailbox.tested_at) if mailbox.tested_at else "",
            "back": reverse("admin:cases_mailbox_change", args=[pk]),
        }
        headers = {} if mailbox.tested_at else {"Refresh": REFRESH}
        return TemplateResponse(request, "admin/cases/mailbox/test.html", context, headers=headers)
