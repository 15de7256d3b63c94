"""Case documents in and out: a document becomes a case with its original times, and a case a document."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, transaction

from cases.models import Case, Event, Kind, Refused, Role, Severity, Status, System
from cases.models.choices import DONE
from cases.transcripts.document import Document, Message
from cases.transcripts.writer import to_json

from . import deadlines
from .accounts import customer_for
from .corrections import decided_here
from .events import history, now, record

log = logging.getLogger(__name__)

UNSTATED_SYSTEM = "Not stated"
LONGEST_REFERENCE = 200
LONGEST_NAME = 120  # of an account; the case keeps the whole
# What a resolved case's document says of its end.
ENDING = ("status", "resolved_at", "resolution", "root_cause", "is_bug", "area")
# Where a system's name ends and its description begins: "Till. A product that …", "Till – …".
_ENDS_OF_NAMES = (". ", " – ", " — ", " - ", ": ", "\n")


@dataclass(frozen=True)
class Outcome:
    """What an import did: the case, and `created`, `updated` or `unchanged`.

    `system` is one that it made. `told` are messages that the document calls internal, but that an earlier version of
    it did not: the customer reads them.
    """

    case: Case
    done: str
    messages: int = 0
    system: System | None = None
    told: int = 0


def already_told(count: int) -> str:
    """What can be said of messages that a document now calls internal."""
    if count == 1:
        return "1 message that is now called internal came as a reply before: its customer can read it."
    return f"{count} messages that are now called internal came as replies before: their customers can read them."


class Named(NamedTuple):
    """The system that a document names, its description where it differs, and the system once more if it is new."""

    system: System | None = None
    words: str | None = None
    made: System | None = None


class Said(NamedTuple):
    """A message with a time for certain."""

    role: Role
    at: datetime
    text: str
    internal: bool


def import_document(document: Document) -> Outcome:
    """Store a document as a case, or bring its case up to date. The same document twice is a no-op.

    Times are the document's own; nobody is mailed. A later version adds its new messages and what it
    says differently; what it leaves out stays. Raises Refused for what no case can hold.
    """
    try:
        with transaction.atomic():
            return _imported(document)
    except (DataError, IntegrityError) as error:  # the documents beside it are imported all the same
        log.exception("Document %s could not be stored", document.case_id)
        raise Refused(
            f"Case {document.case_id} could not be stored: {str(error).splitlines()[0]}."
        ) from error


def _imported(document: Document) -> Outcome:
    if len(document.case_id) > LONGEST_REFERENCE:
        raise Refused(f"The Case ID is longer than {LONGEST_REFERENCE} characters.")
    if document == Document(case_id=document.case_id):
        raise Refused("It says nothing but its Case ID.")
    case = Case.objects.select_for_update(of=["self"], no_key=True).filter(reference=document.case_id).first()
    if case is None:
        return _create(document)
    return _update(case, document)


def document_of(case: Case) -> Document:
    """The case as a document. Events must be prefetched where many are written."""
    return Document(
        case_id=case.reference,
        created_at=case.opened_at,
        system_description=_described(case),
        issue_summary=case.summary or None,
        severity=None if case.severity == Severity.UNSTATED else case.get_severity_display().lower(),
        priority=case.get_priority_display() if case.priority else None,
        status=case.status,
        customer_name=case.customer_name or None,
        contact_email=case.customer.email if case.customer else None,
        messages=tuple(
            _message(event)
            for event in case.events.all()
            if event.kind in (Kind.REPLY, Kind.NOTE) and event.body  # documents carry no files
        ),
        resolved_at=case.resolved_at,
        resolution=case.resolution or None,
        area=case.area or None,
        is_bug=case.is_bug,
        root_cause=case.root_cause or None,
        generated_at=case.generated_at,
    )


def _message(event: Event) -> Message:
    internal = event.kind == Kind.NOTE
    if event.role == Role.CUSTOMER:
        return Message("customer", event.at, event.body, internal)
    return Message(
        "system" if internal and event.role == Role.SYSTEM else "agent", event.at, event.body, internal
    )


def _described(case: Case) -> str | None:
    name = None if case.system.name == UNSTATED_SYSTEM else case.system.name
    return case.system_as_reported or case.system.description or name


def _timed(document: Document) -> tuple[datetime, list[Said]]:
    """When the case was opened, and what was said: what has no time takes that of what stands before it."""
    first = next((message.at for message in document.messages if message.at), None)
    at = last = document.created_at or first or document.generated_at or now()
    said = []
    for message in document.messages:
        last = message.at or last
        said.append(Said(Role(message.role), last, message.text, message.internal))
    return at, said


def _digest(document: Document) -> str:
    return hashlib.sha256(to_json(document).encode()).hexdigest()


# What of a case's identity pages show.
TOLD = ("summary", "customer_name", "customer", "organisation", "system", "opened_at")


def _identity(document: Document, opened_at: datetime, named: Named) -> dict[str, Any]:
    """What the document says of the case that is no state: whose it is, of what, and since when."""
    fields: dict[str, Any] = {
        "summary": document.issue_summary,
        "customer_name": document.customer_name,
        "opened_at": opened_at if document.created_at else None,
        "generated_at": document.generated_at,
        "document_digest": _digest(document),
    }
    if document.contact_email:
        fields["customer"] = customer_for(
            document.contact_email, (document.customer_name or "")[:LONGEST_NAME]
        )
        fields["organisation"] = fields["customer"].organisation
        fields |= {"unproven": False, "claimed_email": ""}
    fields["system"], fields["system_as_reported"] = named.system, named.words
    return {field: value for field, value in fields.items() if value is not None}


def _create(document: Document) -> Outcome:
    opened_at, said = _timed(document)
    state = _state(document, opened_at, said)
    ending = {field: state.pop(field) for field in ENDING if document.status in DONE and field in state}
    named = _system(document.system_description)
    with history(opened_at):
        case = Case.objects.create(
            reference=document.case_id,
            imported=True,
            **{"opened_at": opened_at, "system": _unstated_system()} | _identity(document, opened_at, named),
        )
        record(case, Kind.OPENED, by=case.customer, role=Role.CUSTOMER, **state)
    _tell(case, said, ending)
    return Outcome(case, "created", len(said), named.made)


def _tell(case: Case, said: list[Said], state: dict[str, Any]) -> None:
    """Say what was said and, at its time, how the case ended or that it goes on: each is a line of its own.

    Takes out of `state` what these lines say.
    """
    status = Status(state.get("status", case.status))
    if case.status in DONE and status not in (case.status, Status.CLOSED):
        with history(_after_last_end(case, said[0].at if said else now())):
            fields: dict[str, Any] = {"status": Status.OPEN, "resolved_at": None, "resolution": ""}
            record(case, Kind.REOPENED, by=None, role=Role.AGENT, **fields)
    if case.is_active and status in DONE:
        ending = {field: state.pop(field) for field in ENDING if field in state}
        resolved_at = ending["resolved_at"]
        _say(case, [one for one in said if one.at <= resolved_at])
        said = [one for one in said if one.at > resolved_at]
        with history(_after_last_end(case, resolved_at)):
            words = ending.get("resolution", "")
            ending["status"] = Status.RESOLVED
            record(case, Kind.RESOLVED, by=None, role=Role.AGENT, body=words, **ending)
    _say(case, said)
    if case.status == Status.RESOLVED and status == Status.CLOSED:
        with history(_after_last_end(case, case.changed_at)):
            record(case, Kind.CLOSED, by=None, role=Role.AGENT, status=Status.CLOSED)


def _after_last_end(case: Case, at: datetime) -> datetime:
    """The time, but not before the case last ended or was opened again: clocks go by the order of times."""
    return max([at, *case.events.filter(changes__has_key="status").values_list("at", flat=True)])


def _say(case: Case, said: list[Said]) -> None:
    for role, at, text, internal in said:
        kind = Kind.NOTE if internal else Kind.REPLY
        by = case.customer if role == Role.CUSTOMER and not internal else None
        with history(at):
            leaves = {"leaves_requests": True} if kind == Kind.REPLY and role == Role.CUSTOMER else {}
            record(case, kind, by=by, role=role, body=text, details=leaves)


def _update(case: Case, document: Document) -> Outcome:
    if _digest(document) == case.document_digest or document == document_of(case):
        return Outcome(case, "unchanged")
    if document.generated_at and case.generated_at and document.generated_at < case.generated_at:
        return Outcome(case, "unchanged")
    opened_at, said = _timed(document)
    written = case.events.filter(kind__in=(Kind.REPLY, Kind.NOTE))
    heard = {Said(Role(event.role), event.at, event.body, not event.public) for event in written}
    read = [one for one in said if one.internal and one._replace(internal=False) in heard]
    new = [one for one in said if one not in heard and one not in read]
    state = _state(document, opened_at, said)
    if case.merged_into_id or case.spam:  # its end is that of the case it goes on in, or was decided here
        state = {field: value for field, value in state.items() if field not in ("status", "resolved_at")}
    _tell(case, new, state)
    changes = {field: value for field, value in state.items() if getattr(case, field) != value}
    known = document.system_description == _described(case)
    named = Named() if known else _system(document.system_description)
    identity = _identity(document, opened_at, named)
    decided = decided_here(case)
    identity = {field: value for field, value in identity.items() if field not in decided}
    told = [field for field in TOLD if field in identity and getattr(case, field) != identity[field]]
    if changes or told:
        named_anew = {"summary": identity["summary"]} if "summary" in told else {}
        record(case, Kind.IMPORTED, by=None, details={"fields": [*told, *changes]}, **changes, **named_anew)
    for field, value in identity.items():
        setattr(case, field, value)
    deadlines.refresh(case, now())
    case.save()
    return Outcome(case, "updated", len(new), named.made, len(read))


def _state(document: Document, opened_at: datetime, said: list[Said]) -> dict[str, Any]:
    """What the document says of the case's state, as fields of the case. What it does not say is left out."""
    state: dict[str, Any] = {
        "severity": Severity[document.severity.upper()] if document.severity else None,
        "priority": int(document.priority[1]) if document.priority else None,
        "status": document.status,
        "area": document.area,
        "is_bug": document.is_bug,
        "resolution": document.resolution,
        "root_cause": document.root_cause,
        "resolved_at": document.resolved_at,
    }
    if document.status in DONE and not document.resolved_at:
        state["resolved_at"] = said[-1].at if said else opened_at
    elif document.status not in DONE:
        state["resolved_at"] = None  # what is open has not been resolved
    return {name: value for name, value in state.items() if value is not None}


def _system(description: str | None) -> Named:
    """The system that the description speaks of. One that is made is not public: whose product it is we do not know."""
    if not description:
        return Named()
    text = description.strip()
    end = min((at for mark in _ENDS_OF_NAMES if (at := text.find(mark)) > 0), default=len(text))
    name = text[:end].strip().rstrip(".")[:120] or UNSTATED_SYSTEM
    system, made = System.objects.get_or_create(name=name, defaults={"description": text, "public": False})
    return Named(system, "" if text == system.description else text, system if made else None)


def _unstated_system() -> System:
    """What stands in for a system that a document does not name. It is not offered for new reports."""
    return System.objects.get_or_create(name=UNSTATED_SYSTEM, defaults={"retired": True, "public": False})[0]
