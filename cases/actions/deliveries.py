"""Mail is sent, each event to each address once, and what became of it is written down."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from time import monotonic, sleep

from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from cases.mail.sending import Later, Never, send
from cases.models import Delivery, Event
from cases.models.addresses import one_spelling

KEPT = timedelta(days=90)  # what became of mail about accounts, and none about cases
PATIENCE = timedelta(days=5)  # as mail servers have
LONGEST_SILENCE = 600  # seconds for which a database that is away is waited for
AGAIN = 0.5  # and between two tries
TOO_LATE = "it was of no use any more"


def deliver(
    message: EmailMessage | None, *, events: Sequence[Event] = (), until: datetime | None = None
) -> None:
    """Send a mail to its one recipient, unless that is done. Raises Later where it is to be tried again.

    `events` are what it tells of. After `until` it is of no use. Whoever dies here leaves a row that is not sent, so
    the next one sends it again, with the same Message-ID: between the mail server's word and ours for it, nobody knows.
    """
    if message is None:
        Delivery.objects.filter(event__in=events).waiting().delete()
        return None
    rows = _rows(message, events)
    waiting = [row for row in rows if row.state in Delivery.WAITING]
    if not waiting:
        return None
    now = timezone.now()
    if until and now > until:
        return _mark(waiting, Delivery.State.EXPIRED, TOO_LATE)
    try:
        send(message)
    except Never as never:
        return _mark(waiting, Delivery.State.REFUSED, never.reason, never.answer)
    except Later as later:
        if now > min(row.asked_at for row in waiting) + PATIENCE:
            state = Delivery.State.EXPIRED if later.ours else Delivery.State.REFUSED
            return _mark(waiting, state, f"{later.reason} for days", later.answer)
        _mark(waiting, Delivery.State.DEFERRED, later.reason, later.answer)
        raise
    return _mark(waiting, Delivery.State.SENT)


@transaction.atomic
def _rows(message: EmailMessage, events: Sequence[Event]) -> list[Delivery]:
    """A row for each event, or one for a mail about none. Those of an address that is theirs no more are gone."""
    [recipient] = message.recipients()
    address, message_id = one_spelling(recipient)[:320], message.extra_headers["Message-ID"]
    Delivery.objects.filter(message_id=message_id).exclude(address=address).waiting().delete()
    if not events:
        return [Delivery.objects.get_or_create(event=None, address=address, message_id=message_id)[0]]
    named = {"message_id": message_id}
    begun = Delivery.objects.filter(event__in=events, address=address).waiting()
    begun.exclude(message_id=message_id).update(**named)
    return [
        Delivery.objects.get_or_create(event=event, address=address, defaults=named)[0] for event in events
    ]


def begun(events: Collection[int], address: str) -> tuple[set[int], set[int]]:
    """Of these events, those whose mail to the address is over; and those of the first mail that was begun, if one was:
    whoever tries it again says the same, under the same Message-ID."""
    rows = list(Delivery.objects.filter(event__in=events, address=one_spelling(address)).order_by("pk"))
    waiting = [row for row in rows if row.state in Delivery.WAITING]
    first = {row.event_id for row in waiting if row.event_id and row.message_id == waiting[0].message_id}
    return {row.event_id for row in rows if row.event_id and row not in waiting}, first


def _mark(rows: Sequence[Delivery], state: Delivery.State, reason: str = "", answer: str = "") -> None:
    """Write it down, unless a bounce was quicker, however long the database is away: what was sent is sent once."""
    waiting = Delivery.objects.filter(pk__in=[row.pk for row in rows]).waiting()
    deadline = monotonic() + LONGEST_SILENCE
    while True:
        try:
            waiting.update(state=state, reason=reason, answer=answer, at=timezone.now())
        except (OperationalError, InterfaceError):
            if monotonic() > deadline:
                raise
            connection.close()
            sleep(AGAIN)
        else:
            return


def sweep(at: datetime) -> None:
    """Forget what became of mail about accounts long ago."""
    Delivery.objects.filter(event=None, at__lt=at - KEPT).delete()
