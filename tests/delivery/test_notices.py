"""What agents are told of by mail is told once too, whoever is killed while something new happens."""

import pytest
from django.core import mail

from cases.actions import conversation, deliveries, notice_mail
from cases.models.preferences import preferences_of
from tests.mail.letters import do_jobs

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Nothing that comes after it is done."""


@pytest.fixture
def note(quiet, ada, abe):
    return lambda body: conversation.add_note(quiet, by=ada, body=f"@abe {body}")


def told(agent):
    notice_mail.send(preferences_of(agent))


def words():
    return [
        (message.extra_headers["Message-ID"], [word for word in ("First", "Second") if word in message.body])
        for message in mail.outbox
    ]


def test_who_is_killed_after_the_mail_server_took_it_tells_it_again_by_itself(note, abe, monkeypatch):
    send = deliveries.send

    def killed(message):
        send(message)
        raise Killed

    note("First")
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "send", killed)
        with pytest.raises(Killed):
            told(abe)
    note("Second")
    told(abe)
    (first, said), (again, same), (other, new) = words()
    assert (said, same, new) == (["First"], ["First"], ["Second"])
    assert first == again != other


def test_who_is_killed_after_that_was_written_down_tells_it_no_more(note, abe, monkeypatch):
    deliver = deliveries.deliver

    def killed(*arguments, **options):
        deliver(*arguments, **options)
        raise Killed

    note("First")
    with monkeypatch.context() as patch:
        patch.setattr(notice_mail, "deliver", killed)
        with pytest.raises(Killed):
            told(abe)
    note("Second")
    told(abe)
    assert [said for _, said in words()] == [["First"], ["Second"]]


@pytest.mark.django_db(transaction=True)
def test_each_notice_stands_on_its_event(note, quiet, abe):
    event = note("First")
    do_jobs()
    assert event.deliveries.get(address=abe.email).state == "sent"
