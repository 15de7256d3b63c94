"""What an event says in words: one table for timeline, mail and admin."""

from collections.abc import Callable
from datetime import datetime

from cases.models import Area, Event, Kind, Notification, Priority, Role, Severity, Status
from cases.models.kinds import KINDS

from .times import exact, short


def who(event: Event) -> str:
    """The name of whoever acted, as far as it is known. A visitor's is what they typed, whatever their address says."""
    if event.author and not is_visitors(event):
        return str(event.author)
    if event.role == Role.CUSTOMER:
        return event.case.customer_name or "Customer"
    return "Support" if event.role == Role.AGENT else "Caseline"


def is_visitors(event: Event) -> bool:
    """Whether nobody knows that they have the address that they typed."""
    return event.role == Role.CUSTOMER and event.case.unproven


def _named(event: Event) -> str:
    """Who acted, and whether they are known, where no mark stands beside it."""
    return f"{who(event)} (address not confirmed)" if is_visitors(event) else who(event)


def _change(field: str, choices: type, noun: str) -> Callable[[Event], str]:
    def say(event: Event) -> str:
        old, new = event.changes.get(field, [None, None])
        if not new:
            return f"removed the {noun}"
        if not old:
            return f"set the {noun} to {choices(new).label}"
        return f"changed the {noun} from {choices(old).label} to {choices(new).label}"

    return say


def _assignee(event: Event) -> str:
    if not event.body:
        return "unassigned the case"
    if event.author and event.body == str(event.author):
        return "took the case"
    return f"assigned the case to {event.body}"


def _status(event: Event) -> str:
    return (
        "started investigating"
        if event.changes["status"][1] == Status.INVESTIGATING
        else "set the case back to open"
    )


def _tags(event: Event) -> str:
    old, new = (set(tags) for tags in event.changes["tags"])
    deeds = [("added", new - old), ("removed", old - new)]
    return " and ".join(
        f"{deed} the {'tag' if len(tags) == 1 else 'tags'} {', '.join(sorted(tags))}"
        for deed, tags in deeds
        if tags
    )


def _until(field: str, event: Event) -> str:
    """The time that the event set, in the zone of whoever reads."""
    time = event.changes[field][1]
    return exact(datetime.fromisoformat(time)) if time else ""


def _due(event: Event) -> str:
    until = _until("due_at", event)
    return f"set the case due by {until}" if until else "took back by when the case is due"


OWED = {
    "PROMISE": "the promised update",
    "FIRST_RESPONSE": "the first response",
    "NEXT_UPDATE": "the next update",
    "RESOLUTION": "the resolution",
    "ESCALATION": "the team's answer",
}


def _owed(event: Event) -> tuple[str, str]:
    """What was due, and when."""
    what, _, at = event.body.partition(" ")
    return OWED[what], short(datetime.fromisoformat(at))


def next_word(event: Event) -> datetime | None:
    """By when the customer hears more, as this event says."""
    told = event.changes.get("promised_at", [None, None])[1]
    return datetime.fromisoformat(told) if told else None


def _promised(event: Event) -> str:
    until = _until("promised_at", event)
    return f"promised an update, the next one by {until}" if until else "promised an update"


def _escalated(event: Event) -> str:
    if event.changes["escalated_to_id"][1] is None:
        return f"took back the escalation to {event.body}"
    return f"escalated the case to {event.body}"


def rating_of(event: Event) -> tuple[str, str]:
    """What a rating says, good or bad, and the word that was added to it."""
    verdict, _, word = event.body.partition("\n")
    return verdict, word


def _taken_back(event: Event) -> str:
    try:
        return f"took back a promise: by {short(datetime.fromisoformat(event.body))}"
    except ValueError:
        return f"took back a promise: {event.body}"


def _merged(event: Event) -> str:
    if "merged_into_id" in event.changes:
        return f"merged this case into case #{event.body}"
    return f"merged case #{event.body} into this one"


def _unmerged(event: Event) -> str:
    if "merged_into_id" in event.changes:
        return f"separated this case from case #{event.body} again"
    return f"separated case #{event.body} from this one again"


SAYS: dict[Kind, Callable[[Event], str]] = {
    Kind.OPENED: lambda event: "opened the case",
    Kind.REPLY: lambda event: "wrote",
    Kind.NOTE: lambda event: "noted",
    Kind.STATUS: _status,
    Kind.SEVERITY: _change("severity", Severity, "severity"),
    Kind.PRIORITY: _change("priority", Priority, "priority"),
    Kind.AREA: _change("area", Area, "area"),
    Kind.ASSIGNEE: _assignee,
    Kind.TEAM: lambda event: f"handed the case to {event.body}" if event.body else "removed the team",
    Kind.RESOLVED: lambda event: "resolved the case",
    Kind.CONFIRMED: lambda event: "confirmed that it is fixed",
    Kind.DECLINED: lambda event: "said that it is not fixed yet",
    Kind.CLOSED: lambda event: "closed the case",
    Kind.REOPENED: lambda event: "reopened the case",
    Kind.IMPORTED: lambda event: event.body,
    Kind.TAGS: _tags,
    Kind.DUE: _due,
    Kind.SNOOZED: lambda event: f"snoozed the case until {_until('snoozed_until', event)}",
    Kind.WOKEN: lambda event: "woke the case",
    Kind.LINKED: lambda event: f"linked case #{event.body}",
    Kind.UNLINKED: lambda event: f"took back the link to case #{event.body}",
    Kind.MERGED: _merged,
    Kind.UNMERGED: _unmerged,
    Kind.ATTACHED: lambda event: f"connected this case with incident {event.body}",
    Kind.DETACHED: lambda event: f"took this case out of incident {event.body}",
    Kind.PROMISED: _promised,
    Kind.TAKEN_BACK: _taken_back,
    Kind.WARNED: lambda event: "warned: {} is due by {}".format(*_owed(event)),
    Kind.BROKEN: lambda event: "noticed: {} is overdue since {}".format(*_owed(event)),
    Kind.ESCALATED: _escalated,
    Kind.ANSWERED: lambda event: f"answered for {event.body}",
    Kind.REQUESTED: lambda event: f"asked for {event.body}",
    Kind.GIVEN: lambda event: f"gave {event.body}",
    Kind.WITHDRAWN: lambda event: f"no longer needs {event.body}",
    Kind.REMINDED: lambda event: f"reminded: we still wait for {event.body}",
    Kind.PROVEN: lambda event: "confirmed the address: the case is theirs",
    Kind.DISOWNED: lambda event: "said that this was not them: the address is not the visitor's",
    Kind.RATED: lambda event: f"rated the help as {rating_of(event)[0]}",
}


def links_to(event: Event) -> str:
    """Return what the event names that has a page: "case", "incident", or nothing."""
    return KINDS[Kind(event.kind)].links


def is_words(event: Event) -> bool:
    """Whether the event's body is what somebody said, and not the name of a thing."""
    return KINDS[Kind(event.kind)].searched


def deed(event: Event) -> str:
    """What was done, without by whom: "changed the severity from High to Critical"."""
    return SAYS[Kind(event.kind)](event)


def sentence(event: Event) -> str:
    """Who did what: "Ada changed the severity from High to Critical"."""
    return f"{_named(event)} {deed(event)}"


def news(notice: Notification) -> str:
    """What a notice tells its agent: "Ada mentioned you"."""
    match notice.why:
        case Notification.Why.MENTIONED:
            return f"{who(notice.event)} mentioned you"
        case Notification.Why.ASSIGNED:
            return f"{who(notice.event)} assigned the case to you"
        case Notification.Why.WARNED:
            return "{} is due by {}".format(*_owed(notice.event)).capitalize()
        case Notification.Why.BROKEN:
            return "{} is overdue since {}".format(*_owed(notice.event)).capitalize()
        case _:
            return sentence(notice.event)
