"""What a case document says, once read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["customer", "agent"]

MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Message:
    """One turn of the conversation. `at` is aware and in UTC."""

    role: Role
    at: datetime | None
    text: str


@dataclass(frozen=True)
class Document:
    """One support case. What the source does not say is None."""

    case_id: str
    created_at: datetime | None = None
    system_description: str | None = None
    issue_summary: str | None = None
    severity: str | None = None
    priority: str | None = None
    status: str | None = None
    customer_name: str | None = None
    contact_email: str | None = None
    messages: tuple[Message, ...] = ()
    resolved_at: datetime | None = None
    resolution: str | None = None
    area: str | None = None
    is_bug: bool | None = None
    root_cause: str | None = None
    generated_at: datetime | None = None


@dataclass(frozen=True)
class Problem:
    """Something that was not understood, told in a sentence for people."""

    line: int | None
    sentence: str


class Refused(Exception):
    """A file that we will not read, with the sentence that says why."""

    def __init__(self, line: int | None, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


@dataclass(frozen=True)
class Reading:
    """The result of reading one document. Without a document, the problems say why."""

    document: Document | None
    problems: tuple[Problem, ...] = ()
