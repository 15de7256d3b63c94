"""What an agent has begun to write. A draft is theirs alone and leaves no event; others only see that they write."""

from collections.abc import Callable, Mapping
from random import randrange
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases.live.nudge import nudge, people_but
from cases.models import Case, Draft, Event, Outgoing, Status, User
from cases.models.draft import SILENCE
from cases.models.kinds import SPEAKS

from .events import NeedsConfirmation
from .tokens import already_recorded, token_with

# What is written by hand in each composer: without it there is no draft.
TEXTS = {
    Draft.Kind.REPLY: ("body",),
    Draft.Kind.NOTE: ("body",),
    Draft.Kind.RESOLVE: ("resolution", "root_cause"),
}
UNSEEN = ("token", "begun_in")  # of its form, and of the case from which a merge brought it


class DraftConflict(NeedsConfirmation):
    """The draft is not the one that was seen: another tab holds a newer text, or sent or discarded it."""

    def __init__(self, draft: Draft | None) -> None:
        done = "changed" if draft else "sent or discarded"
        super().__init__(f"This draft was {done} in another tab.")
        self.draft = draft


class AnswersCrossed(NeedsConfirmation):
    """Somebody said something that the sender has not seen yet."""

    def __init__(self, event: Event) -> None:
        super().__init__("Someone replied while you were writing.")
        self.event = event


@transaction.atomic
def keep(
    case: Case, *, by: User, kind: str, fields: Mapping[str, Any], seen: int, token: UUID | None = None
) -> Draft | None:
    """Keep what a composer holds, whose agent has seen version `seen` of the draft, 0 for none.

    Returns None when nothing is written, which ends the draft, or when it was sent already. Raises DraftConflict.
    """
    case = case.locked()
    if _is_sent(case, kind, fields, token):
        return None
    draft = _seen(case, by, kind, fields, seen, token)
    if not is_written(case, kind, fields):
        _end(draft)
        return None
    if draft and _holds(draft, fields):
        return draft  # sent once more as its page was left: who saw this version has seen it all
    if draft is None or draft.at < timezone.now() - SILENCE:
        nudge(people_but(case.pk, by.pk))
    # A draft begins at a random number, so that no tab takes a later one for the one it has seen.
    version = draft.version + 1 if draft else randrange(1, 2**30)  # noqa: S311 - guards nothing
    draft = draft or Draft(agent=by, case=case, kind=kind)
    draft.version, draft.fields = version, {**fields, "token": str(token or "")}
    draft.save()
    return draft


def discard(case: Case, *, by: User, kind: str, seen: int) -> None:
    """Throw the draft away. Raises DraftConflict when it is not the one that was seen."""
    keep(case, by=by, kind=kind, fields={}, seen=seen)


@transaction.atomic
def send(
    case: Case,
    *,
    by: User,
    kind: str,
    say: Callable[..., Any],
    fields: Mapping[str, Any],
    seen: int,
    after: int | None,
    **said: Any,
) -> None:
    """Do what the composer is for and drop its draft, both or neither.

    `after` is the last event that the sender has seen. Raises DraftConflict, AnswersCrossed, and what `say` raises.
    """
    target = case.locked_target()  # where it is said, before anything else is locked
    case = target if target.pk == case.pk else case.locked()
    token = said.get("token")
    try:
        draft = _seen(case, by, kind, fields, seen, token)
        if after is not None and after < case.last_sequence and kind != Draft.Kind.NOTE:
            _check_nothing_crossed(case, by, after)
    except NeedsConfirmation:
        if not _is_sent(case, kind, fields, token_with(token, said.get("attachments", ()))):
            raise
    else:
        _end(draft)
    say(case, by=by, **said)


def is_written(case: Case, kind: str, fields: Mapping[str, Any]) -> bool:
    """Whether there is text in it that the case does not hold anyway, or a file."""
    if fields.get("attachments"):
        return True
    texts = ((name, fields.get(name, "").strip()) for name in TEXTS[Draft.Kind(kind)])
    return any(text and text != getattr(case, name, "").strip() for name, text in texts)


def _holds(draft: Draft, fields: Mapping[str, Any]) -> bool:
    return {name: held for name, held in draft.fields.items() if name not in UNSEEN} == fields


def _end(draft: Draft | None) -> None:
    if draft:
        draft.delete()
        nudge(people_but(draft.case_id, draft.agent_id))


def _is_sent(case: Case, kind: str, fields: Mapping[str, Any], token: UUID | None) -> bool:
    """Whether the form was received before: what it held is no draft any more."""
    if kind != Draft.Kind.RESOLVE:
        return already_recorded(token)
    resolution = fields.get("resolution")
    if case.status == Status.RESOLVED and resolution == case.resolution:
        return True
    return Outgoing.objects.filter(case=case, composer=kind, body=resolution or "").exists()


def _seen(
    case: Case, by: User, kind: str, fields: Mapping[str, Any], seen: int, token: UUID | None
) -> Draft | None:
    """The draft as it is. Raises DraftConflict when to replace it with `fields` might lose something."""
    draft = Draft.objects.filter(agent=by, case=case, kind=kind).first()
    if draft is None:
        if seen and is_written(case, kind, fields):
            raise DraftConflict(None)
        return None
    same_tab = token and draft.fields.get("token") == str(token)
    texts = TEXTS[Draft.Kind(kind)]
    goes_on = all(fields.get(name, "").startswith(draft.fields.get(name, "")) for name in texts)
    if draft.version != seen and not same_tab and not goes_on:
        raise DraftConflict(draft)
    return draft


def _check_nothing_crossed(case: Case, by: User, after: int) -> None:
    since = Event.objects.filter(case=case, sequence__gt=after, kind__in=SPEAKS).exclude(author=by)
    if event := since.select_related("author", "case").order_by("-sequence").first():
        raise AnswersCrossed(event)
