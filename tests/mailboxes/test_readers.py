"""Mailboxes are read side by side: mail is there at once, whatever becomes of others, and each has one reader."""

import socket
import threading
import time

import pytest
from django.db import connection

from cases.actions import incoming
from cases.files.store import StoreUnavailable
from cases.mailboxes import reader, readers
from cases.mailboxes.failures import AWAY
from cases.mailboxes.readers import Readers
from cases.models import Case, Mailbox

from .test_reading import letter

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 5


@pytest.fixture(autouse=True)
def _quick(monkeypatch, till):
    monkeypatch.setattr(readers, "LOOK", 0.05)
    monkeypatch.setattr(reader, "SHORTEST", 0.05)


@pytest.fixture
def at_work():
    """Readers of a process: `at_work()`. They end with the test."""
    begun = []

    def begin():
        begun.append(Readers())
        begun[-1].start()
        return begun[-1]

    yield begin
    for one in begun:
        one.stop(SOON)


def until(so, patience=SOON):
    """Returns after how many seconds it was so."""
    began = time.monotonic()
    while not so():
        assert time.monotonic() - began < patience, repr(
            [(m.pk, m.error, m.seen_at, m.failing_since) for m in Mailbox.objects.all()]
        )
        time.sleep(0.02)
    return time.monotonic() - began


def is_read(mailbox):
    return Mailbox.objects.filter(pk=mailbox.pk, seen_at__isnull=False, failing_since=None).exists()


def is_failing(mailbox):
    return Mailbox.objects.filter(pk=mailbox.pk, failing_since__isnull=False).exists()


def cases():
    return Case.objects.count()


def test_mail_is_there_at_once_however_others_fare(mailbox_of, dovecot, at_work, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    by_tls = {"host": "localhost", "port": dovecot.tls_port, "security": Mailbox.Security.TLS}
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        dead = mailbox_of(port=deaf.getsockname()[1])
        wrong = mailbox_of(password="wrong")
        good = [mailbox_of(), mailbox_of(), mailbox_of(**by_tls)]
        at_work()
        until(lambda: all(map(is_read, good)) and is_failing(wrong))
        for number, mailbox in enumerate(good):
            dovecot.deliver(mailbox.user, letter(number))
        assert until(lambda: cases() == 3) < 2
        assert not is_read(dead)


def test_a_letter_that_comes_between_the_look_and_idle_waits_for_nothing(
    mailbox_of, dovecot, at_work, monkeypatch
):
    """The server then tells of it in one packet with its answer to IDLE."""
    mailbox, real = mailbox_of(), reader.wait_for_news

    def late(box, seconds):
        monkeypatch.setattr(reader, "wait_for_news", real)
        dovecot.deliver(mailbox.user, letter())
        real(box, seconds)

    monkeypatch.setattr(reader, "wait_for_news", late)
    at_work()
    assert until(lambda: cases() == 1) < 3


def test_where_the_server_has_no_idle_the_mailbox_is_looked_at_now_and_then(
    mailbox_of, dovecot, at_work, monkeypatch
):
    monkeypatch.setattr(reader, "POLL", 0.1)
    mailbox = mailbox_of(host=dovecot.plain_host, done_folder="Missing")  # nor can it move mail there
    at_work()
    until(lambda: is_read(mailbox))
    dovecot.deliver(mailbox.user, letter())
    until(lambda: cases() == 1 and dovecot.flags(mailbox.user) == ["\\Seen"])
    assert is_read(mailbox)


def test_a_server_that_was_away_is_read_again_and_what_came_meanwhile_too(mailbox_of, dovecot, at_work):
    mailbox = mailbox_of()
    at_work()
    until(lambda: is_read(mailbox))
    dovecot.stop()
    until(lambda: is_failing(mailbox))
    dovecot.start()
    dovecot.until_it_serves()
    dovecot.deliver(mailbox.user, letter())
    assert until(lambda: cases() == 1 and is_read(mailbox)) < SOON


def test_while_the_store_is_away_mail_waits_in_the_mailbox(mailbox_of, dovecot, at_work, monkeypatch):
    def away():
        raise StoreUnavailable

    mailbox = mailbox_of(takes_old=True)
    with monkeypatch.context() as patched:
        patched.setattr(incoming, "store", away)
        dovecot.deliver(mailbox.user, letter())
        at_work()
        until(lambda: is_failing(mailbox))
    assert Mailbox.objects.get().error == AWAY
    assert until(lambda: cases() == 1 and is_read(mailbox)) < SOON


def test_two_processes_share_the_mailboxes_and_one_takes_over_from_the_other(mailbox_of, dovecot, at_work):
    mailbox = mailbox_of()
    first = at_work()
    until(lambda: is_read(mailbox))
    second = at_work()
    time.sleep(0.3)
    assert (len(first.running), len(second.running)) == (1, 0)
    first.stop()
    until(lambda: second.running)
    dovecot.deliver(mailbox.user, letter())
    until(lambda: cases() == 1)


def test_what_administrators_change_counts_without_a_restart(mailbox_of, dovecot, at_work):
    mailbox = mailbox_of(password="wrong")
    process = at_work()
    until(lambda: is_failing(mailbox))
    mailbox.keep(password="secret")
    mailbox.save(update_fields=["sealed"])
    until(lambda: is_read(mailbox))
    Mailbox.objects.update(active=False)
    until(lambda: not process.running)
    dovecot.deliver(mailbox.user, letter())
    time.sleep(0.3)
    assert cases() == 0
    Mailbox.objects.update(active=True)
    until(lambda: cases() == 1)
    Mailbox.objects.all().delete()
    until(lambda: not process.running)


def test_they_stop_within_a_second_wherever_they_are(mailbox_of, at_work):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        mailboxes = [mailbox_of(), mailbox_of(port=deaf.getsockname()[1]), mailbox_of(password="wrong")]
        process = at_work()
        until(lambda: is_read(mailboxes[0]) and is_failing(mailboxes[2]))
        names = {f"mailbox {mailboxes[0].pk}", f"mailbox {mailboxes[2].pk}"}
        began = time.monotonic()
        process.stop()
        assert time.monotonic() - began < 1
        until(lambda: not names & {thread.name for thread in threading.enumerate()}, 1)


def test_after_the_database_was_away_they_are_read_again(mailbox_of, dovecot, at_work):
    mailbox = mailbox_of()
    at_work()
    until(lambda: is_read(mailbox))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    dovecot.deliver(mailbox.user, letter())
    assert until(lambda: cases() == 1) < SOON
