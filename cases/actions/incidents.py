"""One outage that several cases report: opened, told about and resolved once, for all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction

from cases import status_page
from cases.live.nudge import RADAR, incident_topic, nudge
from cases.models import (
    Bulk,
    BulkItem,
    Case,
    Event,
    Incident,
    IncidentEvent,
    Kind,
    Refused,
    Stage,
    Status,
    System,
    User,
    Viewer,
)
from cases.models.case import ACTIVE
from cases.models.incident import OPEN_STAGES
from cases.placeholders import fill, values_for_all

from . import bulk
from .broadcast import RESOLVE, TELL
from .promises import Word, check, written
from .recording import end_for, now, record

LONGEST_UPDATE = 10_000


def record_in(
    incident: Incident,
    kind: IncidentEvent.Kind,
    *,
    by: Viewer | None,
    body: str = "",
    public: bool = False,
    token: UUID | None = None,
    bulk: Bulk | None = None,
    details: Mapping[str, Any] | None = None,
    promises: Sequence[Word] = (),
    **changes: Any,
) -> IncidentEvent:
    """Write one event and the changes of state that it stands for. `incident` must be locked.

    `public` is whether everybody may read the event; whether they may read the incident is one of its `details`.
    """
    recorded = {}
    for field, new in (changes | dict(details or {})).items():
        old = getattr(incident, field)
        if old != new:
            setattr(incident, field, new)
            recorded[field] = [_json(old), _json(new)]
    incident.last_sequence += 1
    incident.changed_at = now()
    incident.save(update_fields=[*recorded, "last_sequence", "changed_at"])
    nudge(incident_topic(incident.pk))
    if promises:
        recorded["promises"] = [[], written(promises)]
    if public or recorded:
        transaction.on_commit(status_page.forget)
    return IncidentEvent.objects.create(
        incident=incident,
        sequence=incident.last_sequence,
        kind=kind,
        author=by if isinstance(by, User) else None,
        public=public,
        body=body,
        changes=recorded,
        at=incident.changed_at,
        token=token,
        bulk=bulk,
    )


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


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
            record_in(incident, IncidentEvent.Kind.OPENED, by=by, public=True, token=token)
            # Of merged cases those they go on in, in the order in which everybody locks cases.
            ends = {case.end() for case in Case.objects.visible_to(by).filter(pk__in=list(cases))}
            for case in sorted(ends, key=lambda end: end.pk):
                attach(case, by=by, incident=incident)
            return incident
    except IntegrityError:
        if done := _opened(token):
            return done
        raise


def _opened(token: UUID) -> Incident | None:
    return Incident.objects.filter(events__token=token).first()


@transaction.atomic
def attach(case: Case, *, by: Viewer | None, incident: Incident) -> Event | None:
    """Say that the case reports this incident; of a merged case, the one it goes on in does.

    Returns None when that is so. Raises Refused when the case belongs to another incident or either is over.
    """
    incident, case = incident.locked(), end_for(case, by)
    if case.incident_id == incident.pk:
        return None
    if case.incident_id:
        raise Refused(
            f"Case {case.number} belongs to incident {case.incident_id} already. Take it out of that one first."
        )
    if not incident.is_open:
        raise Refused(f"Incident {incident.number} is resolved. Reopen it to attach a case to it.")
    if case.status == Status.CLOSED:
        raise Refused(f"Case {case.number} is closed. Reopen it to attach it to an incident.")
    record_in(incident, IncidentEvent.Kind.ATTACHED, by=by, body=str(case.number))
    nudge(RADAR)  # which may have suggested it
    return record(case, Kind.ATTACHED, by=by, body=str(incident.number), incident_id=incident.pk)


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
        raise Refused(f"Somebody else changed case {case.number} at the same moment. Look at it again.")
    record_in(incident, IncidentEvent.Kind.DETACHED, by=by, body=str(case.number))
    return record(case, Kind.DETACHED, by=by, body=str(incident.number), incident_id=None)


@transaction.atomic
def change(incident: Incident, *, by: User, **details: Any) -> IncidentEvent | None:
    """Change the title, area, severity, owner or whether it is public. Returns None when all is so already."""
    incident, body = incident.locked(), ""
    if "owner" in details:
        owner = details.pop("owner")
        details["owner_id"], body = (owner.pk, str(owner)) if owner else (None, "")
    if all(getattr(incident, field) == value for field, value in details.items()):
        return None
    return record_in(incident, IncidentEvent.Kind.DETAIL, by=by, body=body, details=details)


@transaction.atomic
def add_note(incident: Incident, *, by: User, body: str, token: UUID | None = None) -> IncidentEvent | None:
    """Write down something that only agents see. Returns None when the form was received before with these words."""
    incident, token = incident.locked(), _token_for(token, body)
    if _received(token):
        return None
    return record_in(incident, IncidentEvent.Kind.NOTE, by=by, body=body, token=token)


@transaction.atomic
def update(
    incident: Incident,
    *,
    by: User,
    body: str,
    status: str = "",
    cases: Iterable[int] = (),
    token: UUID | None = None,
    promises: Sequence[Word] = (),
) -> IncidentEvent | None:
    """Say publicly how it goes, and say it in each of these `cases` of the incident, by number.

    `promises` are what it promises, there and to everybody.

    The cases are told by a job, each once whatever fails in between, with the placeholders filled; what everybody
    reads has them filled for nobody in particular. Returns None when the form was received before. Raises Refused
    while the incident is resolved or an update is on its way, when nobody would read it, and for a status that
    only `resolve` gives.
    """
    incident = incident.locked()
    if _received(token):
        return None
    check_may_be_told(incident, body)
    if status not in ("", *OPEN_STAGES):
        raise Refused("Resolve the incident to say that it is over.")
    check_nothing_under_way(incident)
    check(promises)
    told = _attached(incident, cases)
    check_is_read(incident, told)
    token = token or uuid4()
    sent = told and bulk.start(
        by=by,
        name=TELL,
        value=f"{token} {body}",
        label=f"Update of incident {incident.number}",
        cases=told,
        token=token,
    )
    return record_in(
        incident,
        IncidentEvent.Kind.UPDATE,
        by=by,
        body=fill(body, values_for_all(incident.system)),
        public=True,
        token=token,
        bulk=sent or None,
        promises=promises,
        status=status or incident.status,
    )


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
    """End the incident, and resolve its open cases: each customer is asked whether this fixed it.

    Returns None when the form was received before or it is resolved in these words. Raises Refused when it is
    resolved in others, and while an update is still on its way to the cases.
    """
    incident = incident.locked()
    if _received(token) or (incident.status == Stage.RESOLVED and incident.resolution == resolution):
        return None
    if not incident.is_open:
        raise Refused(f"Incident {incident.number} is resolved already. Reopen it first.")
    check_can_be_said(resolution)
    check_nothing_under_way(incident)
    token = token or uuid4()
    open_cases = list(incident.cases.filter(status__in=ACTIVE).values_list("pk", flat=True))
    started = open_cases and bulk.start(
        by=by,
        name=RESOLVE,
        value=str(token),
        label=f"Resolution of incident {incident.number}",
        cases=open_cases,
        token=token,
    )
    return record_in(
        incident,
        IncidentEvent.Kind.RESOLVED,
        by=by,
        body=resolution,
        public=True,
        token=token,
        bulk=started or None,
        status=Stage.RESOLVED,
        resolved_at=now(),
        resolution=resolution,
        root_cause=root_cause or incident.root_cause,
        area=area or incident.area,
        is_bug=incident.is_bug if is_bug is None else is_bug,
    )


@transaction.atomic
def reopen(
    incident: Incident, *, by: User, body: str = "", token: UUID | None = None
) -> IncidentEvent | None:
    """It is back: investigate again. Cases that were resolved with it stay as their customers left them.

    Returns None when it is open or the form was received before. Raises Refused while its resolution is still on
    its way to the cases.
    """
    incident, token = incident.locked(), _token_for(token, body)
    if incident.is_open or _received(token):
        return None
    if body:
        check_can_be_said(body)
    check_nothing_under_way(incident)
    return record_in(
        incident,
        IncidentEvent.Kind.REOPENED,
        by=by,
        body=body,
        public=True,
        token=token,
        status=Stage.INVESTIGATING,
        resolved_at=None,
        resolution="",
    )


def check_can_be_said(body: str) -> None:
    """Raise Refused unless this is a text that may stand in public."""
    if not body.strip():
        raise Refused("Write what you want to tell.")
    if len(body) > LONGEST_UPDATE:
        raise Refused(
            f"This text is too long for an update: {len(body):,} characters, {LONGEST_UPDATE:,} fit."
        )


def check_may_be_told(incident: Incident, body: str) -> None:
    """Raise Refused unless this text may go to everybody now."""
    check_can_be_said(body)
    if not incident.is_open:
        raise Refused(f"Incident {incident.number} is resolved. Reopen it to tell something new.")


def check_is_read(incident: Incident, told: Collection[int]) -> None:
    """Raise Refused when an update to these cases would reach nobody."""
    if not told and not incident.public:
        raise Refused(
            "Nobody would read this: it goes to no case, and the incident is not on the status page. Write a note instead."
        )


def check_nothing_under_way(incident: Incident) -> None:
    """Raise Refused while something is still on its way to the cases: what comes after must not overtake it."""
    waiting = BulkItem.objects.filter(
        done_at=None, bulk__stopped=False, bulk__in=incident.events.exclude(bulk=None).values("bulk")
    )
    if left := waiting.count():
        cases = "1 case" if left == 1 else f"{left:,} cases"
        what = "An update" if incident.is_open else "The resolution"
        raise Refused(f"{what} is still on its way to {cases}. Try again when it has arrived.")


def _attached(incident: Incident, cases: Iterable[int]) -> list[int]:
    return list(incident.cases.filter(pk__in=list(cases)).order_by("pk").values_list("pk", flat=True))


def _received(token: UUID | None) -> bool:
    return token is not None and IncidentEvent.objects.filter(token=token).exists()


def _token_for(token: UUID | None, text: str) -> UUID | None:
    """What this text from the form with this token is known by: other words count anew, as after the Back button."""
    taken = token and IncidentEvent.objects.filter(token=token).exclude(body=text).exists()
    return uuid5(token, text) if token and taken else token
