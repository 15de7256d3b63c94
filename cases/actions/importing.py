"""Case documents in and out: a document becomes a case with its original times, and a case a document."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction

from cases.models import Case, Event, Kind, Refused, Role, Severity, Status, System
from cases.models.choices import DONE
from cases.transcripts.document import Document, Message
from cases.transcripts.writer import to_json

from .accounts import customer_for
from .events import history, now, record

UNSTATED_SYSTEM = "Not stated"
LONGEST_REFERENCE = 200
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


@transaction.atomic
def import_document(document: Document) -> Outcome:
    """Store a document as a case, or bring its case up to date. The same document twice is a no-op.

    Times are the document's own; nobody is mailed. A later version adds its new messages and what it
    says differently; what it leaves out stays. Raises Refused for what no case can hold.
    """
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
        system_description=case.system_as_reported or case.system.description or _named(case.system),
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


def _named(system: System) -> str | None:
    return None if system.name == UNSTATED_SYSTEM else system.name


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
        fields["customer"] = customer_for(document.contact_email, document.customer_name or "")
        fields["organisation"] = fields["customer"].organisation
        fields |= {"unproven": False, "claimed_email": ""}
    fields["system"], fields["system_as_reported"] = named.system, named.words
    return {field: value for field, value in fields.items() if value is not None}


def _create(document: Document) -> Outcome:
    opened_at, said = _timed(document)
    state = _state(document, opened_at, said)
    done = state.get("status") in DONE
    ending = {field: state.pop(field) for field in ENDING if field in state} if done else {}
    named = _system(document.system_description)
    created = partial(Outcome, done="created", messages=len(said), system=named.made)
    with history(opened_at):
        case = Case.objects.create(
            reference=document.case_id,
            **{"opened_at": opened_at, "system": _unstated_system()} | _identity(document, opened_at, named),
        )
        record(case, Kind.OPENED, by=case.customer, role=Role.CUSTOMER, **state)
    if not done:
        _say(case, said)
        return created(case)

    resolved_at = ending["resolved_at"]
    _say(case, [one for one in said if one.at <= resolved_at])
    status = ending.pop("status")
    with history(resolved_at):
        words = ending.get("resolution", "")
        record(case, Kind.RESOLVED, by=None, role=Role.AGENT, body=words, status=Status.RESOLVED, **ending)
    _say(case, [one for one in said if one.at > resolved_at])
    if status == Status.CLOSED:
        with history(case.changed_at):
            record(case, Kind.CLOSED, by=None, role=Role.AGENT, status=Status.CLOSED)
    return created(case)


def _say(case: Case, said: list[Said]) -> None:
    for role, at, text, internal in said:
        kind = Kind.NOTE if internal else Kind.REPLY
        by = case.customer if role == Role.CUSTOMER and not internal else None
        with history(at):
            record(case, kind, by=by, role=role, body=text)


def _update(case: Case, document: Document) -> Outcome:
    if _digest(document) == case.document_digest or document == document_of(case):
        return Outcome(case, "unchanged")
    if document.generated_at and case.generated_at and document.generated_at < case.generated_at:
        return Outcome(case, "unchanged")
    opened_at, said = _timed(document)
    written = case.events.filter(kind__in=(Kind.REPLY, Kind.NOTE))
    known = {Said(Role(event.role), event.at, event.body, not event.public) for event in written}
    read = [one for one in said if one.internal and one._replace(internal=False) in known]
    new = [one for one in said if one not in known and one not in read]
    _say(case, new)
    state = _state(document, opened_at, said)
    if case.merged_into_id:  # its end is that of the case it goes on in
        state = {field: value for field, value in state.items() if field not in ("status", "resolved_at")}
    changes = {field: value for field, value in state.items() if getattr(case, field) != value}
    named = _system(document.system_description)
    identity = _identity(document, opened_at, named)
    told = [field for field in TOLD if field in identity and getattr(case, field) != identity[field]]
    if changes or told:
        record(case, Kind.IMPORTED, by=None, details={"fields": [*told, *changes]}, **changes)
    for field, value in identity.items():
        setattr(case, field, value)
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
