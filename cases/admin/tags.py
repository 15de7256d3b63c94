"""Administration of tags: agents make them by using them; here they are renamed, and two become one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.actions import tags
from cases.actions.triage import LONGEST_TAG
from cases.models import Case, Macro, Refused, Tag

from .audited import AuditedAdmin

MOST_COUNTED = 1000


class TagForm(forms.ModelForm):
    new_name = forms.CharField(label="Name", max_length=LONGEST_TAG)
    merge = forms.BooleanField(
        required=False, help_text="Make one tag of the two if this name exists. This cannot be undone."
    )
    by: Any  # who renames it

    class Meta:
        model = Tag
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["new_name"] = self.instance.name

    def clean(self) -> None:
        super().clean()
        self.begun = None
        if self.errors:
            return
        said = self.cleaned_data
        try:
            self.begun = tags.rename(self.instance, by=self.by, name=said["new_name"], merge=said["merge"])
        except Refused as refused:
            self.add_error("new_name", str(refused))


@admin.register(Tag)
class TagAdmin(AuditedAdmin):
    form = TagForm
    search_fields = ["name"]
    fields = ["new_name", "merge", "used"]
    readonly_fields = ["used"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def kept_because(self, thing: Tag) -> str:
        return "Cases, macros or views that have it" if tags.is_used(thing) else ""

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        """Saved by the form."""
        if form.begun:
            page = reverse("bulk", args=[form.begun.pk])
            messages.info(
                request, format_html('The cases are being changed. <a href="{}">Progress</a>', page)
            )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The action writes the audit log."""

    @admin.display(description="Used in")
    def used(self, tag: Tag) -> SafeString:
        cases = Case.objects.filter(tags__contains=[tag.name]).values("pk")[: MOST_COUNTED + 1].count()
        macros = Macro.objects.filter(tags__contains=[tag.name]).count()
        shown = (
            f"more than {MOST_COUNTED:,} cases"
            if cases > MOST_COUNTED
            else f"{cases:,} case{'s' * (cases != 1)}"
        )
        page = f"{reverse('queue')}?status=all&tag={tag.name}"
        return format_html('<a href="{}">{}</a>, {} macro{}', page, shown, macros, "s" * (macros != 1))
