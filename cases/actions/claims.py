"""Cases of visitors, who are not known to have the address that they typed, and what its owner says of them."""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction

from cases.mail.outbound import ask_to_confirm
from cases.models import Case, Event, Kind, ReceivedMail, Refused, Role, User
from cases.wording.deliveries import NO_MAIL

from . import copies, merging
from .accounts import customer_for, take_name
from .conversation import add_note
from .events import now, record


@transaction.atomic
def prove(case: Case, *, by: User) -> Event | None:
    """The owner of the address says that the case is theirs. From now on it is, and the visitor's browser is out.

    Returns None unless it claims their address.
    """
    claimed = _claimed(case, by)
    if claimed is None:
        return None
    take_name(by, claimed.customer_name)
    theirs = ReceivedMail.objects.filter(case=claimed, sender=claimed.claimed_email, verdict="pass")
    vouched = [address for mail in theirs for address in mail.people]
    event = record(
        claimed,
        Kind.PROVEN,
        by=by,
        role=Role.CUSTOMER,
        unproven=False,
        claimed_email="",
        customer_id=by.pk,
        organisation_id=by.organisation_id,
    )
    copies.end_unvouched(claimed, by=by, vouched=vouched)
    return event


@transaction.atomic
def disown(case: Case, *, by: User) -> Event | None:
    """The owner of the address says that it was not them: the case claims it no more, and stays the visitor's.

    Cases that are theirs go on in it no more. Returns None unless it claims their address. The visitor is told nothing,
    not even that the address has an owner.
    """
    claimed = _claimed(case, by)
    if claimed is None:
        return None
    for proven in Case.objects.filter(merged_into=claimed, unproven=False).order_by("pk"):
        merging.unmerge(proven, by=None)
    claimed.refresh_from_db()
    return record(claimed, Kind.DISOWNED, by=by, role=Role.SYSTEM, claimed_email="")


@transaction.atomic
def ask_owner(case: Case, *, by: User) -> Event:
    """Mail the address that a visitor typed, once an hour, how its owner confirms it. Agents read that in a note.

    Raises Refused where no address is claimed, and for one whose account was deactivated.
    """
    case = case.locked()
    if not case.claimed_email:
        raise Refused(f"In case {case.number} no address is to be confirmed.")
    if not customer_for(case.claimed_email).is_active:
        raise Refused("The account with this address was deactivated, so that no email goes to it.")
    if not settings.MAIL_GOES:
        raise Refused(NO_MAIL)
    token = uuid5(NAMESPACE_URL, f"confirm {case.pk} {now():%Y-%m-%d %H}")
    asked = add_note(
        case, by=by, body=f"Emailed {case.claimed_email} how to confirm the address.", token=token
    )
    if asked is None:
        raise Refused("We emailed this address within the last hour. Please wait before sending again.")
    ask_to_confirm(case, asked)
    return asked


def prove_all(numbers: Iterable[int], *, by: User) -> None:
    """Cases that were reported in the very browser in which the owner of the address signs in."""
    for case in Case.objects.claiming(by).filter(number__in=numbers):
        prove(case, by=by)


def _claimed(case: Case, user: User) -> Case | None:
    held = case.locked()
    return held if Case.objects.claiming(user).filter(pk=held.pk).exists() else None
