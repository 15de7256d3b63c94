"""The state of a case, rebuilt from nothing but its events."""

from collections.abc import Iterable
from typing import Any

from cases.models import Event, Status, WaitingOn
from cases.models.turn import turn_after


def replay(events: Iterable[Event]) -> dict[str, Any]:
    """Fold events, in order, into the fields they changed, as JSON values, with whose turn it is.

    What the stored case holds must equal this; tests compare the two after any sequence of actions.
    """
    state: dict[str, Any] = {"status": Status.OPEN.value, "waiting_on": WaitingOn.US, "waiting_since": None}
    state["last_public_sequence"] = 0
    for event in events:
        state.update({field: new for field, (_, new) in event.changes.items()})
        turn = turn_after(event, Status(state["status"]), state["waiting_on"])
        if turn != state["waiting_on"] or event.sequence == 1:
            state["waiting_since"] = event.at
        state["waiting_on"] = turn
        if event.public:
            state["last_public_at"] = event.at
            state["last_public_sequence"] += 1
            assert event.public_sequence == state["last_public_sequence"]
        state["last_sequence"], state["changed_at"] = event.sequence, event.at
    return state
