"""What the page of the audit log shows of an entry."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.text import browsers
from cases.wording import audit

register = template.Library()

register.filter("deed", audit.deed)
register.filter("who", audit.who)
register.filter("browser", browsers.named)


@register.filter
def logged(at: datetime) -> SafeString:
    """A time to the second, in the zone of whoever reads."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        local.tzname(),
        f"{local:%-d %b %Y, %H:%M:%S}",
    )
