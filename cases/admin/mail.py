"""All mail that arrived, also what made nothing or could not be read."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.models import ReceivedMail
from cases.models.addresses import one_spelling

from .long_lists import LongListAdmin


@admin.register(ReceivedMail)
class ReceivedMailAdmin(LongListAdmin):
    list_display = ["received_at", "sender", "subject", "outcome", "case", "reason"]
    list_filter = ["outcome"]
    list_select_related = ["case"]
    search_help_text = "The address of a sender, or a Message-ID"
    fields = readonly_fields = (
        *("received_at", "sender", "people", "subject", "message_id", "verdict"),
        *("outcome", "reason", "case", "system", "team", "size", "folded", "page"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search(self, request: HttpRequest, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(Q(sender=one_spelling(text)) | Q(message_id=text))

    @admin.display(description="On the desk")
    def page(self, mail: ReceivedMail) -> SafeString:
        return format_html('<a href="{}">Open on the desk</a>', reverse("mail", args=[mail.key]))
