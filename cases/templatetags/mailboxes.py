"""What everybody who administers is shown of mailboxes, on every page."""

from datetime import timedelta

from django import template
from django.db import DatabaseError
from django.utils import timezone

from cases.access import Right
from cases.models import Mailbox, Viewer

SHOWN_AFTER = timedelta(minutes=1)  # a server that starts anew is no news

register = template.Library()


@register.simple_tag
def failing_mailboxes(viewer: Viewer | None) -> list[Mailbox]:
    """Those from which no mail comes in, for who can mend it."""
    if not viewer or not viewer.may(Right.ADMINISTER):  # pages of errors have none
        return []
    try:
        return [*Mailbox.objects.filter(active=True, failing_since__lte=timezone.now() - SHOWN_AFTER)]
    except DatabaseError:  # a page that only says what is wrong does without
        return []
