"""One outage that several cases report: opened, told about and resolved once, for all of them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction

from cases.actions.incident_events import record_incident_event
from cases.live.nudge import RADAR, nudge
from cases.models import (
    YES,
    Answer,
    Case,
    Event,
    Incident,
    IncidentEvent,
    Kind,
    Refused,
    Status,
    System,
    User,
    Viewer,
)

from .events import now, record, target_for


def open_incident(
    *,
    system: System,
    title: str,
    by: User,
    severity: int,
    area: str = "",
    public: bool = True,
    cases: Iterable[int] = (),
    token: UUID | None = None,
) -> Incident:
    """Open an incident and attach the cases with these numbers. A form that was received before opens none again,
    be it at the same moment; with another title or system it opens another.

    Raises Refused when one of the cases cannot be attached; then nothing is done.
    """
    token = uuid5(token, repr((system.pk, title))) if token else uuid4()
    if done := _opened(token):
        return done
    try:
        with transaction.atomic():
            incident = Incident.objects.create(
                system=system,
                title=title,
                severity=severity,
                area=area,
                public=public,
                owner=by,
                opened_at=now(),
            )
            record_incident_event(incident, IncidentEvent.Kind.OPENED, by=by, public=True, token=token)
            # Of merged cases those they go on in, in the order in which everybody locks cases.
            ends = {case.merged_target() for case in Case.objects.visible_to(by).filter(pk__in=list(cases))}
            for case in sorted(ends, key=lambda end: end.pk):
                attach(case, by=by, incident=incident)
            return incident
    except IntegrityError:
        if done := _opened(token):
            return done
        raise


def _opened(token: UUID) -> Incident | None:
    return Incident.objects.filter(events__token=token).first()


def may_be_attached(case: Case) -> Answer:
    """Whether the case may be attached to an incident: unless it belongs to one or is closed."""
    if case.incident_id:
        return Answer(
            refusal=f"Case {case.number} belongs to incident {case.incident_id} already. "
            "Take it out of that one first."
        )
    if case.status == Status.CLOSED:
        return Answer(refusal=f"Case {case.number} is closed. Reopen it to attach it to an incident.")
    return YES


def may_take_cases(incident: Incident) -> Answer:
    """Whether cases may be attached to the incident: while it is open."""
    if incident.is_open:
        return YES
    return Answer(refusal=f"Incident {incident.number} is resolved. Reopen it to attach a case to it.")


@transaction.atomic
def attach(case: Case, *, by: Viewer | None, incident: Incident) -> Event | None:
    """Say that the case reports this incident; of a merged case, the one it goes on in does.

    Returns None when that is so. Raises Refused when the case belongs to another incident or either is over.
    """
    incident, case = incident.locked(), target_for(case, by)
    if case.incident_id == incident.pk:
        return None
    may_be_attached(case).check()
    may_take_cases(incident).check()
    record_incident_event(incident, IncidentEvent.Kind.ATTACHED, by=by, details={"case": case.number})
    nudge(RADAR)  # which may have suggested it
    return record(case, Kind.ATTACHED, by=by, details={"incident": incident.number}, incident_id=incident.pk)


def hold(numbers: Iterable[int | None]) -> None:
    """Hold these incidents until the transaction ends, in the order of their numbers, before any of their cases."""
    found = Incident.objects.filter(pk__in=[number for number in numbers if number])
    list(found.select_for_update(no_key=True).order_by("pk"))


def attach_number(incident: Incident, *, by: User, case: Case) -> Event | None:
    """The same, asked of the incident."""
    return attach(case, by=by, incident=incident)


@transaction.atomic
def detach(case: Case, *, by: User | None) -> Event | None:
    """Take the case out of its incident; what was said in it stays. Returns None when it belongs to none."""
    incident = Case.objects.get(pk=case.pk).incident
    if incident is None:
        return None
    incident, case = incident.locked(), case.locked()
    if case.incident_id != incident.pk:
        raise Refused(f"Someone else just changed case {case.number}. Please check it again.")
    record_incident_event(incident, IncidentEvent.Kind.DETACHED, by=by, details={"case": case.number})
    return record(case, Kind.DETACHED, by=by, details={"incident": incident.number}, incident_id=None)


@transaction.atomic
def change(incident: Incident, *, by: User, earlier: bool = False, **changes: Any) -> IncidentEvent | None:
    """Change details such as the title, the owner or whether it is public. Returns None when all is so already.

    With `earlier`, everybody may read also what was said while it was not public.
    """
    incident = incident.locked()
    details: dict[str, Any] = {}
    if "owner" in changes:
        owner = changes.pop("owner")
        changes["owner_id"], details = (owner.pk, {"owner": str(owner)}) if owner else (None, {})
    if earlier and incident.events.withheld().exists():
        details["earlier"] = True
    elif all(getattr(incident, field) == value for field, value in changes.items()):
        return None
    return record_incident_event(incident, IncidentEvent.Kind.DETAIL, by=by, details=details, changes=changes)


def join(case: Case, *, by: Viewer | None, incident: Incident) -> bool:
    """Attach the case that was reported as this incident, and return whether it belongs to it now.

    Counts once: a case that was taken out of an incident since stays out. When the incident was resolved meanwhile
    the case goes on by itself.
    """
    if not case.events.filter(kind=Kind.ATTACHED).exists():
        try:
            attach(case, by=by, incident=incident)
        except Refused:
            return False
    return Case.objects.filter(pk=case.pk, incident=incident).exists()
