"""A mail to whoever sets mail up, to see whether it goes."""

from contextlib import suppress

from django.conf import settings
from procrastinate.contrib.django import app

from cases.mail import sending
from cases.mail.letter import letter_of
from cases.mail.threads import own_id
from cases.models import Delivery, User

from .deliveries import deliver

BODY = """Hello {name},

This is the mail that you asked for, so mail goes out from your support portal.

It was sent from {sender}. If it lies among the spam, let whoever runs the domain of this address add SPF and DKIM for your mail server.

{url}
"""


def ask(person: User) -> int:
    """Have it sent, and return the number of the job by which its outcome is found."""
    return int(app.configure_task("cases.tasks.mail_test").defer(person=person.pk))


def send(job: int, person: User) -> None:
    """Send it once. What became of it is in its `Delivery`: nobody waits for a second try."""
    sending.forget_that_it_was_away()
    message = letter_of(
        BODY.format(name=person, sender=settings.MAIL_FROM, url=settings.URL),
        subject="Mail from your support portal works",
        to=person.email,
        headers={"Message-ID": _id(job)},
    )
    with suppress(sending.Later):
        deliver(message)


def outcome(job: int, person: User) -> Delivery | None:
    """What became of it, once it is known."""
    sent = Delivery.objects.filter(message_id=_id(job), address=person.email)
    return sent.exclude(state=Delivery.State.QUEUED).first()


def _id(job: int) -> str:
    return own_id(f"test-{job}")
