"""Mail that makes nothing by itself: of blocked senders, junk, and what could not be read. Agents rescue it or delete it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cases.files.store import store
from cases.incoming.message import read
from cases.mail import threads
from cases.models import BlockedSender, Outcome, ReceivedMail, Refused, User
from cases.models.addresses import one_spelling
from cases.models.rights import Right

from .incoming import AWAY, Received, broken, put
from .originals import forget

KEPT = timedelta(days=60)  # what nobody rescues


@transaction.atomic
def rescue(mail: ReceivedMail, *, by: User) -> Received | None:
    """Take it in after all: it opens or continues a case as it would have. Returns None when that was done.

    Raises Refused where its original is gone, and StoreUnavailable.
    """
    mail = ReceivedMail.objects.select_for_update().get(pk=mail.pk)
    if not (mail.held or mail.outcome == Outcome.UNREADABLE):
        return None
    if not mail.has_original:
        raise Refused("The original of this email is gone, so it can’t be rescued.")
    raw = b"".join(store().read_range(mail.stored, 0, mail.size))
    mail.held, mail.outcome = False, ""
    mail.save(update_fields=["held", "outcome"])
    try:
        with transaction.atomic():
            done = put(mail, read(raw), rescued=True)
    except AWAY:
        raise
    except Exception:  # it stays where it is held, and says that it could not be read
        return broken(mail)
    done.mail.reason = f"{done.reason} {by} rescued it.".strip()
    done.mail.save(update_fields=["reason"])
    return done


@transaction.atomic
def delete(mail: ReceivedMail, *, by: User) -> None:
    """Throw it away for good. Raises Refused for what belongs to a case, or is neither held nor unreadable."""
    mail = ReceivedMail.objects.select_for_update().get(pk=mail.pk)
    if mail.case_id or not (mail.held or mail.outcome == Outcome.UNREADABLE):
        raise Refused("This email is no longer held.")
    forget(mail)


@transaction.atomic
def block(address: str, *, by: User) -> BlockedSender | None:
    """Hold whatever comes from this address. Returns None when it is so already. Raises Refused for our own."""
    address = one_spelling(address)
    owner = User.objects.of_address(address)
    if threads.is_ours(address) or (owner and owner.may(Right.READ_DESK)):
        raise Refused(f"{address} is ours, and is not blocked.")
    sender, is_new = BlockedSender.objects.get_or_create(address=address, defaults={"by": by})
    return sender if is_new else None


def unblock(address: str, *, by: User) -> bool:
    """Take mail of this address in again. Returns whether it was blocked."""
    return bool(BlockedSender.objects.filter(address=one_spelling(address)).delete()[0])


def sweep(at: datetime) -> None:
    """Throw away what made nothing long ago, held or not. What could not be read stays: it may be anything."""
    made_nothing = ReceivedMail.objects.filter(Q(held=True) | Q(outcome=Outcome.IGNORED), case=None)
    for mail in made_nothing.filter(received_at__lt=at - KEPT)[:500]:
        forget(mail)
