"""By what a form is known again that comes twice, be it that its words have not left yet."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from cases.models import Attachment, Event, Outgoing


def already_recorded(token: UUID | None) -> bool:
    """Whether the form that carries this token has been received before, be it that its words have not left yet."""
    return token is not None and _with(token).exists()


def _with(token: UUID, **but: str) -> Any:
    said, waiting = Event.objects.filter(token=token), Outgoing.objects.filter(key=token)
    return said.exclude(**but).values("token").union(waiting.exclude(**but).values("key"))


def token_to(token: UUID | None, whom: Any) -> UUID | None:
    """The same words to somebody else are another form, as after the Back button."""
    return uuid5(token, f"{type(whom).__name__} {whom.pk}") if token else None


def token_with(token: UUID | None, attachments: Iterable[Attachment]) -> UUID | None:
    """Return the token changed by the digests of the files, so that the same files uploaded twice count as the same."""
    digests = sorted({one.sha256 for one in attachments})
    return uuid5(token, repr(digests)) if token and digests else token


def token_for(token: UUID | None, text: str, attachments: Iterable[Attachment] = ()) -> UUID | None:
    """Return the token to record: as it came, or a new one where other words were recorded with it, as after Back."""
    token = token_with(token, attachments)
    return uuid5(token, text) if token and _with(token, body=text).exists() else token
