"""What the desk notes of people and organisations: how to reach them, and notes. Every change is kept with whose it is."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.models import AuditKind, Card, CardChange, Organisation, Refused, User
from cases.models.card import label_of
from cases.queries.person import is_erased

from . import audit

Changes = dict[str, list[str]]  # by the name of the field: what it was, and what it is


class Crossed(Refused):
    """Somebody else changed the card meanwhile."""


def card_of(owner: User | Organisation) -> Card:
    """Theirs, saved or not."""
    mine = {"person" if isinstance(owner, User) else "organisation": owner}
    return Card.objects.filter(**mine).first() or Card(**mine)


def cards_of(people: Iterable[User]) -> QuerySet[Card]:
    """Those of them of whom something is noted."""
    return Card.objects.filter(person__in=people).select_related("person").order_by("pk")


@transaction.atomic
def write(owner: User | Organisation, *, by: User, seen: int, **fields: str) -> CardChange | None:
    """Note it on their card, by whoever saw its version `seen`. Returns None when it says so already.

    Raises Crossed where another was quicker, and Refused for somebody who was erased.
    """
    held = type(owner).objects.select_related(None).select_for_update(no_key=True).get(pk=owner.pk)
    if isinstance(held, User) and is_erased(held):
        raise Refused("This person was erased meanwhile: nothing more is noted of them.")
    card = card_of(owner)
    changes = {name: [getattr(card, name), new] for name, new in fields.items() if getattr(card, name) != new}
    if not changes:
        return None
    if card.version != seen:
        last = card.changes.select_related("by").first()
        raise Crossed(
            f"{last.by if last else 'Somebody'} changed this while you were editing. Check the current version below, then save again."
        )
    for name, (_, new) in changes.items():
        setattr(card, name, new)
    card.version += 1
    card.save()
    if isinstance(owner, User):
        audit.record(AuditKind.PERSON, by=by, about=owner, changes=_said(changes))
    return CardChange.objects.create(card=card, by=by, changes=changes)


def _said(changes: Changes) -> Changes:
    """The changes for the audit log, which the person may be handed out: so without the words of notes."""
    words = {"note": ("the old text", "a new text")}
    return {
        label_of(name): [word if said else "" for said, word in zip(both, words.get(name, both), strict=True)]
        for name, both in changes.items()
    }


def strike_cards(person: User, text: Callable[[str], str]) -> None:
    """Take somebody out of what is noted of their organisation and of their colleagues."""
    own = person.organisation_id
    for card in Card.objects.filter(Q(organisation=own) | Q(person__organisation=own)) if own else ():
        card.note = text(card.note)
        card.save(update_fields=["note"])
        for change in card.changes.all():
            change.changes = {name: [*map(text, both)] for name, both in change.changes.items()}
            change.save(update_fields=["changes"])


def history_of(owner: User | Organisation) -> QuerySet[CardChange]:
    """The last changes, the newest first."""
    card: Any = {"card__person": owner} if isinstance(owner, User) else {"card__organisation": owner}
    return CardChange.objects.filter(**card).select_related("by")
