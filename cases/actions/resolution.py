"""From a fix to a case that the customer calls solved, and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cases.models import YES, Answer, Attachment, Case, Event, Kind, Refused, Role, Status, User, Viewer

from .conversation import reply
from .events import NeedsConfirmation, may_become, now, record, role_of, target_for
from .taking import taken_by
from .tokens import already_recorded, token_for


class RootCauseMissing(NeedsConfirmation):
    """A bug is closed, and its root cause is not known."""

    def __init__(self) -> None:
        super().__init__("This case is marked as a bug but has no root cause.")


class ChecklistOpen(NeedsConfirmation):
    """A case is resolved, and some of its checklist is not done."""

    def __init__(self, items: list[str]) -> None:
        done = f"“{items[0]}” is" if len(items) == 1 else f"{len(items)} items are"
        super().__init__(f"{done} still open on the checklist. Resolve anyway?")
        self.items = items


def may_resolve(case: Case) -> Answer:
    """Whether the case may be resolved: while it is open."""
    if case.status == Status.RESOLVED:
        return Answer(
            refusal=f"Case {case.number} is already resolved. Send this as a reply or a note instead."
        )
    return may_become(case, Status.RESOLVED)


@transaction.atomic
def resolve(
    case: Case,
    *,
    by: User | None,
    resolution: str,
    root_cause: str = "",
    is_bug: bool | None = None,
    area: str = "",
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
    mail: bool = True,
    takes: bool = False,
    ask: bool = False,
) -> Event | None:
    """Mark the case resolved and ask the customer whether it is.

    When it is resolved in these words, what else is said of it is taken over; None when all is so already. `token` is
    what the event is known by. Without `mail` it is not mailed, as when its receiver gets the same elsewhere. Where it
    `takes` the case, that is its author's, if it was nobody's. Raises ChecklistOpen, when it may `ask`, and Refused from closed, and when it was resolved in
    other words or without these files.
    """
    case = case.locked()
    said = case.status == Status.RESOLVED and case.resolution == resolution
    if said and not (attachments and _brings_more(case, attachments)):
        return explain(case, by=by, root_cause=root_cause, is_bug=is_bug, area=area)
    may_resolve(case).check()
    if ask and (left := [*case.checklist.filter(done_at=None).order_by("pk").values_list("text", flat=True)]):
        raise ChecklistOpen(left)
    at = now()
    return record(
        case,
        Kind.RESOLVED,
        by=by,
        body=resolution,
        token=token,
        attachments=attachments,
        mail=mail,
        status=Status.RESOLVED,
        resolved_at=at,
        resolution=resolution,
        root_cause=root_cause or case.root_cause,
        is_bug=case.is_bug if is_bug is None else is_bug,
        area=area or case.area,
        closes_at=unanswered(at),
        **(taken_by(case, by) if takes else {}),
    )


def _brings_more(case: Case, attachments: Sequence[Attachment]) -> bool:
    """Whether there is a file that did not come with the resolution. The same one may have been uploaded twice."""
    resolved = case.events.filter(kind=Kind.RESOLVED).order_by("-sequence").first()
    known = {file["sha256"] for file in resolved.attachments} if resolved else set()
    return any(one.sha256 not in known for one in attachments)


@transaction.atomic
def explain(
    case: Case, *, by: User | None, root_cause: str = "", is_bug: bool | None = None, area: str = ""
) -> Event | None:
    """Say of a case that is over why it happened, for the desk alone. Returns None when all is so already."""
    case, event, said = case.locked(), None, []
    changes: dict[str, Any] = {}
    if root_cause not in ("", case.root_cause):
        changes["root_cause"] = root_cause
        said.append(f"Root cause: {root_cause}")
    if is_bug not in (None, case.is_bug):
        changes["is_bug"] = is_bug
        said.append("This is a bug." if is_bug else "This is no bug.")
    if changes:
        event = record(case, Kind.NOTE, by=by, body="\n\n".join(said), **changes)
    if area not in ("", case.area):
        event = record(case, Kind.AREA, by=by, area=area)
    return event


def unanswered(resolved_at: datetime) -> datetime | None:
    """When a case that is resolved then closes, should its customer say nothing."""
    return resolved_at + timedelta(hours=settings.CONFIRM_HOURS) if settings.CONFIRM_HOURS > 0 else None


def may_confirm(case: Case) -> Answer:
    """Whether somebody may say that it is fixed: while the case is resolved."""
    if case.status == Status.RESOLVED:
        return YES
    return Answer(refusal=f"Case {case.number} is not resolved yet, so there is nothing to confirm.")


@transaction.atomic
def confirm(
    case: Case,
    *,
    by: Viewer | None,
    resolved_at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> Event | None:
    """The customer says that it is fixed: the case closes.

    `resolved_at` is when the fix was made that they speak of. Returns None when the case is closed. Raises
    Refused while it is not resolved, and when it was resolved anew meanwhile.
    """
    case = case.locked()
    if case.status == Status.CLOSED:
        return None
    may_confirm(case).check()
    _check_same_fix(case, resolved_at)
    return record(case, Kind.CONFIRMED, by=by, status=Status.CLOSED, details=details)


def _check_same_fix(case: Case, resolved_at: datetime | None) -> None:
    if resolved_at not in (None, case.resolved_at):
        raise Refused(f"Case {case.number} was resolved again in the meantime. Is it fixed now?")


def may_decline(case: Case) -> Answer:
    """Whether somebody may say "not yet": until the case is closed."""
    if case.status != Status.CLOSED:
        return YES
    return Answer(refusal=f"Case {case.number} is closed. Reopen it if the problem is back.")


@transaction.atomic
def decline(
    case: Case,
    *,
    by: Viewer | None,
    body: str = "",
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
    resolved_at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> Event | None:
    """The customer says "not yet": the case is open again, with what they add to it.

    `resolved_at` is when the fix was made that they speak of. When it is open again already, what they add is a reply.
    Returns None when the form was received before. Raises Refused when the case is closed, and when it was resolved
    anew meanwhile. Of a merged case they speak of the one it goes on in.
    """
    case = target_for(case, by)
    said: dict[str, Any] = {"body": body, "token": token, "attachments": attachments}
    token = token_for(token, body, attachments)
    if already_recorded(token):
        return None
    if case.is_active:
        return reply(case, by=by, **said) if body or attachments else None
    may_decline(case).check()
    _check_same_fix(case, resolved_at)
    speaks = bool(body or attachments)
    event = record(
        case,
        Kind.DECLINED,
        by=by,
        token=None if speaks else token,
        mail=not speaks,
        details=details,
        status=Status.OPEN,
        resolved_at=None,
        resolution="",
    )
    if speaks:
        reply(case, by=by, **said)
    return event


def may_close(case: Case) -> Answer:
    """Whether the case may be closed without its customer's word: unless it is closed."""
    return Answer(refusal=f"Case {case.number} is already closed.") if case.status == Status.CLOSED else YES


@transaction.atomic
def close(case: Case, *, by: User | None, root_cause: str = "", ask: bool = False) -> Event | None:
    """Close the case without waiting for the customer's word. Returns None when it is closed.

    Raises RootCauseMissing, when it may `ask`, for a bug of which nobody has said why it happened.
    """
    case = case.locked()
    if not may_close(case):
        return None
    if ask and case.is_bug and not (root_cause or case.root_cause):
        raise RootCauseMissing
    return record(
        case,
        Kind.CLOSED,
        by=by,
        status=Status.CLOSED,
        resolved_at=case.resolved_at or now(),
        root_cause=root_cause or case.root_cause,
    )


def may_reopen(case: Case, by: Viewer | None = None) -> Answer:
    """Whether the case may be opened again: when it is resolved or closed, by whoever may see it; spam by agents alone.

    A merged case may not. What is said to it is said in the case it goes on in, which reopens that one.
    """
    if case.spam and role_of(by, case) == Role.CUSTOMER:
        return Answer(refusal=f"Case {case.number} is closed for good. Report what you need help with anew.")
    if case.merged_into_id:
        end = case.merged_target().number
        return Answer(refusal=f"Case {case.number} goes on in case {end}. Separate the two to reopen it.")
    return Answer(refusal=f"Case {case.number} is already open.") if case.is_active else YES


@transaction.atomic
def reopen(
    case: Case,
    *,
    by: Viewer | None,
    body: str = "",
    token: UUID | None = None,
    attachments: Sequence[Attachment] = (),
    resolved_at: datetime | None = None,
    **said: Any,
) -> Event | None:
    """Open a resolved or closed case again, with what the one who reopens it has to say, as `reply` takes it.

    When it is open already, that is a reply. `resolved_at` is when it was resolved as they know it. Returns
    None when the form was received before. Raises Refused when the case was reopened and resolved anew
    meanwhile. What is said to a merged case is said in the one it goes on in; without a word, raises Refused.
    """
    end = target_for(case, by)
    if end.pk != case.pk and not body and not attachments:
        may_reopen(Case.objects.get(pk=case.pk)).check()
    case = end
    said |= {"body": body, "token": token, "attachments": attachments}
    if already_recorded(token_for(token, body, attachments)):
        return None
    if case.is_active:
        return reply(case, by=by, **said) if body or attachments else None
    may_reopen(case, by).check()
    if resolved_at not in (None, case.resolved_at):
        raise Refused(
            f"Case {case.number} was resolved again in the meantime. Check it before you reopen it."
        )
    speaks = bool(body or attachments)
    event = record(
        case,
        Kind.REOPENED,
        by=by,
        mail=not speaks,
        status=Status.OPEN,
        resolved_at=None,
        resolution="",
    )
    if speaks:
        reply(case, by=by, **said)
    return event
