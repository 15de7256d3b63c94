"""`record_incident_event`, the only writer of an incident's events and state."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.actions.events import now
from cases.live.nudge import case_topic, desk_topic, incident_topic, nudge
from cases.models import (
    Bulk,
    Incident,
    IncidentEvent,
    Refused,
    Stage,
    User,
    Viewer,
)
from cases.models.incident import STAGE_TRANSITIONS
from cases.status_page import pages

WRITTEN = ("title", "resolution", "root_cause")
PHRASE = 1  # its place in a promise: see `promises.written`
SHOWN_IN_CASES = {"title", "status", "public"}  # the fields that the pages of its cases show


def record_incident_event(
    incident: Incident,
    kind: IncidentEvent.Kind,
    *,
    by: Viewer | None,
    body: str = "",
    public: bool = False,
    token: UUID | None = None,
    bulk: Bulk | None = None,
    details: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> IncidentEvent:
    """Write one event and the changes of state that it stands for. `incident` must be locked.

    `details` are what the event names, `changes` fields of the incident and their new values. `public` is whether
    everybody may read the event; whether they may read the incident is a change of its own.
    Raises Refused for a status that may not follow the one it has.
    """
    changes, recorded = changes or {}, {}
    _check_may_become(incident, changes.get("status", incident.status))
    for field, new in changes.items():
        old = getattr(incident, field)
        if old != new:
            setattr(incident, field, new)
            recorded[field] = [_json(old), _json(new)]
    incident.last_sequence += 1
    incident.changed_at = now()
    incident.save(update_fields=[*recorded, "last_sequence", "changed_at"])
    nudge(incident_topic(incident.pk))
    if (public and body) or SHOWN_IN_CASES & recorded.keys() or "earlier" in (details or {}):
        _nudge_cases(incident)
    if public or recorded or "earlier" in (details or {}):
        transaction.on_commit(pages.forget)
    return IncidentEvent.objects.create(
        incident=incident,
        sequence=incident.last_sequence,
        kind=kind,
        author=by if isinstance(by, User) else None,
        public=public,
        body=body,
        details=details or {},
        changes=recorded,
        at=incident.changed_at,
        token=token,
        bulk=bulk,
    )


def strike_incidents(incidents: Collection[int], text: Callable[[str], str]) -> None:
    """Let `text` strike something out of all that these incidents say, and of what is still told of them."""
    for incident in Incident.objects.filter(pk__in=incidents).select_for_update(no_key=True).order_by("pk"):
        struck = {name: text(getattr(incident, name)) for name in WRITTEN}
        for event in incident.events.select_related("bulk"):
            event.body = text(event.body)
            for name in event.changes.keys() & set(WRITTEN):
                event.changes[name] = [*map(text, event.changes[name])]
            for promise in event.details.get("promises", ()):
                promise[PHRASE] = text(promise[PHRASE])
            event.save(update_fields=["body", "changes", "details"])
            if event.bulk and "text" in event.bulk.change["value"]:
                event.bulk.change["value"]["text"] = text(event.bulk.change["value"]["text"])
                event.bulk.save(update_fields=["change"])
        longest: int | None = Incident._meta.get_field("title").max_length
        Incident.objects.filter(pk=incident.pk).update(**struck | {"title": struck["title"][:longest]})
        nudge(incident_topic(incident.pk))
        _nudge_cases(incident)
    transaction.on_commit(pages.forget)


def _check_may_become(incident: Incident, status: str) -> None:
    if status != incident.status and status not in STAGE_TRANSITIONS[Stage(incident.status)]:
        raise Refused(
            f"Incident {incident.number} is {incident.get_status_display().lower()} "
            f"and cannot become {Stage(status).label.lower()}."
        )


def _nudge_cases(incident: Incident) -> None:
    """Nudge who looks at a case of it: its customers, and the desk."""
    numbers = list(incident.cases.values_list("pk", flat=True))
    nudge(*map(case_topic, numbers), *map(desk_topic, numbers))


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
