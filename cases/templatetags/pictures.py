"""Pictures of a message among its words: where one stood in a mail, the text has its name alone on a line."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cases.models import Event, Kind
from cases.text import markdown

register = template.Library()

File = Mapping[str, Any]  # as it stands in its event


@register.filter
def words(event: Event) -> SafeString:
    """What somebody said, with the pictures in their places."""
    html = _html(event)
    for file in event.attachments:
        if "width" in file and (place := _place(file).search(html)):
            html = html[: place.end(1)] + picture(file) + html[place.end() :]
    return mark_safe(html)  # noqa: S308 - both were


@register.filter
def stands_in(file: File, event: Event) -> bool:
    """Whether it is shown among the words."""
    return bool(_place(file).search(_html(event)))


@register.filter
def picture(file: File) -> SafeString:
    return format_html(
        '<a href="{}" target="_blank" class="picture"><img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></a>',
        reverse("attachment_image", args=[file["key"]]),
        reverse("attachment_thumbnail", args=[file["key"]]),
        file["name"],
        file["width"],
        file["height"],
    )


def _html(event: Event) -> str:
    return markdown.note_to_html(event.body) if event.kind == Kind.NOTE else markdown.to_html(event.body)


def _place(file: File) -> re.Pattern[str]:
    return re.compile(rf"(<p>|<br>\s*)\[{re.escape(escape(file['name']))}\](?=</p>|<br>)")
