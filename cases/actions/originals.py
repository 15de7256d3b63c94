"""Mail as it was received, when something of it is removed for good: a passage, a file or a person."""

from collections.abc import Callable, Collection, Iterable
from functools import reduce
from operator import or_

from django.db.models import Q
from procrastinate.contrib.django import app

from cases.files.store import store
from cases.incoming.openings import bare_subject
from cases.models import Event, ReceivedMail

TEXTS = ("subject", "thread", "folded", "sender")


def strike_mail(cases: Collection[int], text: Callable[[str], str], *, events: Iterable[Event]) -> None:
    """Let `text` strike something out of the mail of these cases.

    An original can only go as a whole. It goes where it held what is struck out, be it in the address of its sender, and
    where it became one of the `events` that say less now.
    """
    named = {event.pk for event in events}
    for mail in ReceivedMail.objects.filter(case__in=cases):
        struck = {name: text(getattr(mail, name)) for name in TEXTS} | {"people": [*map(text, mail.people)]}
        changed = {name: new for name, new in struck.items() if new != getattr(mail, name)}
        if "subject" in changed:  # of which it is the beginning in small letters
            changed["thread"] = bare_subject(text(mail.subject)).lower()
        if not changed and mail.event_id not in named:
            continue
        for name, new in changed.items():
            longest: int | None = getattr(mail._meta.get_field(name), "max_length", None)
            setattr(mail, name, new[:longest])
        mail.size = 0
        mail.save(update_fields=[*changed, "size"])
        _drop(mail)


def forget_mail_of(addresses: Collection[str]) -> None:
    """Delete the mail from or to these addresses that belongs to no case."""
    named = reduce(or_, (Q(people__contains=[one]) for one in addresses), Q(sender__in=addresses))
    for mail in ReceivedMail.objects.filter(named, case=None):
        forget(mail)


def forget(mail: ReceivedMail) -> None:
    """Delete a mail that belongs to no case, and its original."""
    _drop(mail)
    mail.delete()


def _drop(mail: ReceivedMail) -> None:
    app.configure_task("cases.tasks.drop_original").defer(stored=mail.stored)


def drop(stored: str) -> None:
    """Delete an original. Raises StoreUnavailable."""
    store().remove(stored)
