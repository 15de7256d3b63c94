"""What agents are mailed, when and as how many letters."""

from datetime import UTC, datetime, time

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, notifications, preferences, promises, reminders, triage
from cases.actions.notice_mail import MOST_LETTERS
from cases.mail_tasks import mail_notices
from cases.models import Notification, Preferences, ToMail, Way, Why
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def chosen(person, why, *ways, **hours):
    preferences.choose(by=person, ways={why: {*ways}}, zone="Europe/Berlin", **hours)


def letters(person, joined=False):
    mail.outbox.clear()
    mail_notices(person.pk, joined=joined)
    return mail.outbox


@pytest.mark.parametrize("ways", [set(), {Way.DESK}, {Way.MAIL}, {Way.DESK, Way.MAIL}])
def test_each_hears_by_the_ways_that_they_chose_and_others_as_before(case, ada, abe, adam, ways):
    for agent in (abe, adam):
        notifications.follow(case, by=agent)
    chosen(abe, Why.FOLLOWED, *ways)
    conversation.add_note(case, by=ada, body="Hm.")
    assert Notification.objects.filter(agent=abe).exists() is (Way.DESK in ways)
    assert ToMail.objects.filter(person=abe).exists() is (Way.MAIL in ways)
    assert Notification.objects.filter(agent=adam).exists()
    assert not ToMail.objects.filter(person=adam).exists()


def test_what_happened_in_a_case_is_one_letter_in_its_order(case, ada, abe, cleo):
    triage.assign(case, by=ada, assignee=abe)
    conversation.add_note(case, by=ada, body="@abe the red one")
    conversation.reply(case, by=cleo, body="Hello?")
    [letter] = letters(abe)
    said = [
        "Ada assigned the case to you.",
        "Ada mentioned you in an internal note:",
        "the red one",
        "Cleo wrote:",
    ]
    assert sorted(said, key=letter.body.index) == said
    assert "note-" in letter.extra_headers["Reply-To"]  # an answer to it is not for the customer
    assert letters(abe) == []


def test_many_cases_at_once_come_as_one_letter(ada, abe, cleo, till):
    for count in (MOST_LETTERS, MOST_LETTERS + 1):
        cases = [CaseFactory(customer=cleo, system=till) for _ in range(count)]
        for case in cases:
            triage.assign(case, by=ada, assignee=abe)
        found = letters(abe)
        assert len(found) == (count if count == MOST_LETTERS else 1)
    [letter] = found
    assert letter.subject == f"{count} things happened in {count} cases"
    assert all(f"/desk/cases/{case.number}/" in letter.body for case in cases)
    assert "Reply-To" not in letter.extra_headers


NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}


def test_in_quiet_hours_mail_waits_until_they_end_and_comes_as_one(ada, abe, cleo, till, monkeypatch):
    chosen(abe, Why.FOLLOWED, Way.DESK, **NIGHT)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 30, 22, 30, tzinfo=UTC))
    for _ in range(2):
        triage.assign(CaseFactory(customer=cleo, system=till), by=ada, assignee=abe)
        assert letters(abe) == []
    [job] = ProcrastinateJob.objects.filter(args__joined=True)
    assert job.scheduled_at == datetime(2026, 12, 1, 6, 0, tzinfo=UTC)  # seven in Berlin
    assert letters(abe, joined=True) == []  # were it too early
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 1, 6, 0, tzinfo=UTC))
    [letter] = letters(abe, joined=True)
    assert letter.subject == "2 things happened in 2 cases"
    assert Notification.objects.filter(agent=abe).count() == 2  # the desk went on


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        ((22, 7), (21, 59), None),
        ((22, 7), (22, 0), (1, 7)),
        ((22, 7), (6, 59), (0, 7)),
        ((22, 7), (7, 0), None),
        ((12, 14), (12, 0), (0, 14)),
        ((12, 14), (14, 0), None),
    ],
)
def test_quiet_hours_are_those_of_the_persons_zone(hours, at, until):
    start, end = (time(hour) for hour in hours)
    theirs = Preferences(zone="Asia/Tokyo", quiet_from=start, quiet_until=end)
    local = datetime(2026, 3, 28, *at, tzinfo=theirs.time_zone)
    expected = until and datetime(2026, 3, 28 + until[0], until[1], tzinfo=theirs.time_zone)
    assert theirs.quiet_until_after(local.astimezone(UTC)) == expected


def test_times_in_a_letter_are_the_readers(case, ada, abe, monkeypatch):
    """A promise that is due at noon in London is due at nine in the evening in Tokyo."""
    triage.assign(case, by=ada, assignee=abe)
    ToMail.objects.all().delete()
    preferences.remember_zone("Asia/Tokyo", of=abe)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    promises.promise(case, by=ada, due_at=datetime(2026, 12, 1, 12, 10, tzinfo=UTC))
    case.promises.update(next_check_at=datetime(2026, 12, 1, 12, tzinfo=UTC))
    reminders.act(case.promises.get(), at=datetime(2026, 12, 1, 12, tzinfo=UTC))
    [letter] = letters(abe)
    assert "The promised update is due by 21:10." in letter.body
