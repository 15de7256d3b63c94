"""Case documents in and out: a document becomes a case with its original times, and a case a document."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from cases.models import Case, Kind, Refused, Role, Severity, Status, System
from cases.models.case import DONE
from cases.transcripts.document import Document, Message
from cases.transcripts.writer import to_json

from .conversation import open_case
from .people import customer_for
from .recording import history, now, record

UNSTATED_SYSTEM = "Not stated"
LONGEST_REFERENCE = 200
# What a resolved case's document says of its end.
ENDING = ("status", "resolved_at", "resolution", "root_cause", "is_bug", "area")
# Where a system's name ends and its description begins: "Till. A product that …", "Till – …".
_ENDS_OF_NAMES = (". ", " – ", " — ", " - ", ": ", "\n")


@dataclass(frozen=True)
class Outcome:
    """What an import did: the case, and `created`, `updated` or `unchanged`."""

    case: Case
    done: str
    messages: int = 0


@transaction.atomic
def import_document(document: Document) -> Outcome:
    """Store a document as a case, or bring its case up to date. The same document twice is a no-op.

    Times are the document's own; nobody is mailed. A later version adds its new messages and what it
    says differently; what it leaves out stays. Raises Refused for what no case can hold.
    """
    if len(document.case_id) > LONGEST_REFERENCE:
        raise Refused(f"The Case ID is longer than {LONGEST_REFERENCE} characters.")
    document = _dated(document)
    case = Case.objects.select_for_update(of=["self"]).filter(reference=document.case_id).first()
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
            Message("customer" if event.role == Role.CUSTOMER else "agent", event.at, event.body)
            for event in case.events.all()
            if event.kind == Kind.REPLY
        ),
        resolved_at=case.resolved_at,
        resolution=case.resolution or None,
        area=case.area or None,
        is_bug=case.is_bug,
        root_cause=case.root_cause or None,
        generated_at=case.generated_at,
    )


def _named(system: System) -> str | None:
    return None if system.name == UNSTATED_SYSTEM else system.name


def _dated(document: Document) -> Document:
    """With a time for everything: what has none gets that of what stands before it."""
    at = (
        document.created_at
        or next((m.at for m in document.messages if m.at), None)
        or document.generated_at
        or now()
    )
    messages, last = [], at
    for message in document.messages:
        last = message.at or last
        messages.append(replace(message, at=last))
    return replace(document, created_at=at, messages=tuple(messages))


def _digest(document: Document) -> str:
    return hashlib.sha256(to_json(document).encode()).hexdigest()


def _create(document: Document) -> Outcome:
    state = _state(document)
    system, as_reported = _system(document.system_description)
    customer = (
        customer_for(document.contact_email, document.customer_name or "") if document.contact_email else None
    )
    done = state.get("status") in DONE
    ending = {name: state.pop(name) for name in ENDING if name in state} if done else {}
    with history(document.created_at):
        case = open_case(
            system=system,
            system_as_reported=as_reported,
            reference=document.case_id,
            summary=document.issue_summary or "",
            description="",
            severity=state.pop("severity", Severity.UNSTATED),
            customer=customer,
            customer_name=document.customer_name or "",
            by=customer,
            generated_at=document.generated_at,
            document_digest=_digest(document),
            state=state,
        )
    _say(case, document.messages, ending)
    return Outcome(case, "created", len(document.messages))


def _say(case: Case, messages: tuple[Message, ...], ending: dict[str, Any]) -> None:
    """Record the messages in their order, and the resolution where its time puts it."""
    status = ending.pop("status", None)
    resolved_at = ending.get("resolved_at")
    before = [message for message in messages if not resolved_at or message.at <= resolved_at]
    for message in before:
        _message(case, message)
    if status:
        with history(resolved_at):
            record(
                case,
                Kind.RESOLVED,
                by=None,
                role=Role.AGENT,
                body=ending.get("resolution", ""),
                status=Status.RESOLVED,
                **ending,
            )
    for message in messages:
        if message not in before:
            _message(case, message)
    if status == Status.CLOSED:
        with history(max(case.changed_at, resolved_at)):
            record(case, Kind.CLOSED, by=None, role=Role.AGENT, status=Status.CLOSED)


def _message(case: Case, message: Message) -> None:
    customer = message.role == "customer"
    with history(message.at):
        record(
            case,
            Kind.REPLY,
            by=case.customer if customer else None,
            role=Role.CUSTOMER if customer else Role.AGENT,
            body=message.text,
        )


def _update(case: Case, document: Document) -> Outcome:
    digest = _digest(document)
    if digest == case.document_digest or document == document_of(case):
        return Outcome(case, "unchanged")
    if document.generated_at and case.generated_at and document.generated_at < case.generated_at:
        return Outcome(case, "unchanged")
    known = {(event.role, event.at, event.body) for event in case.events.conversation()}
    new = tuple(
        message for message in document.messages if (message.role, message.at, message.text) not in known
    )
    for message in new:
        _message(case, message)
    changes = {name: value for name, value in _state(document).items() if getattr(case, name) != value}
    if changes:
        said = ", ".join(name.replace("_", " ") for name in changes)
        record(case, Kind.IMPORTED, by=None, body=f"took over from a newer document: {said}", **changes)
    case.document_digest = digest
    case.generated_at = document.generated_at or case.generated_at
    case.summary = document.issue_summary or case.summary
    case.save(update_fields=["document_digest", "generated_at", "summary"])
    return Outcome(case, "updated", len(new))


def _state(document: Document) -> dict[str, Any]:
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
        state["resolved_at"] = document.messages[-1].at if document.messages else document.created_at
    return {name: value for name, value in state.items() if value is not None}


def _system(description: str | None) -> tuple[System, str]:
    """The system that the description speaks of, made when there is none, and the description where it differs."""
    text = (description or "").strip()
    end = min((at for mark in _ENDS_OF_NAMES if (at := text.find(mark)) > 0), default=len(text))
    name = text[:end].strip().rstrip(".")[:120] or UNSTATED_SYSTEM
    system, _ = System.objects.get_or_create(name=name, defaults={"description": text})
    return system, "" if text in (system.description, "") else text
