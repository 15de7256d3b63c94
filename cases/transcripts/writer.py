"""Write case documents: JSON, YAML and text that the reader reads back to the same document."""

import json
from datetime import datetime
from typing import Any

import yaml

from . import values
from .document import Document, Message
from .lines import BARS, keys, scan
from .visibility import opens_as_note
from .vocabulary import LABEL

_INDENT = " " * 4


def to_dict(document: Document) -> dict[str, Any]:
    """The document as plain values, under the keys of JSON and YAML."""
    return {
        "case_id": document.case_id,
        "created_at": _time(document.created_at),
        "system_description": document.system_description,
        "issue_summary": document.issue_summary,
        "severity": document.severity,
        "priority": document.priority,
        "status": document.status,
        "customer_name": document.customer_name,
        "contact_email": document.contact_email,
        "conversation_history": [_message(message) for message in document.messages],
        "resolved_at": _time(document.resolved_at),
        "resolution": document.resolution,
        "area": document.area,
        "is_bug": document.is_bug,
        "root_cause": document.root_cause,
        "generated_at": _time(document.generated_at),
    }


def to_json(document: Document) -> str:
    """The document as JSON."""
    return json.dumps(to_dict(document), ensure_ascii=False, indent=2) + "\n"


def to_yaml(document: Document) -> str:
    """The document as YAML."""
    return yaml.safe_dump(to_dict(document), allow_unicode=True, sort_keys=False, width=110)


def to_text(document: Document) -> str:
    """The document as text for people. What could be misread stands indented below a `|`."""
    said = to_dict(document)
    parts = []
    for field, label in LABEL.items():
        if field == "messages":
            parts += ["", f"{label}:", *map(_turn, document.messages), ""] if document.messages else []
        elif said[field] is not None:
            parts.append(_field(field, label, said[field]))
    return "\n".join(parts) + "\n"


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _message(message: Message) -> dict[str, Any]:
    """`internal` is said where a reader would otherwise take the message for what it is not."""
    said = {"role": message.role, "message": message.text, "timestamp": _time(message.at)}
    unclear = message.internal or opens_as_note(message.text)
    return said | ({"internal": message.internal} if unclear else {})


def _field(field: str, label: str, value: str | bool) -> str:
    text = ("Yes" if value else "No") if isinstance(value, bool) else value
    row = f"{label}: {text}"
    found = [(key.field, values.plain(key.value)) for key in keys(scan(row)[0])]
    plain = found == [(field, text)] and "\n" not in text and not text.endswith(BARS)
    return row if plain else f"{label}: |\n{_indented(text)}"


def _turn(message: Message) -> str:
    when = f"[{message.at.isoformat()}] " if message.at else ""
    note = " (internal note)" if message.internal else ""
    return f"\n{when}{message.role}{note}: |\n{_indented(message.text)}"


def _indented(text: str) -> str:
    return "\n".join(_INDENT + row if row else "" for row in text.split("\n"))
