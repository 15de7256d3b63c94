"""Choosing one of many in the administration, whatever is sent for it: Django takes what is no key for an error of ours."""

from collections.abc import Sequence
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import admin
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    RelatedFieldWidgetWrapper,
)
from django.db.models import ForeignKey, ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from cases.sign_in.proof import is_recent
from cases.text.numbers import whole_number


class OneOfMany(AutocompleteSelect):
    """Shows what was chosen again, but for what nobody can have chosen."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if whole_number(str(one))], attr)


class AsksForProof:
    """Administration of how others sign in and what they may do: a session alone, left open, saves nothing."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_recent(request):
            raise ReauthenticationRequired
        return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]


class LookupAdmin(admin.ModelAdmin):
    """What all our administration has in common: it says what things are, and offers nothing that leads astray."""

    show_facets = admin.ShowFacets.NEVER  # which count whole tables

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the icons of Django that open windows."""
        if isinstance(db_field, ManyToManyField):
            kwargs["widget"] = CheckboxSelectMultiple
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["adminform"].form.label_suffix = ""
        return super().render_change_form(request, context, *args, **kwargs)

    def kept_because(self, thing: Any) -> str:
        """Why this is not deleted, where nothing in the database says so."""
        return ""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        protected += [why for one in objs if (why := self.kept_because(one))]
        return deleted, counts, set() if protected else lacking, protected

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("empty_label", "None" if db_field.blank else "Choose one")
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = OneOfMany(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
