"""What an incident brings to each of its cases, by a bulk: case by case, each once, whatever fails in between."""

from uuid import UUID, uuid5

from django.db import connection

from cases.models import Bulk, BulkItem, Case, IncidentEvent, Refused, Role, User
from cases.placeholders import fill, values_of

from . import resolution
from .conversation import reply

TELL, RESOLVE = "incident_update", "incident_resolution"  # what the bulks are called


def token_in(case: int, token: UUID) -> UUID:
    """What the reply in this case is known by that the update with this token becomes."""
    return uuid5(token, str(case))


def tell(case: Case, by: User, value: str) -> None:
    """One case of an update: what was written, with the placeholders filled, and mailed once to each customer.

    `value` is the token of the update and its text.
    """
    token, _, text = value.partition(" ")
    end = case.locked_end()
    event = _meant_for(end if end.pk == case.pk else case, token)
    reply(
        end,
        by=by,
        role=Role.AGENT,
        body=fill(text, values_of(end, by)),
        token=token_in(end.pk, UUID(token)),
        mail=not _was_mailed(event.bulk, case),
    )


def resolve_case(case: Case, by: User, value: str) -> None:
    """One case of a resolved incident. What it says of itself already stays."""
    case = case.locked()
    event = _meant_for(case, value)
    incident = event.incident
    if incident.is_open:
        raise Refused(f"Incident {incident.number} was reopened meanwhile.")
    if not case.is_active:
        return
    resolution.resolve(
        case,
        by=by,
        resolution=event.body,
        root_cause=case.root_cause or incident.root_cause,
        area=case.area or incident.area,
        is_bug=incident.is_bug if case.is_bug is None else case.is_bug,
    )


def _meant_for(case: Case, token: str) -> IncidentEvent:
    event = IncidentEvent.objects.select_related("incident", "bulk").get(token=token)
    if case.incident_id != event.incident_id:
        raise Refused(f"Case {case.number} was taken out of the incident meanwhile.")
    return event


def _was_mailed(bulk: Bulk | None, case: Case) -> bool:
    """Whether the customer had this update by mail from another of their cases. Workers ask in turn."""
    if bulk is None or case.customer_id is None:
        return False
    with connection.cursor() as cursor:
        turn = f"mail of bulk {bulk.pk} to {case.customer_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])
    told = BulkItem.objects.filter(
        bulk=bulk, case__customer=case.customer_id, done_at__isnull=False, refused=""
    )
    return told.exclude(case=case).exists()
