"""What an incident brings to each of its cases, by a bulk: case by case, each once, whatever fails in between."""

from typing import Any
from uuid import UUID

from django.db import connection

from cases.mail.copies import ask_for_mail_of_copies
from cases.models import BulkItem, Case, Event, Incident, IncidentEvent, Refused, Role, User
from cases.queries.deadlines import open_promises
from cases.queries.incident_cases import items_beside, token_in
from cases.queries.promises import promised_in_update
from cases.text.placeholders import fill, values_of

from . import resolution
from .conversation import ReplyTerms, reply
from .events import now
from .promises import kept_by

# What the bulks are called.
TELL, RESOLVE, EXPLAIN = "incident_update", "incident_resolution", "incident_explanation"


def tell(case: Case, by: User, value: dict[str, str]) -> None:
    """One case of an update: what was written, with the placeholders filled, and mailed once to each customer.

    `value` is the token of the update and its text. A merged case is told where it goes on.
    """
    token, text = UUID(value["update"]), value["text"]
    mailed = _was_mailed(case, token)  # in turn, before anything is locked
    _check_is_meant(case, token)
    end = Case.objects.get(pk=case.pk).merged_target()  # as it is now that nobody else can merge it
    event = IncidentEvent.objects.select_related("incident").get(token=token)
    said = reply(
        end,
        by=by,
        role=Role.AGENT,
        body=fill(text, values_of(end, by)),
        token=token_in(end.pk, token),
        mail=not mailed,
        terms=ReplyTerms(
            promises=[terms for terms in promised_in_update(event) if terms.due_at > now()],
            keeps=_kept_by_update(end, event),
            checked=True,
        ),
    )
    _tell_copies(said, mailed)


def _kept_by_update(case: Case, event: IncidentEvent) -> list[int]:
    """Of what updates of the incident promised in the case, what this one keeps. What an agent promised there stays."""
    updates = event.incident.events.filter(kind=event.kind)
    tokens = [token for token in updates.values_list("token", flat=True) if token]
    promised = [
        promise
        for promise in open_promises(case)
        if promise.made_in.token in [token_in(promise.made_in.case_id, token) for token in tokens]
    ]
    return [promise.pk for promise in kept_by(promised, now())]


def resolve_case(case: Case, by: User, value: dict[str, str]) -> None:
    """One case of a resolved incident, or the one it goes on in. What it says of itself already stays."""
    token = UUID(value["resolution"])
    event = IncidentEvent.objects.select_related("incident").get(token=token)
    mailed = _was_mailed(case, token)  # in turn, before anything is locked
    case, incident = case.locked_target(), event.incident
    if case.incident_id != incident.pk:
        raise Refused(f"Case {case.number} has been taken out of the incident.")
    if incident.is_open:
        raise Refused(f"Incident {incident.number} has been reopened.")
    if not case.is_active:
        resolution.explain(case, by=by, **_unsaid(case, incident))
        return
    said = resolution.resolve(
        case,
        by=by,
        resolution=fill(event.body, values_of(case, by)),
        token=token_in(case.pk, token),
        mail=not mailed,
        **_unsaid(case, incident),
    )
    _tell_copies(said, mailed)


def _tell_copies(said: Event | None, mailed: bool) -> None:
    """People in copy of this case hear of it where its customer is spared a second mail: they may have had none."""
    if said and mailed:
        ask_for_mail_of_copies(said)


def explain_case(case: Case, by: User, value: dict[str, int]) -> None:
    """Say of one case that was over before its incident why it happened, where it does not say so itself."""
    case, incident = case.locked(), Incident.objects.get(pk=value["incident"])
    if case.incident_id == incident.pk and not case.is_active:
        resolution.explain(case, by=by, **_unsaid(case, incident))


def _unsaid(case: Case, incident: Incident) -> dict[str, Any]:
    """What the incident says and the case does not."""
    return {
        "root_cause": "" if case.root_cause else incident.root_cause,
        "area": "" if case.area else incident.area,
        "is_bug": incident.is_bug if case.is_bug is None else None,
    }


def _check_is_meant(case: Case, token: UUID) -> None:
    """Raise Refused unless the case belongs to the incident still. Until the transaction ends it cannot leave it.

    Of a merged case the one it goes on in is locked first, by whoever writes in it.
    """
    incidents = IncidentEvent.objects.filter(token=token).values("incident")
    cases = Case.objects.filter(pk=case.pk, incident__in=incidents).values_list("pk")
    held = cases if case.merged_into_id else cases.select_for_update(of=("self",), no_key=True)
    if not held.first():
        raise Refused(f"Case {case.number} has been taken out of the incident.")


def _was_mailed(case: Case, token: UUID) -> bool:
    """Whether the customer had this by mail from another of their cases. Workers ask in turn."""
    bulks = IncidentEvent.objects.filter(token=token).values("bulk")
    others = items_beside(case, BulkItem.objects.filter(bulk__in=bulks))
    if not others.exists():
        return False
    with connection.cursor() as cursor:
        turn = f"mail of update {token} to {case.customer_id or case.claimed_email.casefold()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])
    done = others.filter(done_at__isnull=False, refused="").values_list("case", "case__merged_into")
    told = [token_in(number, token) for places in done for number in places if number]
    return Event.objects.filter(token__in=told).exists()
