"""Lists that may be as long as they like: the newest first, nothing counted, and the next page by its key."""

from typing import Any

from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from cases.text.numbers import whole_number

from .lookups import LookupAdmin

MOST_OFFERED = 1000  # of those who fit what is typed into a field, twenty at a time


class NewestFirst(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        rows = self.queryset.order_by("-pk")
        if last := whole_number(request.GET.get(PAGE_VAR, "")):
            rows = rows.filter(pk__lt=last)
        found = list(rows[: self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        self.result_count = len(self.result_list)
        self.older = found[self.list_per_page :] and self.get_query_string(
            {PAGE_VAR: self.result_list[-1].pk}
        )
        self.newest = last and self.get_query_string(remove=[PAGE_VAR])
        self.full_result_count, self.show_full_result_count = None, False
        self.can_show_all = self.multi_page = False
        self.show_admin_actions = bool(found)
        self.paginator = self.model_admin.get_paginator(request, rows, self.list_per_page)


class FewOffered(Paginator):
    """Counts no further than anybody reads in a menu."""

    @cached_property
    def count(self) -> int:
        return len(self.object_list[:MOST_OFFERED])


class LongListAdmin(LookupAdmin):
    """`search` narrows it to what fits, by an index."""

    paginator = FewOffered
    sortable_by = ()
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["pk"]  # shows the box

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewestFirst

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip().replace("\0", "")
        return (self.search(request, queryset, text) if text else queryset), False

    def search(self, request: HttpRequest, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        raise NotImplementedError
