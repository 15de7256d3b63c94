"""Whose turn it is: derived from what happens, never typed in."""

from typing import Any

from .choices import Status, WaitingOn
from .kinds import KINDS, Kind, Role, Turn


def turn_said(kind: Kind, role: Role, status: Status) -> WaitingOn | None:
    """Return whom the case waits on after a public event of this kind, by that role. None leaves it as it was.

    A closed case waits on nobody, a resolution asks the customer to confirm, and otherwise the kind says it.
    """
    if status == Status.CLOSED:
        return WaitingOn.NOBODY
    if status == Status.RESOLVED:
        return WaitingOn.CUSTOMER
    match KINDS[kind].turn:
        case Turn.OURS:
            return WaitingOn.US
        case Turn.CUSTOMERS:
            return WaitingOn.CUSTOMER
        case Turn.THE_OTHER_SIDES:
            return WaitingOn.US if role == Role.CUSTOMER else WaitingOn.CUSTOMER
    return None


def whose_turn(kind: Kind, role: Role, status: Status, before: WaitingOn) -> WaitingOn:
    """The same of a case that waited on `before` until then."""
    said = turn_said(kind, role, status)
    return before if said is None else said


def turn_after(event: Any, status: Status, before: WaitingOn) -> WaitingOn:
    """Return whom the case waits on after this event. One that says so itself is right: a reply that promises more."""
    if "waiting_on" in event.changes:
        return WaitingOn(event.changes["waiting_on"][1])
    return whose_turn(Kind(event.kind), Role(event.role), status, before) if event.public else before
