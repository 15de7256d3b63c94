"""`record`, the only writer of events and of a case's state."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from cases.live.nudge import nudge_about
from cases.mail.copies import ask_for_mail_of_copies
from cases.mail.forwards import ask_for_mail_of_forward
from cases.mail.outbound import ask_for_mail
from cases.models import (
    YES,
    Answer,
    Attachment,
    Case,
    Event,
    Guest,
    Kind,
    Refused,
    Role,
    Status,
    User,
    Viewer,
    WaitingOn,
)
from cases.models.choices import ACTIVE, TRANSITIONS
from cases.models.kinds import KINDS
from cases.models.turn import whose_turn
from cases.queries.deadlines import open_promises, promised_by
from cases.queries.teams import take_by

from . import deadlines
from .attachments import bind, check_not_sent
from .notifications import notify

ALWAYS = [
    "take_by", "nobodys_since", "waiting_on", "waiting_since", "last_sequence", "last_public_sequence", "changed_at", "last_public_at",
    *deadlines.KEPT,
]  # fmt: skip
FURTHEST = timedelta(days=366)


class NeedsConfirmation(Refused):
    """A refusal that whoever reads it may overrule."""


_history: ContextVar[datetime | None] = ContextVar("history", default=None)


@contextmanager
def history(at: datetime) -> Iterator[None]:
    """Record what happened at `at`, long ago: its own time, no mail and no nudge."""
    token = _history.set(at)
    try:
        yield
    finally:
        _history.reset(token)


def now() -> datetime:
    """Return when what is recorded happens: now, or the time that `history` sets."""
    return _history.get() or timezone.now()


def happens_now() -> bool:
    """Whether what is recorded happens now, and not long ago."""
    return _history.get() is None


def role_of(user: Viewer | None, case: Case) -> Role:
    """Whose side they are on in this case: an agent with a problem of their own is a customer in it."""
    if user is None:
        return Role.SYSTEM
    return Role.AGENT if user.is_agent and user.pk != case.customer_id else Role.CUSTOMER


def target_for(case: Case, by: Viewer | None) -> Case:
    """Lock and return the case that takes what is said to this one: itself, or the one it was merged into.

    Raises Refused for a visitor who did not report that one, and where a case whose address is confirmed goes on in
    a visitor's, who may not read what is said to it.
    """
    end = case.locked_target()
    if end.unproven and end.pk != case.pk and not Case.objects.get(pk=case.pk).unproven:
        raise Refused(
            f"Case {case.number} goes on in case {end.number}, whose address nobody has confirmed."
            " Separate the two first, or confirm that address."
        )
    if isinstance(by, Guest) and end.pk != case.pk and end.pk not in by.case_numbers:
        raise Refused(f"Case {case.number} goes on in another one. Sign in to write there.")
    return end


def record(
    case: Case,
    kind: Kind,
    *,
    by: Viewer | None,
    role: Role | None = None,
    body: str = "",
    details: Mapping[str, Any] | None = None,
    token: UUID | None = None,
    mail: bool = True,
    turn: WaitingOn | None = None,
    attachments: Iterable[Attachment] = (),
    **changes: Any,
) -> Event:
    """Write one event and the changes of state that it stands for.

    `case` must be locked by the running transaction. `body` is what somebody wrote, `details` what the event names:
    see KINDS. `changes` are fields of the case and their new values. `role` is given only where nobody's account is
    known, as in imported conversations, and `turn` only where it is not the one that such an event usually leaves.
    A visitor speaks in unproven cases alone, under the name that they typed. Raises Refused for a status that may
    not follow the one the case has.
    """
    if isinstance(by, User) and not by.sees(case):
        raise Refused("You don’t have access to one of the cases. Ask someone who does.")
    if isinstance(by, Guest) and not case.unproven:
        raise Refused(f"Case {case.number} belongs to an account. Sign in to go on in it.")
    at, role, row = now(), role or role_of(by, case), KINDS[kind]
    if not row.any_status:
        may_become(case, changes.get("status", case.status)).check()
    files = list(attachments)
    check_not_sent(files)
    was_active = case.is_active
    recorded = _change(case, _apply_consequences(case, kind, role, changes, at))
    turned, why = _pass_turn(case, kind, role, turn, at) if "waiting_on" not in recorded else ({}, {})
    recorded |= turned | _keep_open(case, kind)
    case.nobodys_since = _nobodys_since(case, was_active or row.any_status, at)
    if happens_now():
        case.take_by = take_by(case, kind, role, at)
    case.last_sequence += 1
    case.changed_at = at
    if row.public:
        case.last_public_at = at
        case.last_public_sequence += 1
    event = Event.objects.create(
        case=case,
        sequence=case.last_sequence,
        public_sequence=case.last_public_sequence if row.public else None,
        kind=kind,
        role=role,
        author=by if isinstance(by, User) else None,
        public=row.public,
        body=body,
        details={**(details or {}), **why},
        changes=recorded,
        at=at,
        token=token,
        attachments=[attachment.event_data for attachment in files],
    )
    bind(files, event)
    if happens_now() and row.clocks:
        deadlines.refresh(case, at)
    case.save(update_fields=[*{*recorded, *ALWAYS}])
    if happens_now():
        _tell(event, mail=mail)
    return event


def may_become(case: Case, status: str) -> Answer:
    """Whether the case may have this status next: that which it has, or one that may follow it."""
    if status == case.status or status in TRANSITIONS[Status(case.status)]:
        return YES
    return Answer(
        refusal=f"Case {case.number} is {case.get_status_display().lower()} "
        f"and cannot become {Status(status).label.lower()}."
    )


def while_open(case: Case, otherwise: str) -> Answer:
    """Yes while the case is open. Else a refusal that says how it stands, and then `otherwise`."""
    if case.is_active:
        return YES
    return Answer(refusal=f"Case {case.number} is {case.get_status_display().lower()}{otherwise}")


def _apply_consequences(
    case: Case, kind: Kind, role: Role, changes: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """Return the changes with what follows from them: waking, and for a case that ends, what it no longer owes.

    Ends its promises, requests and escalation.
    """
    is_over = changes.get("status", case.status) not in ACTIVE
    brought: dict[str, Any] = {"snoozed_until": None} if is_over or role in KINDS[kind].wakes else {}
    if case.spam and not is_over:
        brought["spam"] = False  # whoever is asked for help again is answered
    if is_over and case.is_active:
        brought |= deadlines.over(case, kind, at)
    return brought | changes


def _change(case: Case, changes: dict[str, Any]) -> dict[str, Any]:
    """Set the fields that differ, and return for each its old and new value in JSON."""
    recorded = {}
    for field, new in changes.items():
        old = getattr(case, field)
        if old != new:
            setattr(case, field, new)
            recorded[field] = [_json(old), _json(new)]
    return recorded


def _pass_turn(
    case: Case, kind: Kind, role: Role, turn: WaitingOn | None, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set whom the case waits on: `turn`, or what follows from the event, which can be derived.

    Returns what is to be recorded where it cannot: the change, and the details that say why.
    """
    why: dict[str, Any] = {}
    usual = WaitingOn(case.waiting_on)
    if KINDS[kind].public:
        usual = whose_turn(kind, role, Status(case.status), usual)
    if turn is None and case.promised_at and usual == WaitingOn.CUSTOMER:
        turn = WaitingOn.US  # while we owe a promised word, whatever else we say or ask for
        why = promised_by(case, open_promises(case))
    if turn is None and usual == case.waiting_on and case.last_sequence:
        return {}, {}
    before = {"waiting_on": case.waiting_on, "waiting_since": _json(case.waiting_since)}
    case.waiting_on, case.waiting_since = usual if turn is None else turn, at
    if turn is None:
        return {}, {}
    return {
        "waiting_on": [before["waiting_on"], turn],
        "waiting_since": [before["waiting_since"], _json(at)],
    }, why


def _nobodys_since(case: Case, went_on: bool, at: datetime) -> datetime | None:
    """Since when nobody has it. A case that is reopened is nobody's anew, one that is taken back goes on."""
    if case.assignee_id:
        return None
    return case.nobodys_since if case.nobodys_since and (went_on or not case.is_active) else at


def _keep_open(case: Case, kind: Kind) -> dict[str, Any]:
    """Cancel closing by itself, unless the case still waits for the customer and nothing new was asked of anybody."""
    asks_anew = KINDS[kind].keeps_open and case.is_active
    if case.closes_at is None or (case.waiting_on == WaitingOn.CUSTOMER and not asks_anew):
        return {}
    recorded = {"closes_at": [_json(case.closes_at), None]}
    case.closes_at = None
    return recorded


def _tell(event: Event, *, mail: bool) -> None:
    """Defer the mail, write the notifications, send the nudge."""
    by_customer = event.role == Role.CUSTOMER
    if mail:
        ask_for_mail(event)
        ask_for_mail_of_copies(event)
        ask_for_mail_of_forward(event)
    notified = notify(event, mail=mail or event.kind == Kind.OPENED)
    nudge_about(event.case, public=event.public, notified=notified, by_customer=by_customer)
    if event.kind == Kind.REPLY and by_customer:
        app.configure_task("cases.tasks.judge_case").defer(case=event.case_id)


def _json(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def check_is_to_come(at: datetime) -> None:
    """Raise Refused unless the time lies ahead, and near enough to be meant."""
    if at <= now():
        raise Refused("That time has passed. Choose a later one.")
    if at > now() + FURTHEST:
        raise Refused("That’s more than a year ahead. Choose an earlier time.")
