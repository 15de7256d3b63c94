"""What an event says in words: one table for timeline, mail and admin."""

from collections.abc import Callable
from datetime import datetime

from cases.models import Area, Event, Kind, Priority, Role, Severity, Status
from cases.models.kinds import KINDS
from cases.queries.brand import brand
from cases.text.lists import listed
from cases.text.spans import span

from . import checklists, splits
from .times import exact, short


def who(event: Event) -> str:
    """The name of whoever acted, as far as it is known. A visitor's is what they typed, whatever their address says."""
    if mailed_by := event.details.get("mailed_by"):
        return str(mailed_by)
    if event.author and not is_visitors(event):
        return str(event.author)
    if event.role == Role.CUSTOMER:
        return event.case.first_name_given or event.case.customer_name or "Customer"
    return "Support" if event.role == Role.AGENT else brand().name


def is_visitors(event: Event) -> bool:
    """Whether a visitor did this whose address nobody has confirmed."""
    return event.role == Role.CUSTOMER and event.case.unproven


def named(event: Event) -> str:
    """Return who acted, with "(address not confirmed)" where the text can show no mark."""
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
    if not event.details:
        return "unassigned the case"
    if event.author_id == event.changes["assignee_id"][1]:
        return "took the case"
    in_turn = " in turn" if event.details.get("in_turn") else ""
    because = f", as {event.details['instead_of']} is away" if event.details.get("instead_of") else ""
    return f"assigned the case to {event.details['assignee']}{in_turn}{because}"


def _team(event: Event) -> str:
    return f"handed the case to {event.details['team']}" if event.details else "removed the team"


def _status(event: Event) -> str:
    return (
        "started investigating"
        if event.changes["status"][1] == Status.INVESTIGATING
        else "set the case to open"
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


OWED = {
    "PROMISE": "the promised update",
    "FIRST_RESPONSE": "the first response",
    "NEXT_UPDATE": "the next update",
    "RESOLUTION": "the resolution",
    "ESCALATION": "the team's answer",
}


def _owed(event: Event) -> tuple[str, str]:
    """What was due, and when."""
    return OWED[event.details["due"]], short(datetime.fromisoformat(event.details["due_at"]))


def next_word(event: Event) -> datetime | None:
    """By when the customer hears more, as this event says."""
    told = event.changes.get("promised_at", [None, None])[1]
    return datetime.fromisoformat(told) if told else None


def _untaken(event: Event) -> str:
    return f"noticed: nobody has taken the case since {short(datetime.fromisoformat(event.details['since']))}"


def _spent(event: Event) -> str:
    minutes = event.details["minutes"]
    return f"{'spent' if minutes > 0 else 'took back'} {span(abs(minutes))}{'' if minutes > 0 else ' of time spent'}"


def _promised(event: Event) -> str:
    until = _until("promised_at", event)
    return f"promised an update, the next one by {until}" if until else "promised an update"


def _escalated(event: Event) -> str:
    if event.changes["escalated_to_id"][1] is None:
        return f"withdrew the escalation to {event.details['team']}"
    return f"escalated the case to {event.details['team']}"


def _imported(event: Event) -> str:
    return f"took over from a newer document: {', '.join(event.details['fields']).replace('_', ' ')}"


def _taken_back(event: Event) -> str:
    if due_at := event.details.get("due_at"):
        return f"took back a promise: by {short(datetime.fromisoformat(due_at))}"
    return f"withdrew a promise: {event.details.get('phrase', '')}"


def _merged(event: Event) -> str:
    number = event.details["case"]
    if "merged_into_id" in event.changes:
        return f"merged this case into case #{number}"
    return f"merged case #{number} into this one"


def _unmerged(event: Event) -> str:
    number = event.details["case"]
    if "merged_into_id" in event.changes:
        return f"separated this case from case #{number} again"
    return f"separated case #{number} from this one again"


def _as_a_secret(event: Event) -> str:
    return ", as a secret" if event.details.get("secret") else ""


def _removed(event: Event) -> str:
    return f"removed {event.details['what'] or 'a passage'}"


def _forwarded(event: Event) -> str:
    counts = [(len(event.details["messages"]), "message"), (len(event.details["files"]), "file")]
    what = listed(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)
    return f"forwarded {what or 'some words'} to {event.details['address']}"


def _system(event: Event) -> str:
    shown = event.details["shown"]
    return f"changed the system to {shown}" if shown else "changed the system"


def _organisation(event: Event) -> str:
    after = event.details["after"]
    return f"changed the organisation to {after}" if after else "removed the organisation"


SAYS: dict[Kind, Callable[[Event], str]] = {
    Kind.OPENED: lambda event: "opened the case",
    Kind.REPLY: lambda event: "wrote",
    Kind.NOTE: lambda event: "noted",
    Kind.HELD: lambda event: "kept back a {what}: {why}".format(**event.details),
    Kind.STATUS: _status,
    Kind.SEVERITY: _change("severity", Severity, "severity"),
    Kind.PRIORITY: _change("priority", Priority, "priority"),
    Kind.AREA: _change("area", Area, "area"),
    Kind.ASSIGNEE: _assignee,
    Kind.TEAM: _team,
    Kind.RESOLVED: lambda event: "resolved the case",
    Kind.CONFIRMED: lambda event: "confirmed the fix",
    Kind.DECLINED: lambda event: "said it isn’t fixed yet",
    Kind.CLOSED: lambda event: "closed the case",
    Kind.REOPENED: lambda event: "reopened the case",
    Kind.IMPORTED: _imported,
    Kind.TAGS: _tags,
    Kind.CHECKLIST: checklists.deed,
    Kind.SNOOZED: lambda event: f"snoozed the case until {_until('snoozed_until', event)}",
    Kind.WOKEN: lambda event: "ended the snooze",
    Kind.LINKED: lambda event: f"linked case #{event.details['case']}",
    Kind.UNLINKED: lambda event: f"unlinked case #{event.details['case']}",
    Kind.MERGED: _merged,
    Kind.UNMERGED: _unmerged,
    Kind.SPLIT: splits.deed,
    Kind.ATTACHED: lambda event: f"attached this case to incident {event.details['incident']}",
    Kind.DETACHED: lambda event: f"took this case out of incident {event.details['incident']}",
    Kind.PROMISED: _promised,
    Kind.TAKEN_BACK: _taken_back,
    Kind.WARNED: lambda event: "warned: {} is due by {}".format(*_owed(event)),
    Kind.BROKEN: lambda event: "noticed: {} has been overdue since {}".format(*_owed(event)),
    Kind.UNTAKEN: _untaken,
    Kind.UNDEALT: lambda event: f"noticed: everyone in {event.details['team']} is away or at capacity",
    Kind.SPENT: _spent,
    Kind.ESCALATED: _escalated,
    Kind.ANSWERED: lambda event: f"answered for {event.details['team']}",
    Kind.REQUESTED: lambda event: f"asked for {event.details['request']}{_as_a_secret(event)}",
    Kind.GIVEN: lambda event: f"sent {event.details['request']}{_as_a_secret(event)}",
    Kind.WITHDRAWN: lambda event: f"no longer needs {event.details['request']}",
    Kind.REMINDED: lambda event: (
        f"sent a reminder: we’re still waiting for {listed(event.details['requests'])}"
    ),
    Kind.PROVEN: lambda event: "confirmed their address",
    Kind.DISOWNED: lambda event: "said they didn’t report this",
    Kind.MOVED: lambda event: (
        "moved the case between two accounts of the customer"
        if "merge" in event.details
        else "moved the case to another customer"
    ),
    Kind.REMOVED: lambda event: f"{_removed(event)} from what was said here",
    Kind.REMOVED_NOTE: lambda event: f"{_removed(event)} from the internal notes",
    Kind.ERASED: lambda event: "erased a person’s data",
    Kind.COPIED: lambda event: f"put {listed(event.details['addresses'])} in copy",
    Kind.UNCOPIED: lambda event: f"took {listed(event.details['addresses'])} out of copy",
    Kind.FORWARDED: _forwarded,
    Kind.SYSTEM: _system,
    Kind.SUMMARY: lambda event: f"changed the summary to “{event.changes['summary'][1]}”",
    Kind.ORGANISATION: _organisation,
    Kind.SPAM: lambda event: "marked the case as spam",
    Kind.UNSPAM: lambda event: "marked the case as not spam",
    Kind.RATED: lambda event: f"rated the help as {'good' if event.details['good'] else 'bad'}",
}


def links_to(event: Event) -> str:
    """Return what the event names that has a page: "case", "incident", or nothing."""
    return KINDS[Kind(event.kind)].links


def explanation(event: Event) -> str:
    """Return why a case closed by itself, in words to its customer; of all other events, nothing."""
    if "waited_for" not in event.details:
        return ""
    if event.changes["status"][0] == Status.RESOLVED:
        return "We haven’t heard of any more trouble, so we’ve closed this as fixed. If it comes back, just reply to reopen it."
    asked = listed(event.details["waited_for"]) or "your answer"
    return (
        f"We waited for {asked} but haven’t heard back. To continue, reply on the case page and it reopens."
    )


def deed(event: Event) -> str:
    """What was done, without by whom: "changed the severity from High to Critical"."""
    return SAYS[Kind(event.kind)](event)


def for_agents(event: Event) -> str:
    """What agents are told besides: whose a case was, is at first, or became, which its customers need not know."""
    if event.kind in (Kind.REPLY, Kind.RESOLVED) and "assignee_id" in event.changes:
        return " and took the case"
    if event.kind == Kind.OPENED and "team" in event.details:
        return f", for {event.details['team']}"
    match event.kind:
        case Kind.REMOVED | Kind.REMOVED_NOTE if mailed := event.details.get("mailed"):
            return f". It was emailed before to {listed(mailed)}"
        case Kind.MOVED:
            return ": from {before} to {after}".format(**event.details)
        case Kind.SYSTEM:
            says = ", from {before}" if event.details["shown"] else ": from {before} to {after}"
            team = ", for {team}" if "team" in event.details else ""
            return (says + team).format(**event.details)
        case Kind.SUMMARY:
            return f", from “{event.changes['summary'][0]}”"
        case Kind.ORGANISATION:
            return f" instead of {event.details['before'] or 'none'}"
    return ""


def sentence(event: Event) -> str:
    """Who did what: "Ada changed the severity from High to Critical"."""
    return f"{named(event)} {deed(event)}"
