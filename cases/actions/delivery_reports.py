"""What others report of mail that we sent: mail servers by mail, providers by their webhooks."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cases.incoming.delivery_reports import Fate, report_in
from cases.incoming.message import Message
from cases.models import Delivery, Event, Outcome
from cases.wording.deliveries import reason_of

State = Delivery.State

# What each fate makes of a mail, and of which states: what came back does not arrive any more.
OUTCOMES = {
    Fate.BOUNCED: (State.BOUNCED, (State.QUEUED, State.SENT, State.DELIVERED, State.DEFERRED, State.EXPIRED)),
    Fate.DELAYED: (State.DEFERRED, (State.SENT, State.DEFERRED)),
    Fate.DELIVERED: (State.DELIVERED, (State.QUEUED, State.SENT, State.DEFERRED)),
    Fate.COMPLAINED: (State.COMPLAINED, tuple(state for state in State if state != State.COMPLAINED)),
}
LONGEST = 500  # characters of what others tell


class Heard(NamedTuple):
    outcome: Outcome
    reason: str
    event: Event | None


SAYS = {
    Fate.BOUNCED: "This says that an email of ours came back.",
    Fate.DELAYED: "This says that an email of ours is late.",
    Fate.DELIVERED: "This says that an email of ours arrived.",
    Fate.COMPLAINED: "This says that an email of ours is called spam.",
}


def heed_mail(message: Message) -> Heard | None:
    """Write down what a mail of a mail server says of ours. None where it names none that we know."""
    report = report_in(message)
    found = report and heed(report.fate, report.ids, report.words)
    if not report or not found:
        return None
    event = found[0].event
    return Heard(Outcome.NOTED if event else Outcome.IGNORED, SAYS[report.fate], event)


@transaction.atomic
def heed(fate: Fate, message_ids: Collection[str], words: str = "") -> list[Delivery]:
    """Write down what became of the mail with one of these Message-IDs, of which each address has its own.

    Returns what is known of it, changed or not. A report that comes twice, or late, changes nothing.
    """
    ids = [f"<{one.strip('<>')[:LONGEST]}>".replace("\0", "") for one in message_ids]
    named = Delivery.objects.filter(message_id__in=ids)
    state, before = OUTCOMES[fate]
    told = " ".join(words.replace("\0", "").split())
    reason = reason_of(told) if fate in (Fate.BOUNCED, Fate.DELAYED) else ""
    named.filter(state__in=before).update(
        state=state, reason=reason, answer=told[:LONGEST], at=timezone.now()
    )
    return list(named.select_related("event__case").order_by("pk"))
