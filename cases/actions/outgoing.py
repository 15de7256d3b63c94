"""What an agent has sent and what leaves a little later, or at a time they chose: until then they can take it back.

It becomes an event by the same actions as at once, with everything checked again. What does not leave stays, and its
author is told. See docs/decisions/sending.md.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.clock.calendar import BadCalendar
from cases.live.nudge import nudge, people_topic
from cases.models import (
    YES,
    Answer,
    Attachment,
    Case,
    Draft,
    Event,
    Kind,
    Macro,
    Outgoing,
    Refused,
    Role,
    User,
)
from cases.models.attachment import is_key
from cases.models.choices import ACTIVE
from cases.models.kinds import SPEAKS
from cases.queries.service_levels import levels_of
from cases.wording.times import short

from .conversation import ReplyTerms
from .drafts import TEXTS
from .events import check_is_to_come, record, target_for
from .saying import WORDS, as_data, from_data, say
from .tokens import already_recorded, token_for

NO_AUTHOR = "its author may not write in this case any more"


@transaction.atomic
def wait(
    case: Case,
    *,
    by: User,
    kind: str,
    composer: str,
    fields: Mapping[str, Any],
    leaves_at: datetime | None = None,
    as_read: Collection[str] = (),
    terms: ReplyTerms | None = None,
    macro: Macro | None = None,
    **said: Any,
) -> Outgoing | None:
    """Let it leave in a moment, or at the time chosen. `fields` is what its composer held.

    Promises that were taken `as_read` in the text count from when it leaves. Returns None when the form was received
    before. Raises Refused for whatever would be refused at once, for a time that has passed, and for a promise that
    would be due before it leaves.
    """
    case, text = target_for(case, by), said[WORDS[Outgoing.Kind(kind)]]
    said["token"] = said.get("token") or uuid5(NAMESPACE_URL, f"{case.pk} {case.last_sequence} {text}")
    key = cast(UUID, token_for(said["token"], text, said.get("attachments", ())))
    if already_recorded(key):
        return None
    later, at = leaves_at is not None, timezone.now()
    if leaves_at:
        check_is_to_come(leaves_at)
        _check_promises(terms, as_read, leaves_at)
    leaves_at = leaves_at or at + timedelta(seconds=settings.UNDO_SECONDS)
    whole: dict[str, Any] = said | ({"terms": terms} if terms else {})
    with transaction.atomic():  # what would be refused is refused now, while its words are at hand
        say(case, by=by, kind=kind, macro=macro, **whole)
        transaction.set_rollback(True)
    waiting = Outgoing.objects.create(
        key=key,
        case=case,
        author=by,
        kind=kind,
        composer=composer,
        body=text,
        said=as_data(said, terms, as_read, macro),
        fields=dict(fields),
        seen=case.last_sequence,
        status=case.status,
        zone=timezone.get_current_timezone_name(),
        sent_at=at,
        leaves_at=leaves_at,
        later=later,
    )
    app.configure_task("cases.tasks.let_out", schedule_at=leaves_at).defer(waiting=str(key))
    nudge(people_topic(case.pk))
    return waiting


def _check_promises(terms: ReplyTerms | None, as_read: Collection[str], leaves_at: datetime) -> None:
    for promise in (terms and terms.promises) or ():
        if promise.phrase not in as_read and promise.due_at <= leaves_at:
            raise Refused(
                f"This promises the next word by {short(promise.due_at)} and goes out {short(leaves_at)}."
                " Change one of the two."
            )


def when_hours_begin(case: Case) -> datetime:
    """When the business hours of the case begin next. Raises Refused while they run, and where they never begin."""
    calendar, at = levels_of(case).calendar, timezone.now()
    if calendar.is_open(at):
        raise Refused("Business hours are running in this case. Send it now, or choose a time.")
    try:
        return calendar.after(at, timedelta(microseconds=1)).replace(microsecond=0)
    except BadCalendar as problem:
        raise Refused(f"{problem} Choose a time.") from None


def leave(waiting: Outgoing, *, at: datetime) -> None:
    """Let it out once its time has come, unless something came between: then it stays, and its author is told."""
    with transaction.atomic():
        case = waiting.case.locked()
        found = _held(case, waiting.key)
        if found is None or found.leaves_at is None or found.leaves_at > at:
            return None
        if why := _comes_between(found, case):
            return hold(found, why)
        try:
            with transaction.atomic():
                _let_out(found)
        except Refused as refused:
            hold(found, "it was refused when its time came", str(refused))


def _held(case: Case, key: UUID) -> Outgoing | None:
    """The row, held as its case is."""
    rows = Outgoing.objects.select_for_update(of=("self",)).select_related("author", "case")
    return rows.filter(case=case, key=key).first()


def _comes_between(waiting: Outgoing, case: Case) -> str:
    """What its author has not seen, or why they may not send it any more."""
    if not may_send(waiting):
        return NO_AUTHOR
    since = Event.objects.filter(case=case, sequence__gt=waiting.seen, kind__in=SPEAKS)
    if event := since.exclude(author=waiting.author_id).order_by("-sequence").first():
        return "the customer answered" if event.role == Role.CUSTOMER else "a colleague wrote"
    if case.status not in (*ACTIVE, waiting.status):
        return f"the case was {case.get_status_display().lower()}"
    return ""


def may_send(waiting: Outgoing) -> Answer:
    """Whether its author may still write in the case."""
    author = waiting.author
    is_able = author.is_agent and author.sees(waiting.case)
    return YES if is_able else Answer(f"It was not sent: {NO_AUTHOR}.")


def may_decide(waiting: Outgoing, by: User) -> Answer:
    """Whether they may take it back or discard it: its author, or anybody at the desk once its author is gone."""
    if by == waiting.author or not may_send(waiting):
        return YES
    return Answer(f"Only {waiting.author} can change what they sent.")


def _let_out(waiting: Outgoing) -> None:
    _delete(waiting)
    with timezone.override(ZoneInfo(waiting.zone)):
        said = from_data(waiting, timezone.now())
        if waiting.kind == Outgoing.Kind.RESOLVE:
            said["token"] = waiting.key
        say(waiting.case, by=waiting.author, kind=waiting.kind, **said)


def hold(waiting: Outgoing, why: str, refusal: str = "") -> None:
    """Keep it from leaving, and tell its author why. Belongs to the transaction that holds its case."""
    waiting.leaves_at, waiting.held = None, refusal or f"Not sent: {why}."
    waiting.save()
    details = {"what": waiting.get_kind_display().lower(), "why": why, "agent": waiting.author_id}
    record(waiting.case.locked(), Kind.HELD, by=None, details=details)


def carry(case: Case, into: Case) -> None:
    """What was to leave in a case that goes on in another one stays there until its author has looked."""
    for waiting in case.outgoing.order_by("sent_at"):
        waiting.case = into
        hold(waiting, f"case {case.number} goes on in this one")


@transaction.atomic
def send_now(case: Case, *, by: User, key: UUID) -> None:
    """Let it out before its time, or although something came between. Raises Refused for all but its author."""
    waiting = _ones_own(case, key, by)
    may_send(waiting).check()
    _let_out(waiting)


@transaction.atomic
def take_back(case: Case, *, by: User, key: UUID, begun: str | None = None) -> Draft:
    """Put it back into its composer, above what was `begun` there since."""
    waiting = _ones_own(case, key, by)
    name = TEXTS[Draft.Kind(waiting.composer)][0]
    draft = Draft.objects.filter(agent=by, case=waiting.case, kind=waiting.composer).first()
    draft = draft or Draft(agent=by, case=waiting.case, kind=waiting.composer, version=0)
    begun = draft.fields.get(name, "") if begun is None else begun
    both = [waiting.fields.get(name, ""), begun]
    files = [*waiting.fields.get("attachments", []), *draft.fields.get("attachments", [])]
    draft.fields = waiting.fields | {
        name: "\n\n".join(filter(str.strip, both)),
        "attachments": [*dict.fromkeys(files)],
        "token": "",
    }
    draft.version += 1
    draft.save()
    _files_of(waiting).update(uploader=by)
    _end(waiting)
    return draft


@transaction.atomic
def discard(case: Case, *, by: User, key: UUID) -> None:
    """Throw it away. Its files are swept like all that were not sent."""
    _end(_ones_own(case, key, by))


def _files_of(waiting: Outgoing) -> Any:
    keys = [key for key in waiting.fields.get("attachments", []) if is_key(key)]
    return Attachment.objects.pending().filter(key__in=keys, uploader=waiting.author_id)


def _ones_own(case: Case, key: UUID, by: User) -> Outgoing:
    """The row, for whom it is to decide. Raises Refused for others, and when it has left or was taken back."""
    waiting = _held(case.locked(), key)
    if waiting is None:
        has_left = Event.objects.filter(token=key).exists()
        raise Refused(
            "It has been sent already. Write again to correct it."
            if has_left
            else "It was taken back or discarded already."
        )
    may_decide(waiting, by).check()
    return waiting


def _end(waiting: Outgoing) -> None:
    _delete(waiting)
    nudge(people_topic(waiting.case_id))


def _delete(waiting: Outgoing) -> None:
    """Leave the object as it is, of which the rest is made."""
    Outgoing.objects.filter(pk=waiting.pk).delete()
