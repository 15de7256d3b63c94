"""A document in the making: collects what readers find and turns it into values, noting what it cannot."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from . import times, values
from .document import Document, Message, Problem, Reading, Role
from .values import quoted
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
    """A turn of the conversation as it stands in the source."""

    role: Role | None
    stamp: times.Stamp | None
    text: str
    line: int | None
    who: str = ""


class Draft:
    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self.said: list[Said] = []
        self.problems: list[Problem] = []

    def problem(self, line: int | None, sentence: str) -> None:
        self.problems.append(Problem(line, sentence))

    def claim(self, field: str, new: Found) -> None:
        """Take a value for a field. Of two, the more telling label wins, then the earlier one."""
        if field == "customer_name" and (email := values.address(new.text)):
            self.claim("contact_email", new._replace(text=email))
            new = new._replace(
                text=new.text.replace(email, "").replace("mailto:", "").strip(" ()[]<>,;|-–—/")
            )
        if not new.text:
            return
        old = self.found.get(field)
        better = (
            old is None or values.nothing(old.text) or (new.rank < old.rank and not values.nothing(new.text))
        )
        self.found[field], loser = (new, old) if better else (old, new)
        if loser and loser.rank != GUESS and not values.nothing(loser.text) and loser.text != self.found[field].text:
            self.problem(
                loser.line, f"{quoted(loser.label)} gives {LABEL[field]} a second time; it is left out."
            )

    def reading(self) -> Reading:
        """The document, or the reason why there is none."""
        case_id = self.value("case_id", str)
        if case_id is None:
            return Reading(
                None, (Problem(None, "No Case ID found: a case document must have one."), *self._sorted())
            )
        created = self._date("created_at", None)
        messages = self._messages(created)
        last = next((message.at for message in reversed(messages) if message.at), created)
        document = Document(
            case_id=case_id,
            created_at=created,
            messages=messages,
            resolved_at=self._date("resolved_at", last and last.date()),
            generated_at=self._date("generated_at", None),
            **{field: self.value(field, read) for field, read in _READ.items()},
        )
        return Reading(document, self._sorted())

    def value(self, field: str, read: Callable[[str], Any]) -> Any:
        """The field's value; None with a problem when `read` cannot make one of what is written."""
        found = self.found.get(field)
        if found is None or _says_none(field, found.text):
            return None
        value = read(found.text)
        if value is None:
            self.problem(found.line, f"{quoted(found.text)} is not {_KINDS[field]}.")
        return value

    def _date(self, field: str, day: date | None) -> datetime | None:
        def read(text: str) -> datetime | None:
            stamp = times.find(text)
            return stamp and stamp.moment(day)

        return self.value(field, read)

    def _messages(self, created: datetime | None) -> tuple[Message, ...]:
        messages: list[Message] = []
        previous = created
        for said in self.said:
            at = said.stamp and said.stamp.moment(previous and previous.date())
            if said.stamp and at is None:
                self.problem(said.line, "The time of this message cannot be read.")
            if said.stamp and at and said.stamp.day is None and messages:
                at = times.after(at, previous)
            if said.role is None:
                self.problem(said.line, f"{quoted(said.who)} is not a role we know; taken for an agent.")
            messages.append(Message(said.role or "agent", at, said.text))
            previous = at or previous
        return tuple(messages)

    def _sorted(self) -> tuple[Problem, ...]:
        problems = sorted(self.problems, key=lambda problem: problem.line or 0)
        rest = len(problems) - _MOST_PROBLEMS
        if rest > 0:
            problems[_MOST_PROBLEMS:] = [Problem(None, f"{rest} more lines were not understood.")]
        return tuple(problems)


def _says_none(field: str, text: str) -> bool:
    if field == "status":
        return values.nothing(text)
    if field in DATES:
        words = re.sub(r"\S*\d\S*", "", text[:200]).strip()
        return values.unsettled(words) if words else values.nothing(text)
    return values.unsettled(text) if field in _OUTCOMES else values.nothing(text)


def _chosen(field: str) -> Callable[[str], str | None]:
    return lambda text: values.choice(field, text)


_OUTCOMES = {"severity", "priority", "area", "is_bug", "resolution", "root_cause"}
_KINDS = dict.fromkeys(DATES, "a date that can be read") | {
    "severity": "a severity: low, medium, high or critical",
    "priority": "a priority: P1, P2, P3 or P4",
    "status": "a status: open, investigating, resolved or closed",
    "area": "an area: backend, frontend, database, network or other",
    "is_bug": "a yes or a no",
    "contact_email": "an e-mail address",
}
_READ: dict[str, Callable[[str], Any]] = {
    **{field: _chosen(field) for field in ("severity", "priority", "status", "area")},
    **dict.fromkeys(
        ("system_description", "issue_summary", "customer_name", "resolution", "root_cause"), str
    ),
    "is_bug": values.truth,
    "contact_email": values.address,
}
