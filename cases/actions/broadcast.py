"""What an incident brings to each of its cases, by a bulk: case by case, each once, whatever fails in between."""

from uuid import UUID, uuid5

from cases.models import BulkItem, Case, IncidentEvent, Refused, User
from cases.placeholders import fill, values_of

from . import resolution
from .conversation import reply

TELL, RESOLVE = "incident_update", "incident_resolution"  # what the bulks are called


def tell(case: Case, by: User, value: str) -> None:
    """One case of an update: what was written, with the placeholders filled, and mailed once to each customer."""
    event = _meant_for(case, value)
    siblings = BulkItem.objects.filter(bulk=event.bulk, case__customer=case.customer, case_id__lt=case.pk)
    again = case.customer_id and siblings.filter(done_at__isnull=False, refused="").exists()
    body = fill(event.body, values_of(case, by))
    reply(case, by=by, body=body, token=uuid5(UUID(value), str(case.pk)), mail=not again)


def resolve_case(case: Case, by: User, value: str) -> None:
    """One case of a resolved incident. What it says of itself already stays."""
    incident = _meant_for(case, value).incident
    if not case.is_active:
        return
    resolution.resolve(
        case,
        by=by,
        resolution=incident.resolution,
        root_cause=case.root_cause or incident.root_cause,
        area=case.area or incident.area,
        is_bug=incident.is_bug if case.is_bug is None else case.is_bug,
    )


def _meant_for(case: Case, token: str) -> IncidentEvent:
    event = IncidentEvent.objects.select_related("incident", "bulk").get(token=token)
    if case.incident_id != event.incident_id:
        raise Refused(f"Case {case.number} was taken out of the incident meanwhile.")
    return event
