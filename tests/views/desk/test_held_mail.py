"""Mail of blocked senders and junk is held, where an agent rescues it; what could not be read is listed beside it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import held_mail, incoming
from cases.models import BlockedSender, Case, Kind, Limit, Outcome, ReceivedMail, User
from tests.actions.test_incoming import answer, asked, letter, receive

pytestmark = pytest.mark.django_db
MX = "mx.example.net"
JUNK = {"X_Spam_Flag": "YES"}


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def test_junk_is_held_and_opens_a_case_once_it_is_rescued(desk, ada):
    received = receive(letter(**JUNK), MX)
    assert (received.outcome, received.mail.held, Case.objects.count()) == (Outcome.IGNORED, True, 0)
    page = desk.get(reverse("mail_held")).text
    assert "The till" in page
    assert "calls it junk" in page
    desk.post(reverse("mail_rescue", args=[received.mail.key]))
    case = Case.objects.get()
    assert (case.summary, case.claimed_email, case.unproven) == ("The till", "nora@example.net", True)
    assert "The till" not in desk.get(reverse("mail_held")).text
    desk.post(reverse("mail_rescue", args=[received.mail.key]))
    assert Case.objects.count() == 1


def test_only_the_word_of_a_trusted_server_makes_junk():
    assert receive(letter(**JUNK)).outcome == Outcome.OPENED
    assert receive(letter(Message_ID="<2@x.example>", X_Spam_Flag="NO"), MX).outcome == Outcome.OPENED


def test_what_answers_our_mail_is_no_junk(case, cleo):
    assert receive(answer(asked(case), cleo.email, **JUNK), MX).mail.event.kind == Kind.REPLY


def test_a_blocked_senders_mail_is_held_be_it_an_answer_until_it_is_unblocked(case, cleo, desk):
    desk.post(reverse("mail_senders"), {"address": cleo.email.upper()})
    held = receive(answer(asked(case), cleo.email)).mail
    assert (held.held, held.case) == (True, None)
    assert cleo.email in desk.get(reverse("mail_held")).text
    desk.post(reverse("mail_rescue", args=[held.key]))
    held.refresh_from_db()
    assert (held.case, held.event.kind, held.event.author) == (case, Kind.REPLY, cleo)
    desk.post(reverse("mail_senders"), {"address": cleo.email, "blocked": "no"})
    assert receive(answer(asked(case), cleo.email, "Again.")).outcome == Outcome.CONTINUED


def test_nobody_who_works_here_is_blocked(desk, abe):
    page = desk.post(reverse("mail_senders"), {"address": abe.email})
    assert page.status_code == 422
    assert "is ours" in page.text
    assert not BlockedSender.objects.exists()


def test_what_could_not_be_read_is_listed_with_its_original(desk, monkeypatch):
    monkeypatch.setattr(incoming, "say", None)
    mail = receive(letter()).mail
    assert mail.outcome == Outcome.UNREADABLE
    assert reverse("mail_original", args=[mail.key]) in desk.get(reverse("mail_held")).text
    monkeypatch.undo()
    desk.post(reverse("mail_rescue", args=[mail.key]))
    assert Case.objects.get().summary == "The till"


def test_a_limited_agent_sees_none_and_rescues_none(ada, browser_of):
    mail = receive(letter(**JUNK), MX).mail
    User.objects.filter(pk=ada.pk).update(limit=Limit.objects.create(name="A part", systems=[1]))
    browser = browser_of(ada)
    assert browser.get(reverse("mail_held")).status_code == 403
    assert browser.post(reverse("mail_rescue", args=[mail.key])).status_code == 403
    assert "Held mail" not in browser.get(reverse("queue")).text


def test_held_mail_is_deleted_by_hand_or_after_a_while_and_the_mail_of_a_case_is_not(desk):
    first, second = (
        receive(letter(**JUNK), MX).mail,
        receive(letter(Message_ID="<2@x.example>", **JUNK), MX).mail,
    )
    opened = receive(letter(Message_ID="<3@x.example>")).mail
    desk.post(reverse("mail_deletion", args=[first.key]))
    desk.post(reverse("mail_deletion", args=[opened.key]))
    assert set(ReceivedMail.objects.all()) == {second, opened}
    held_mail.sweep(timezone.now() + held_mail.KEPT + timedelta(days=1))
    assert set(ReceivedMail.objects.all()) == {opened}
