"""What everybody who administers is shown of mailboxes, on every page."""

from datetime import timedelta

from django import template
from django.utils import timezone

from cases.access import Right
from cases.models import Mailbox, Viewer

SHOWN_AFTER = timedelta(minutes=1)  # a server that starts anew is no news

register = template.Library()


@register.simple_tag
def failing_mailboxes(viewer: Viewer | None) -> list[Mailbox]:
    """Those from which no mail comes in, for who can mend it."""
    if viewer is None or not viewer.may(Right.ADMINISTER):
        return []
    return [*Mailbox.objects.filter(active=True, failing_since__lte=timezone.now() - SHOWN_AFTER)]
