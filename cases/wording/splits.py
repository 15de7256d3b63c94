"""What is said of a message that goes on in a case of its own."""

from datetime import datetime

from cases.models import Event


def deed(event: Event) -> str:
    number = event.details["case"]
    if "message" in event.details:
        return f"continued a message in case #{number}"
    return f"opened this case for a message of case #{number}"


def said_at(event: Event) -> datetime | None:
    """When it was said first, in the case from which it was split off."""
    at = event.details.get("said_at")
    return datetime.fromisoformat(at) if at else None
