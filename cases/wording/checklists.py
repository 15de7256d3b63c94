"""What a checklist says in words."""

from collections.abc import Collection

from cases.models import ChecklistItem, Event
from cases.text.lists import listed

DEEDS = {
    "added": "put {} on the checklist",
    "done": "ticked off {}",
    "undone": "said that {} is not done after all",
    "removed": "took {} off the checklist",
}


def deed(event: Event) -> str:
    return DEEDS[event.details["deed"]].format(listed(f"“{item}”" for item in event.details["items"]))


def done_of(items: Collection[ChecklistItem]) -> str:
    """How far it has come: "2 of 5 done"."""
    return f"{sum(item.done_at is not None for item in items)} of {len(items)} done"
