"""What is held or could not be read is kept whole, until it is rescued, deleted or long past."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

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
    assert "This email could not be read." in page.text
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


def test_what_made_nothing_is_thrown_away_after_a_while_and_what_could_not_be_read_stays():
    receive(letter(Auto_Submitted="auto-replied", Message_ID="<1@x.example>"))
    unreadable = receive(b"no headers at all").mail
    opened = receive(letter(Message_ID="<2@x.example>")).mail
    held_mail.sweep(timezone.now() + held_mail.KEPT - timedelta(days=1))
    assert ReceivedMail.objects.count() == 3
    held_mail.sweep(timezone.now() + held_mail.KEPT + timedelta(days=1))
    assert set(ReceivedMail.objects.all()) == {unreadable, opened}
