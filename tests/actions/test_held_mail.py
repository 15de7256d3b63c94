"""What is held or could not be read is kept whole, until it is rescued, deleted or long past."""

import pytest
from django.urls import reverse

from cases.actions import held_mail, incoming
from cases.models import Outcome, ReceivedMail
from tests.factories import SystemFactory, TeamFactory

from .test_incoming import letter, receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


@pytest.mark.parametrize("step", ["say", "place_of"])
def test_rescuing_what_still_cannot_be_read_says_so(ada, browser_of, monkeypatch, step):
    monkeypatch.setattr(incoming, step, lambda *args, **options: 1 / 0)
    mail = receive(letter()).mail
    page = browser_of(ada).post(reverse("mail_rescue", args=[mail.key]), follow=True)
    assert page.status_code == 200
    assert "This mail could not be read." in page.text
    assert ReceivedMail.objects.to_look_at().get().outcome == Outcome.UNREADABLE
    monkeypatch.undo()
    assert held_mail.rescue(mail, by=ada).outcome == Outcome.OPENED


def test_rescuing_what_breaks_its_reader_says_so_too(ada, monkeypatch):
    mail = receive(b"no headers at all").mail
    monkeypatch.setattr(held_mail, "read", lambda raw: 1 / 0)
    assert held_mail.rescue(mail, by=ada).outcome == Outcome.UNREADABLE
    assert ReceivedMail.objects.to_look_at().get() == mail


def test_what_is_rescued_keeps_the_system_and_team_of_its_mailbox(ada):
    system, team = SystemFactory(name="Scales"), TeamFactory(name="Weighing")
    held_mail.block("nora@example.net", by=ada)
    got = incoming.receive(letter(), trusted="", system=system, team=team)
    case = held_mail.rescue(got.mail, by=ada).mail.case
    assert (case.system, case.team) == (system, team)
