"""Administration of what mail to customers says."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from cases.mail.letter import paragraphs
from cases.mail.passages import KNOWN, USUAL, complaint, filled
from cases.models import MailText
from cases.text.placeholders import SAMPLE

from .audited import AuditedAdmin

PREVIEW = "_preview"


class MailTextForm(forms.ModelForm):
    text = forms.CharField(
        widget=forms.Textarea({"rows": 6, "cols": 80}),
        max_length=MailText._meta.get_field("text").max_length,
        help_text=f"Plain text. Placeholders are {', '.join(f'{{{name}}}' for name in KNOWN)}. Delete the text to have "
        "what is usual.",
    )

    def clean_text(self) -> str:
        if said := complaint(text := self.cleaned_data["text"]):
            raise forms.ValidationError(said)
        return text


@admin.register(MailText)
class MailTextAdmin(AuditedAdmin):
    form = MailTextForm
    fields = ["passage", "text", "usual"]
    list_display = ["passage", "text"]
    change_form_template = "admin/cases/mailtext/change_form.html"
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: MailText | None = None) -> list[str]:
        return ["passage", "usual"] if obj else ["usual"]

    @admin.display(description="Default text")
    def usual(self, text: MailText) -> str:
        return "; ".join(words for passage, words in USUAL.items() if words and text.passage in ("", passage))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For a preview one that shows what was typed, and saves nothing."""
        form = super().get_form(request, *args, **kwargs)
        return (
            type(form.__name__, (form,), {"is_valid": lambda _: False}) if PREVIEW in request.POST else form
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if PREVIEW in request.POST and not form.errors:
            context["preview"] = list(paragraphs(filled(form.cleaned_data["text"], SAMPLE)))
        return super().render_change_form(request, context, *args, **kwargs)
