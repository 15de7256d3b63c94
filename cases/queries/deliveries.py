"""Mail that did not arrive: of which events, and to which addresses mail comes back."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from cases.access import is_own
from cases.models import Attachment, Case, Delivery, Event, Kind, Viewer
from cases.models.event import EventQuerySet
from cases.models.rights import Right

SETTLED = timedelta(
    hours=1
)  # what was taken that long ago and did not come back has arrived; what waits is told
GIVEN_UP = timedelta(days=6)
TOLD = JSONObject(address="address", state="state", reason="reason", answer="answer")
State = Delivery.State


def with_undelivered(events: EventQuerySet, case: Case, viewer: Viewer) -> EventQuerySet:
    """The events with what went wrong with their mail, for the desk; and for it and the customer themselves, each with
    what is wrong with the customer's address. The same statement reads it."""
    on_desk = viewer.may(Right.READ_DESK)
    if on_desk:
        now = timezone.now()  # a mail server that said that it is late gives up after days, and says so
        late = Q(state=State.DEFERRED, asked_at__lt=now - SETTLED, at__gt=now - GIVEN_UP)
        wrong = Delivery.objects.filter(Q(state__in=Delivery.WRONG) | late, event=OuterRef("pk"))
        events = events.annotate(undelivered=ArraySubquery(wrong.order_by("pk").values(told=TOLD)))
    if on_desk or is_own(viewer, case):
        address = case.claimed_email or (case.customer.email if case.customer else "")
        events = events.annotate(mail_trouble=Subquery(_last_known(address).values(told=TOLD)))
    return events


def mailed_to(events: Collection[Event]) -> list[str]:
    """The addresses to which mail about these events went, or to which somebody forwarded them or a file of them, as far
    as is known here: what is in it stays there."""
    said = {(event.case_id, event.sequence) for event in events}
    files = {str(key) for key in Attachment.objects.filter(event__in=events).values_list("key", flat=True)}
    mailed = [event.pk for event in events]
    for forward in Event.objects.filter(case__in={case for case, _ in said}, kind=Kind.FORWARDED):
        messages = {(forward.case_id, sequence) for sequence in forward.details["messages"]}
        if said & messages or files & {*forward.details["files"]}:
            mailed.append(forward.pk)
    went = Delivery.objects.filter(event__in=mailed, state__in=(State.SENT, State.DELIVERED))
    return sorted(set(went.values_list("address", flat=True)))


def trouble_in(events: Sequence[Event]) -> dict[str, Any] | None:
    """What is wrong with the customer's address, by events that were read with it: why mail to it comes back."""
    return _if_wrong(getattr(events[-1], "mail_trouble", None)) if events else None


def with_trouble(addresses: QuerySet[EmailAddress]) -> QuerySet[EmailAddress]:
    """The addresses with why mail to them comes back, for `trouble_of`."""
    return addresses.annotate(mail_trouble=Subquery(_last_known(OuterRef("email")).values(told=TOLD)))


def trouble_of(address: EmailAddress) -> dict[str, Any] | None:
    """Why mail to this address comes back, if it does, as it was read by `with_trouble`."""
    return _if_wrong(getattr(address, "mail_trouble", None))


def trouble_with(address: str) -> dict[str, Any] | None:
    """Why mail to this address comes back, if it does."""
    return _if_wrong(_last_known(address).values_list(TOLD, flat=True).first())


def _last_known(address: str | OuterRef) -> QuerySet[Delivery]:
    """The last mail to it of which is known whether it arrived."""
    arrived = Q(state=State.DELIVERED) | Q(state=State.SENT, at__lt=timezone.now() - SETTLED)
    known = Delivery.objects.filter(arrived | Q(state__in=Delivery.WRONG_ADDRESS), address=address)
    return known.order_by("-pk")[:1]


def _if_wrong(last: dict[str, Any] | None) -> dict[str, Any] | None:
    return last if last and last["state"] in Delivery.WRONG_ADDRESS else None
