"""A document that is being read: collects what readers find, makes values of it, and notes what it cannot read."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from . import times, values
from .document import Document, Message, Problem, Reading, Refused, Role
from .values import quoted
from .visibility import opens_as_note
from .vocabulary import DATES, LABEL

GUESS = 99  # the rank of a value that has no label
_MOST_PROBLEMS = 100


class Found(NamedTuple):
    """A value as it stands in the source. A lower rank is a more telling label."""

    text: str
    rank: int
    line: int | None
    label: str


class Said(NamedTuple):
    """A turn of the conversation as it stands in the source. `internal` is None where only its text may say."""

    role: Role | None
    stamp: times.Stamp | None
    text: str
    line: int | None
    who: str = ""
    internal: bool | None = None


class Draft:
    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self.said: list[Said] = []
        self.handlers: set[str] = set()  # the names of those who work on the case
        self.problems: list[Problem] = []

    def problem(self, line: int | None, sentence: str) -> None:
        self.problems.append(Problem(line, sentence))

    def claim(self, field: str, new: Found) -> None:
        """Take a value for a field. Of two, the more telling label wins, then the earlier one."""
        if field == "customer_name" and (email := values.address(new.text)):
            self.claim("contact_email", new._replace(text=email))
            name = new.text.replace(email, "").replace("mailto:", "")
            new = new._replace(text=name.strip(" ()[]<>,;|-–—/"))
        if field == "case_id" and new.rank and not re.search(r"\d", new.text):
            new = new._replace(rank=GUESS)  # `Ticket: No receipts` is more likely a title
        if not new.text:
            return
        old = self.found.get(field)
        taken, left = (new, old) if old is None or _merit(new) < _merit(old) else (old, new)
        self.found[field] = taken
        if left and left.rank != GUESS and not values.nothing(left.text) and left.text != taken.text:
            self.problem(
                left.line, f"{quoted(left.label)} gives {LABEL[field]} a second time; it is left out."
            )

    def reading(self) -> Reading:
        """The document, or the reason why there is none."""
        case_id = self._value("case_id")
        if case_id is None:
            missing = Problem(None, "No Case ID found: a case document must have one.")
            return Reading(None, (missing, *self._sorted()))
        created = self._date("created_at", None)
        try:
            messages = self._messages(created)
        except Refused as refused:
            why = Problem(refused.line, refused.sentence)
            return Reading(None, (why, *self._sorted()), refused=True)
        last = next((message.at for message in reversed(messages) if message.at), created)
        document = Document(
            case_id=case_id,
            created_at=created,
            messages=messages,
            resolved_at=self._date("resolved_at", last and last.date()),
            generated_at=self._date("generated_at", None),
            **{field: self._value(field) for field in _READ if field not in DATES and field != "case_id"},
        )
        return Reading(document, self._sorted())

    def _value(self, field: str) -> Any:
        """The field's value; None with a problem when none can be made of what is written."""
        found = self.found.get(field)
        if found is None or _says_none(field, found.text):
            return None
        value = _READ[field](found.text)
        if value is None:
            self.problem(found.line, f"{quoted(found.text)} is not {_KINDS[field]}.")
        return value

    def _date(self, field: str, day: date | None) -> datetime | None:
        stamp = self._value(field)
        moment = stamp and stamp.moment(day)
        if stamp and moment is None:
            self.problem(self.found[field].line, f"{quoted(self.found[field].text)} is not {_KINDS[field]}.")
        return moment

    def _messages(self, created: datetime | None) -> tuple[Message, ...]:
        messages: list[Message] = []
        previous = created
        for number, said in enumerate(self.said, 1):
            at = said.stamp and said.stamp.moment(previous and previous.date())
            if said.stamp and at is None:
                self.problem(said.line, "The time of this message cannot be read.")
            if said.stamp and at and said.stamp.day is None and messages:
                at = times.after(at, previous)
            internal = opens_as_note(said.text) if said.internal is None else said.internal
            if said.role is None and not internal:
                raise Refused(said.line, _nobodys(number, said.who))
            role = said.role or "system"
            messages.append(Message(role, at, said.text, internal or role == "system"))
            previous = at or previous
        return tuple(messages)

    def _sorted(self) -> tuple[Problem, ...]:
        problems = sorted(self.problems, key=lambda problem: problem.line or 0)
        rest = len(problems) - _MOST_PROBLEMS
        if rest > 0:
            problems[_MOST_PROBLEMS:] = [Problem(None, f"{rest} more lines were not understood.")]
        return tuple(problems)


def _nobodys(number: int, who: str) -> str:
    """Why a document is refused: whose words they are, and who may read them, is never guessed."""
    by = (
        f"is by {quoted(who)}, and nothing says on which side they are" if who else "does not say whose it is"
    )
    return f"Message {number} {by}. Name its role (customer, agent or internal note) and import it again."


def fits(field: str, text: str) -> bool:
    """Whether the field can take the text: as a value, or as a placeholder for one."""
    return field not in _READ or _says_none(field, text) or _READ[field](text) is not None


def _merit(found: Found) -> tuple[bool, int]:
    return values.nothing(found.text), found.rank


def _says_none(field: str, text: str) -> bool:
    if field in DATES:
        words = re.sub(r"\S*\d\S*", "", text[:200]).strip()  # `Not resolved as of 2025-05-06`
        return values.unsettled(words) if words else values.nothing(text)
    return values.unsettled(text) if field in _OUTCOMES else values.nothing(text)


def _choice(field: str) -> Callable[[str], str | None]:
    return lambda text: values.choice(field, text)


_OUTCOMES = {"severity", "priority", "area", "is_bug", "resolution", "root_cause"}
_READ: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("case_id", "system_description", "issue_summary", "customer_name"), str),
    **dict.fromkeys(("resolution", "root_cause"), str),
    **dict.fromkeys(DATES, times.find),
    **{field: _choice(field) for field in ("severity", "priority", "status", "area")},
    "is_bug": values.truth,
    "contact_email": values.address,
}
_KINDS = dict.fromkeys(DATES, "a date that can be read") | {
    "severity": "a severity: low, medium, high or critical",
    "priority": "a priority: P1, P2, P3 or P4",
    "status": "a status: open, investigating, resolved or closed",
    "area": "an area: backend, frontend, database, network or other",
    "is_bug": "a yes or a no",
    "contact_email": "an e-mail address",
}
