"""Choosing one of many in the administration, whatever is sent for it: Django takes what is no key for an error of ours."""

from collections.abc import Sequence
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest, HttpResponse

from cases.sign_in.proof import is_recent
from cases.text.numbers import whole_number


class KeysOnly(AutocompleteMixin):
    """Shows what was chosen again, but for what nobody can have chosen."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if whole_number(str(one))], attr)


class OneOfMany(KeysOnly, AutocompleteSelect):
    pass


class SomeOfMany(KeysOnly, AutocompleteSelectMultiple):
    pass


class AsksForProof:
    """Administration of how others sign in and what they may do: a session alone, left open, saves nothing."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_recent(request):
            raise ReauthenticationRequired
        return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]


class LookupAdmin(admin.ModelAdmin):
    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = OneOfMany(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SomeOfMany(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class Autocomplete(AutocompleteJsonView):
    """Refuses what Django's own breaks at: a character that PostgreSQL has none of, and a relation seen from behind."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\0" in value for value in request.GET.values()):
            raise PermissionDenied
        try:
            return super().get(request, *args, **kwargs)
        except AttributeError:
            raise PermissionDenied from None
