"""What people are told of an event that concerns them: by a notice, by mail, and on the screen of a device."""

from typing import Any

from django.urls import reverse

from cases.models import Event, Kind, Notification, Why

from .events import deed, named, sentence, who


def told(event: Event, why: str) -> str:
    """What somebody is told of an event that concerns them: "Ada mentioned you"."""
    match why:
        case Why.MENTIONED:
            return f"{who(event)} mentioned you"
        case Why.ASSIGNED:
            return f"{who(event)} assigned the case to you"
        case Why.NEW if event.kind == Kind.OPENED:
            return f"{named(event)} opened a case about {event.case.system}"
        case Why.WARNED | Why.BROKEN | Why.UNTAKEN:
            noticed = deed(event).partition(": ")[2]
            return noticed[:1].upper() + noticed[1:]  # days keep their capital
        case Why.AWAY:
            return f"{told(event, event.kind)}, and the assignee is away"
        case _:
            return sentence(event)


def news(notice: Notification) -> str:
    """What a notice on the desk tells its agent."""
    return told(notice.event, notice.why)


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
