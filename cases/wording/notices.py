"""What a notification of a device says, on a screen that is locked too."""

from typing import Any

from django.urls import reverse

from cases.models import Event, Why

from .events import told


def brief(event: Event, why: str, *, summary: bool) -> dict[str, Any]:
    """The number of the case, and what kind of thing happened; with the `summary` also what the case is about, and who
    did what. Without it, nobody's name or word is in it."""
    case = event.case
    title = f"Case {case.number}"
    own = why == Why.OWN
    page, sequence = ("case", event.public_sequence) if own else ("desk_case", event.sequence)
    return {
        "title": f"{title}: {case.summary[:80]}" if summary and case.summary else title,
        "body": told(event, why) if summary else Why(why).label.capitalize(),
        "address": f"{reverse(page, args=[case.number])}#event-{sequence}",
        "tag": f"case-{case.number}",
    }


def several(count: int) -> dict[str, Any]:
    return {"title": f"{count} unread notices", "body": "", "address": reverse("notices"), "tag": "notices"}
