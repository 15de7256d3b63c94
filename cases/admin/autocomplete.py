"""The choices that the administration offers while somebody types."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


class Autocomplete(AutocompleteJsonView):
    """Refuses what Django's own breaks at: a character that PostgreSQL has none of, and a relation seen from behind."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\0" in value for value in request.GET.values()):
            raise PermissionDenied
        try:
            return super().get(request, *args, **kwargs)
        except AttributeError:
            raise PermissionDenied from None
