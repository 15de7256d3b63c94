"""Whoever reads a mailbox is killed, wherever they are: afterwards each letter is one event, and none is left unread."""

import os
import signal
import warnings

import pytest
from django.db import connection

from cases.actions import incoming, mailboxes
from cases.mailboxes import reading
from cases.models import Case, Event, Kind, Mailbox, ReceivedMail

from .test_reading import letter, look

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = 3
STEPS = {  # what the reader is about to do when it is killed, in the second letter where each has its own
    "it was fetched": (reading, "receive", 2),
    "it is known, and the original not kept": (incoming, "store", 2),
    "the original was kept": (incoming, "put", 2),
    "its case was opened, and nothing committed": (incoming, "_over", 2),
    "the event is there, and it is not marked": (reading, "_mark", 1),
    "it is marked, and that it was read not written": (mailboxes, "read_up_to", 1),
}


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


def killed_at(mailbox, module, name, time):
    """A process reads, and is killed when it calls this for so many times."""
    real, calls = getattr(module, name), []
    connection.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: this one is alone in it
        child = os.fork()
    if not child:

        def dying(*args, **kwargs):
            calls.append(1)
            if len(calls) == time:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        setattr(module, name, dying)
        try:
            look(mailbox)
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("done_folder", ["", "Done"])
def test_each_letter_is_one_event(mailbox_of, dovecot, step, done_folder):
    mailbox = mailbox_of(done_folder=done_folder)
    client = dovecot.client(mailbox.user)
    client.create("Done")
    client.logout()
    look(mailbox)
    dovecot.deliver(mailbox.user, *map(letter, range(LETTERS)))
    assert killed_at(mailbox, *STEPS[step]) == signal.SIGKILL
    mailbox = Mailbox.objects.get()
    look(mailbox)
    assert look(mailbox) == 0
    assert Case.objects.count() == ReceivedMail.objects.count() == LETTERS
    assert Event.objects.filter(kind=Kind.REPLY).count() == LETTERS
    assert set(ReceivedMail.objects.values_list("outcome", flat=True)) == {"opened"}
    assert dovecot.flags(mailbox.user) == ([] if done_folder else ["\\Seen"] * LETTERS)
    assert len(dovecot.flags(mailbox.user, "Done")) == (LETTERS if done_folder else 0)


def test_every_original_is_kept_after_a_kill(mailbox_of, dovecot, kept):
    mailbox = mailbox_of(takes_old=True)
    dovecot.deliver(mailbox.user, letter(0), letter(1))
    assert killed_at(mailbox, *STEPS["it is known, and the original not kept"]) == signal.SIGKILL
    look(Mailbox.objects.get())
    assert {(kept / mail.stored).read_bytes() for mail in ReceivedMail.objects.all()} == {
        letter(0),
        letter(1),
    }
