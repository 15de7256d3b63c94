"""Whose turn it is: derived from what happens, never typed in."""

from typing import Any

from cases.models import Kind, Role, Status, WaitingOn


def whose_turn(kind: Kind, role: Role, status: Status, before: WaitingOn) -> WaitingOn:
    """Whom the case waits on after a public event of this kind, by that role.

    A message turns the case to the other side, a request to the customer, a promise to us; a resolution asks the
    customer to confirm; a closed case waits on nobody; everything else leaves the turn where it was.
    """
    if status == Status.CLOSED:
        return WaitingOn.NOBODY
    if status == Status.RESOLVED or kind == Kind.REQUESTED:
        return WaitingOn.CUSTOMER
    if kind == Kind.REPLY:
        return WaitingOn.US if role == Role.CUSTOMER else WaitingOn.CUSTOMER
    if kind in (Kind.OPENED, Kind.DECLINED, Kind.REOPENED, Kind.PROMISED, Kind.GIVEN):
        return WaitingOn.US
    return before


def turn_after(event: Any, status: Status, before: WaitingOn) -> WaitingOn:
    """Whom the case waits on after this event. One that says so itself is right: a reply that promises more."""
    if "waiting_on" in event.changes:
        return WaitingOn(event.changes["waiting_on"][1])
    return whose_turn(Kind(event.kind), Role(event.role), status, before) if event.public else before
