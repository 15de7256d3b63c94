"""Mail of a real mailbox comes in: what is new, once, and nothing in the mailbox is lost."""

import pytest

from cases.mailboxes.connection import opened
from cases.mailboxes.reading import begin, take_in
from cases.models import Case, Kind, Mailbox, ReceivedMail
from tests.factories import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


def letter(number=1, subject="The till", body="It is broken."):
    top = f"From: Nora{number} <nora{number}@example.net>\r\nMessage-ID: <{number}@example.net>\r\n"
    return f"{top}Subject: {subject} {number}\r\n\r\n{body}\r\n".encode()


def look(mailbox):
    """One look into it, as a reader takes many. Returns how many letters were taken in."""
    with opened(mailbox) as folder:
        begin(folder, mailbox)
        return sum(take_in(folder, mailbox))


def subjects():
    return sorted(case.summary for case in Case.objects.all())


def test_what_comes_becomes_cases_once_and_is_marked_as_read(mailbox_of, dovecot):
    mailbox = mailbox_of()
    assert look(mailbox) == 0
    dovecot.deliver(mailbox.user, letter(1), letter(2))
    assert look(mailbox) == 2
    assert look(Mailbox.objects.get()) == 0
    assert subjects() == ["The till 1", "The till 2"]
    assert dovecot.flags(mailbox.user) == ["\\Seen", "\\Seen"]


def test_what_lay_there_before_is_left_alone_or_taken_in_as_is_said(mailbox_of, dovecot):
    leaves, takes = mailbox_of(), mailbox_of(takes_old=True)
    for number, mailbox in enumerate((leaves, takes)):
        dovecot.deliver(mailbox.user, letter(10 + number))
        look(mailbox)
    assert subjects() == ["The till 11"]
    assert dovecot.flags(leaves.user) == [""]


def test_what_people_read_or_mark_there_is_taken_in_all_the_same(mailbox_of, dovecot):
    mailbox = mailbox_of()
    look(mailbox)
    dovecot.deliver(mailbox.user, letter(1), letter(2))
    client = dovecot.client(mailbox.user)
    client.select()
    client.store("1", "+FLAGS", "\\Seen")
    client.store("2", "+FLAGS", "\\Deleted")
    assert look(mailbox) == 2
    client.logout()
    assert dovecot.flags(mailbox.user) == ["\\Seen", "\\Deleted \\Seen"]


def test_what_was_read_is_moved_where_that_is_said(mailbox_of, dovecot):
    mailbox = mailbox_of(done_folder="Gelesen für Ä")
    client = dovecot.client(mailbox.user)
    client.create('"Gelesen f&APw-r &AMQ-"')
    client.logout()
    look(mailbox)
    dovecot.deliver(mailbox.user, letter())
    assert look(mailbox) == 1
    assert dovecot.flags(mailbox.user) == []
    assert dovecot.flags(mailbox.user, '"Gelesen f&APw-r &AMQ-"') == [""]


def test_a_case_has_the_system_and_the_team_of_its_mailbox(mailbox_of, dovecot, team):
    shop = SystemFactory(name="Shop")
    mailbox = mailbox_of(system=shop, team=team)
    look(mailbox)
    dovecot.deliver(mailbox.user, letter())
    look(mailbox)
    case = Case.objects.get()
    assert (case.system, case.team) == (shop, team)
    assert case.events.get(kind=Kind.OPENED).details == {"team": team.name}


def test_a_mailbox_whose_letters_were_numbered_anew_loses_none(mailbox_of, dovecot):
    mailbox = mailbox_of()
    look(mailbox)
    dovecot.deliver(mailbox.user, letter(1))
    look(mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=1, uid=500)
    mailbox.refresh_from_db()
    dovecot.deliver(mailbox.user, letter(2))
    look(mailbox)
    assert subjects() == ["The till 1", "The till 2"]
    assert Mailbox.objects.get().uid < 500


def test_the_trusted_server_of_a_mailbox_proves_senders(mailbox_of, dovecot, cleo):
    cleo.keep_address(verified=True)
    mailbox = mailbox_of(trusted="mx.example.net", takes_old=True)
    verdict = b"Authentication-Results: mx.example.net; dmarc=pass\r\n"
    dovecot.deliver(mailbox.user, verdict + f"From: {cleo.email}\r\nSubject: x\r\n\r\nHello\r\n".encode())
    look(mailbox)
    assert Case.objects.get().customer == cleo


def test_many_letters_come_in_their_order_and_large_ones_whole(mailbox_of, dovecot):
    mailbox = mailbox_of(takes_old=True)
    large = letter(8, body="x" * 3_000_000)
    dovecot.deliver(mailbox.user, *(letter(number) for number in range(8)), large, letter(9))
    assert look(mailbox) == 10
    assert [mail.message_id for mail in ReceivedMail.objects.order_by("pk")] == [
        f"{number}@example.net" for number in range(10)
    ]
    assert ReceivedMail.objects.get(message_id="8@example.net").size == len(large)
