"""Parts of a case are mailed to somebody outside, such as a vendor. What they answer is for agents alone."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from cases.mail import threads
from cases.mail.forwards import message_to_outsider
from cases.models import Attachment, Case, Event, InCopy, Kind, Refused, User
from cases.models.addresses import one_spelling
from cases.models.rights import Right

from . import copies
from .deliveries import deliver
from .events import record
from .notifications import follow
from .tokens import already_recorded

MOST_BYTES = 20 * 1024 * 1024  # of files in one mail


@transaction.atomic
def forward(
    case: Case,
    *,
    by: User,
    address: str,
    words: str = "",
    messages: Collection[int] = (),
    attached: Collection[str] = (),
    without_secrets: bool = False,
    token: UUID | None = None,
) -> Event | None:
    """Mail somebody outside these words, with messages of the case by their numbers, and files of it by their keys.

    Only agents learn of it. Whoever forwards follows the case, to hear of the answer. Returns None when the form was
    received before. Raises Refused.
    """
    case, address = case.locked(), one_spelling(address)
    if already_recorded(token):
        return None
    _check_outside(case, address)
    chosen = list(case.events.filter(sequence__in=messages).order_by("sequence"))
    files = list(Attachment.objects.filter(case=case, key__in=attached).order_by("pk"))
    if not (words or chosen or files):
        raise Refused("Write something, or choose what to forward.")
    if sum(one.size for one in files) > MOST_BYTES:
        raise Refused(f"These files are too large for one mail: {MOST_BYTES // 1024**2} MB fit.")
    details = {
        "address": address,
        "messages": [event.sequence for event in chosen],
        "files": [str(one.key) for one in files],
    } | ({"without_secrets": True} if without_secrets else {})
    event = record(case, Kind.FORWARDED, by=by, body=words, details=details, token=token)
    follow(case, by=by)
    return event


def mail(event: int) -> None:
    """Send it to whom it is forwarded, unless they were erased since. Raises StoreUnavailable."""
    said = Event.objects.select_related("case", "author").get(pk=event)
    if message := message_to_outsider(said):
        deliver(message, events=[said])


def _check_outside(case: Case, address: str) -> None:
    """Raise Refused for whoever reads the case anyway, and for what is nobody."""
    owner, refusal = User.objects.of_address(address), ""
    if threads.is_ours(address):
        refusal = f"{address} is our own address."
    elif copies.is_of_a_machine(address):
        refusal = f"{address} is a mailing list or a machine, so nobody would answer."
    elif owner and owner.may(Right.READ_DESK):
        refusal = f"{owner} works here and can see the case at the desk."
    elif address == case.claimed_email or (owner and owner.pk == case.customer_id):
        refusal = f"{address} is the customer of this case. Write a reply."
    elif InCopy.objects.now().filter(case=case, address=address).exists():
        refusal = f"{address} is in copy of this case and reads all replies."
    if refusal:
        raise Refused(refusal)
