"""As whom a team or a system mails."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest

from cases.mail.senders import is_at_our_domain
from cases.models import User
from cases.models.sender import MailSender

OF_MAIL = ["mail_name", "mail_address", "signature"]


class SenderForm(forms.ModelForm):
    def clean_mail_address(self) -> Any:
        """Mail from our addresses counts as ours: so none of them is a person's."""
        address = self.cleaned_data["mail_address"]
        if address and (person := User.objects.of_address(address)):
            raise forms.ValidationError(f"This is the address of {person}, whose mail would count as ours.")
        return address


class SenderAdmin(admin.ModelAdmin):
    """Warns of an address for which our mail server may not be allowed to send."""

    form = SenderForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [str(field) for field in self.get_fields(request, obj)]
        others = [field for field in fields if field not in OF_MAIL]
        return [(None, {"fields": others}), ("Mail about its cases", {"fields": OF_MAIL})]

    def save_model(self, request: HttpRequest, obj: MailSender, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if (
            obj.mail_address
            and "mail_address" in form.changed_data
            and not is_at_our_domain(obj.mail_address)
        ):
            messages.warning(
                request,
                f"Mail from {obj.mail_address} is taken for forged unless its domain, which is not ours, allows our mail"
                " server to send for it (SPF, DKIM).",
            )
