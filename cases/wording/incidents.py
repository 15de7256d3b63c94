"""What an event of an incident says in words: one table for its page and the administration."""

from collections.abc import Callable

from cases.models import Area, IncidentEvent, Severity, Stage
from cases.queries.brand import brand

Kind = IncidentEvent.Kind


def who(event: IncidentEvent) -> str:
    if event.author:
        return str(event.author)
    return (
        "A visitor" if event.kind == Kind.ATTACHED else brand().name
    )  # their report says that it is this one


def _update(event: IncidentEvent) -> str:
    told = "posted an update" if event.public else "updated its cases"
    if "status" in event.changes:
        return f"{told}: {Stage(event.changes['status'][1]).label.lower()}"
    return told


def _detail(event: IncidentEvent) -> str:
    deeds = [_DETAILS[field](*change, event.details.get("owner")) for field, change in event.changes.items()]
    if "earlier" in event.details:
        deeds.append("showed its earlier updates")
    return " and ".join(deeds)


def _area(old: str, new: str, name: str) -> str:
    return f"set the area to {Area(new).label}" if new else "removed the area"


_DETAILS: dict[str, Callable[..., str]] = {
    "title": lambda old, new, name: f"changed the title from “{old}” to “{new}”",
    "severity": lambda old, new, name: (
        f"changed the severity from {Severity(old).label} to {Severity(new).label}"
    ),
    "area": _area,
    "owner_id": lambda old, new, name: f"made {name} the owner" if new else "removed the owner",
    "root_cause": lambda old, new, name: f"changed the root cause to “{new}”",
    "is_bug": lambda old, new, name: "called it a bug" if new else "called it no bug",
    "public": lambda old, new, name: "put it on the status page" if new else "took it off the status page",
}

SAYS: dict[Kind, Callable[[IncidentEvent], str]] = {
    Kind.OPENED: lambda event: "opened the incident",
    Kind.NOTE: lambda event: "noted",
    Kind.UPDATE: _update,
    Kind.DETAIL: _detail,
    Kind.ATTACHED: lambda event: f"attached case #{event.details['case']}",
    Kind.DETACHED: lambda event: f"took out case #{event.details['case']}",
    Kind.RESOLVED: lambda event: "resolved the incident",
    Kind.REOPENED: lambda event: "reopened the incident",
}


def deed(event: IncidentEvent) -> str:
    """What was done, without by whom: "attached case #12"."""
    return SAYS[Kind(event.kind)](event)


def sentence(event: IncidentEvent) -> str:
    return f"{who(event)} {deed(event)}"
