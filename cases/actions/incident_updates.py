"""What is told of an incident, and its end: once, for all of its cases."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Q

from cases.actions import bulk
from cases.actions.broadcast import EXPLAIN, RESOLVE, TELL
from cases.actions.events import now
from cases.actions.incident_events import record_incident_event
from cases.actions.incidents import change
from cases.actions.promises import check, written
from cases.models import (
    YES,
    Answer,
    BulkItem,
    Case,
    Incident,
    IncidentEvent,
    Refused,
    Stage,
    User,
)
from cases.models.choices import ACTIVE
from cases.models.incident import OPEN_STAGES
from cases.models.promise import PromiseTerms
from cases.text.placeholders import fill, values_for_all

LONGEST_UPDATE = 10_000


@transaction.atomic
def add_note(incident: Incident, *, by: User, body: str, token: UUID | None = None) -> IncidentEvent | None:
    """Write down something that only agents see. Returns None when the form was received before with these words."""
    incident, token = incident.locked(), _token_for(token, body)
    if _received(token):
        return None
    return record_incident_event(incident, IncidentEvent.Kind.NOTE, by=by, body=body, token=token)


def may_speak_for(incident: Incident, by: User) -> Answer:
    """Whether they may tell all of its customers something: who is limited must see all of its cases."""
    if by.limit_id is None or not incident.cases.exclude(pk__in=Case.objects.visible_to(by)).exists():
        return YES
    return Answer("This incident has cases that you do not see. Someone who sees them all speaks for it.")


def may_tell(incident: Incident) -> Answer:
    """Whether something new may be told of the incident: while it is open."""
    if incident.is_open:
        return YES
    return Answer(refusal=f"Incident {incident.number} is resolved. Reopen it to tell something new.")


@transaction.atomic
def update(
    incident: Incident,
    *,
    by: User,
    body: str,
    status: str = "",
    cases: Iterable[int] = (),
    token: UUID | None = None,
    promises: Sequence[PromiseTerms] = (),
) -> IncidentEvent | None:
    """Say how it goes: on the status page, if the incident is public, and in each of these `cases` of it, by number.

    `promises` are what it promises, there and to everybody.

    The cases are told by a job, each once whatever fails in between, with the placeholders filled; what everybody
    reads has them filled for nobody in particular. Returns None when the form was received before. Raises Refused
    while the incident is resolved or an update is on its way, when nobody would read it, and for a status that
    only `resolve` gives.
    """
    incident = incident.locked()
    if _received(token):
        return None
    may_speak_for(incident, by).check()
    check_may_be_told(incident, body)
    if status not in ("", *OPEN_STAGES):
        raise Refused("Resolve the incident to say it’s fixed.")
    check_nothing_under_way(incident)
    check(promises)
    told = _attached(incident, cases)
    check_is_read(incident, told)
    token = token or uuid4()
    sent = told and bulk.begin(
        by=by,
        name=TELL,
        value={"update": str(token), "text": body},
        label=f"Update of incident {incident.number}",
        cases=told,
        token=token,
    )
    return record_incident_event(
        incident,
        IncidentEvent.Kind.UPDATE,
        by=by,
        body=fill(body, values_for_all(incident.system)),
        public=incident.public,
        token=token,
        bulk=sent or None,
        details={"promises": written(promises)} if promises else {},
        changes={"status": status or incident.status},
    )


def may_resolve(incident: Incident) -> Answer:
    """Whether the incident may be resolved: while it is open."""
    if incident.is_open:
        return YES
    return Answer(refusal=f"Incident {incident.number} is resolved already. Reopen it first.")


@transaction.atomic
def resolve(
    incident: Incident,
    *,
    by: User,
    resolution: str,
    root_cause: str = "",
    area: str = "",
    is_bug: bool | None = None,
    token: UUID | None = None,
) -> IncidentEvent | None:
    """End the incident, and resolve its open cases: each customer is asked whether this fixed it. What is known of it
    is said of the others too, where they do not say it themselves.

    When it is resolved in these words, what else is said of it is taken over; None when all is so already, or the
    form was received before. Raises Refused when it is resolved in other words, and while an update is still on its
    way to the cases.
    """
    incident, token = incident.locked(), _token_for(token, resolution)
    may_speak_for(incident, by).check()
    if incident.status == Stage.RESOLVED and incident.resolution == resolution:
        said: dict[str, Any] = {"root_cause": root_cause or None, "area": area or None, "is_bug": is_bug}
        event = change(incident, by=by, **{name: new for name, new in said.items() if new is not None})
        _explain_cases(incident.locked(), by)
        return event
    if _received(token):
        return None
    may_resolve(incident).check()
    check_can_be_said(resolution)
    check_nothing_under_way(incident)
    token = token or uuid4()
    open_cases = list(incident.cases.filter(status__in=ACTIVE).values_list("pk", flat=True))
    started = open_cases and bulk.begin(
        by=by,
        name=RESOLVE,
        value={"resolution": str(token)},
        label=f"Resolution of incident {incident.number}",
        cases=open_cases,
        token=token,
    )
    event = record_incident_event(
        incident,
        IncidentEvent.Kind.RESOLVED,
        by=by,
        body=resolution,
        public=incident.public,
        token=token,
        bulk=started or None,
        changes={
            "status": Stage.RESOLVED,
            "resolved_at": now(),
            "resolution": resolution,
            "root_cause": root_cause or incident.root_cause,
            "area": area or incident.area,
            "is_bug": incident.is_bug if is_bug is None else is_bug,
        },
    )
    _explain_cases(incident, by)
    return event


def _explain_cases(incident: Incident, by: User) -> None:
    """Take over into cases that are over already what the incident says and they do not."""
    unsaid = Q(pk=None)
    if incident.root_cause:
        unsaid |= Q(root_cause="")
    if incident.area:
        unsaid |= Q(area="")
    if incident.is_bug is not None:
        unsaid |= Q(is_bug=None)
    over = incident.cases.filter(unsaid, merged_into=None).exclude(status__in=ACTIVE)
    if numbers := list(over.values_list("pk", flat=True)):
        label = f"What is known of incident {incident.number}"
        bulk.begin(by=by, name=EXPLAIN, value={"incident": incident.number}, label=label, cases=numbers)


def may_reopen(incident: Incident) -> Answer:
    """Whether the incident may be opened again: when it is resolved."""
    if not incident.is_open:
        return YES
    return Answer(refusal=f"Incident {incident.number} is open already. Send this as an update or a note.")


@transaction.atomic
def reopen(
    incident: Incident, *, by: User, body: str = "", token: UUID | None = None
) -> IncidentEvent | None:
    """It is back: investigate again. Cases that were resolved with it stay as their customers left them.

    Returns None when the form was received before, or the incident is open and nothing new is said. Raises Refused
    when it is open and the words would be lost, and while its resolution is still on its way to the cases.
    """
    incident, token = incident.locked(), _token_for(token, body)
    if _received(token):
        return None
    answer = may_reopen(incident)
    if not answer:
        if body and not incident.events.filter(kind=IncidentEvent.Kind.REOPENED, body=body).exists():
            answer.check()
        return None
    if body:
        check_can_be_said(body)
    check_nothing_under_way(incident)
    return record_incident_event(
        incident,
        IncidentEvent.Kind.REOPENED,
        by=by,
        body=body,
        public=incident.public,
        token=token,
        changes={"status": Stage.INVESTIGATING, "resolved_at": None, "resolution": ""},
    )


def check_can_be_said(body: str) -> None:
    """Raise Refused unless this is a text that may stand in public."""
    if not body.strip():
        raise Refused("Write an update first.")
    if len(body) > LONGEST_UPDATE:
        raise Refused(
            f"This text is too long for an update: {len(body):,} characters, {LONGEST_UPDATE:,} fit."
        )


def check_may_be_told(incident: Incident, body: str) -> None:
    """Raise Refused unless this text may go to everybody now."""
    check_can_be_said(body)
    may_tell(incident).check()


def check_is_read(incident: Incident, told: Collection[int]) -> None:
    """Raise Refused when an update to these cases would reach nobody."""
    if not told and not incident.public:
        raise Refused(
            "Nobody would get this: no cases are selected and the incident isn’t on the status page. Write a note instead."
        )


def check_nothing_under_way(incident: Incident) -> None:
    """Raise Refused while something is still on its way to the cases: what comes after must not overtake it."""
    waiting = BulkItem.objects.filter(
        done_at=None, bulk__stopped=False, bulk__in=incident.events.exclude(bulk=None).values("bulk")
    )
    if left := waiting.count():
        cases = "1 case" if left == 1 else f"{left:,} cases"
        what = "An update" if incident.is_open else "The resolution"
        raise Refused(f"{what} is still being sent to {cases}. Try again when it’s done.")


def _attached(incident: Incident, cases: Iterable[int]) -> list[int]:
    return sorted({*cases} & {*incident.cases.values_list("pk", flat=True)})


def _received(token: UUID | None) -> bool:
    return token is not None and IncidentEvent.objects.filter(token=token).exists()


def _token_for(token: UUID | None, text: str) -> UUID | None:
    """What this text from the form with this token is known by: other words count anew, as after the Back button."""
    taken = token and IncidentEvent.objects.filter(token=token).exclude(body=text).exists()
    return uuid5(token, text) if token and taken else token
