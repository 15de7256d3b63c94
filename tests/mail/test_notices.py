"""What agents are mailed, when and as how many letters."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, customers, notifications, preferences, promises, reminders, triage
from cases.actions.delivery_reports import heed
from cases.actions.notice_mail import MOST_LETTERS, keep_for_digest
from cases.incoming.delivery_reports import Fate
from cases.mail.notices import message_of
from cases.mail.outbound import message_about
from cases.models import Limit, Notification, Preferences, ToMail, User, Way, Why
from cases.models.preferences import preferences_of
from cases.tasks import mail_digest, mail_notices, plan_digests
from cases.wording.notices import told
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


def test_a_day_keeps_its_capital(case):
    event = case.events.first()
    passed = timezone.now() - timedelta(days=2)
    event.kind, event.details = "broken", {"due": "PROMISE", "due_at": passed.isoformat()}
    assert re.search(r"^The promised update has been overdue since [A-Z]", told(event, Why.BROKEN))


def test_the_name_of_the_case_does_not_lead_to_the_page_that_stops_mail(case, ada, abe):
    triage.assign(case, by=ada, assignee=abe)
    [letter] = letters(abe)
    [(page, _)] = letter.alternatives
    stop = re.search(r'<a href="[^"]*/unsubscribing/[^"]*"[^>]*>([^<]*)</a>', page)
    assert stop[1] == "Stop these emails, or choose what you hear about"


class TestTheDigest:
    """What one chose to read in the morning is one mail at eight where they live."""

    EVENING = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
    MORNING = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)  # eight in Berlin

    @pytest.fixture
    def at(self, monkeypatch):
        def set_clock(now):
            monkeypatch.setattr("django.utils.timezone.now", lambda: now)

        set_clock(self.EVENING)
        return set_clock

    def sent(self, person):
        """What those jobs mail that stand there by now."""
        plan_digests(0)
        mail.outbox.clear()
        for job in ProcrastinateJob.objects.filter(
            task_name="cases.tasks.mail_digest", args__person=person.pk
        ):
            if job.scheduled_at <= timezone.now():
                mail_digest(person.pk)
        return mail.outbox

    def test_comes_in_the_morning_with_what_was_chosen_for_it(self, case, ada, abe, cleo, at):
        chosen(abe, Why.FOLLOWED, Way.DIGEST)
        notifications.follow(case, by=abe)
        other = CaseFactory(customer=cleo)
        notifications.follow(other, by=abe)
        conversation.reply(case, by=ada, body="Which till?")
        conversation.add_note(other, by=ada, body="Hm.")
        assert letters(abe) == []
        assert self.sent(abe) == []
        at(self.MORNING)
        [letter] = self.sent(abe)
        assert letter.subject == "2 things happened in 2 cases"
        assert "Ada wrote:\n\nWhich till?" in letter.body
        assert "Ada noted:\n\nHm." in letter.body
        assert "/unsubscribing/" in letter.extra_headers["List-Unsubscribe"]
        assert not ToMail.objects.exists()

    def test_is_not_sent_where_nothing_happened_and_comes_again_the_day_after(self, case, ada, abe, at):
        chosen(abe, Why.FOLLOWED, Way.DIGEST)
        notifications.follow(case, by=abe)
        at(self.MORNING)
        assert self.sent(abe) == []
        conversation.add_note(case, by=ada, body="Hm.")
        assert self.sent(abe) == []
        at(self.MORNING + timedelta(days=1))
        assert len(self.sent(abe)) == 1

    def test_waits_for_the_end_of_quiet_hours(self, case, ada, abe, at):
        chosen(abe, Why.FOLLOWED, Way.DIGEST, quiet_from=time(22), quiet_until=time(9))
        notifications.follow(case, by=abe)
        conversation.add_note(case, by=ada, body="Hm.")
        at(self.MORNING)
        assert self.sent(abe) == []
        at(self.MORNING + timedelta(hours=1))
        assert len(self.sent(abe)) == 1

    def test_has_nothing_of_cases_that_they_see_no_more(self, case, ada, abe, at):
        chosen(abe, Why.FOLLOWED, Way.DIGEST)
        notifications.follow(case, by=abe)
        conversation.add_note(case, by=ada, body="Hm.")
        User.objects.filter(pk=abe.pk).update(limit=Limit.objects.create(name="Other", systems=[0]))
        at(self.MORNING)
        assert self.sent(abe) == []
        assert not ToMail.objects.exists()

    def test_says_what_has_no_place_in_it(self, case, ada, abe, at, monkeypatch):
        monkeypatch.setattr("cases.actions.notice_mail.MOST", 2)
        chosen(abe, Why.FOLLOWED, Way.DIGEST)
        notifications.follow(case, by=abe)
        for number in range(5):
            conversation.add_note(case, by=ada, body=f"Note {number}.")
        at(self.MORNING)
        [letter] = self.sent(abe)
        assert letter.subject == "5 things happened in 1 case"
        assert "3 more updates don’t fit here" in letter.body
        assert not ToMail.objects.exists()

    def test_is_switched_off_as_a_whole_by_one_click(self, abe, ada, case, at):
        both = [Why.FOLLOWED, Why.ASSIGNED]
        preferences.choose(by=abe, ways={why: {Way.DIGEST} for why in both}, zone="UTC")
        preferences.switch_off(Way.DIGEST, of=both, by=abe)
        assert Preferences.objects.get(person=abe).digest_at is None
        triage.assign(case, by=ada, assignee=abe)
        assert not ToMail.objects.exists()

    def test_has_a_customers_answers_where_they_chose_so(self, case, ada, cleo, at):
        chosen(cleo, Why.OWN, Way.DIGEST)
        said = conversation.reply(case, by=ada, body="Which till?")
        conversation.add_note(case, by=ada, body="A secret of ours.")
        keep_for_digest([said])
        keep_for_digest([said])  # by a job that is tried again
        assert message_about(said) is None
        at(self.MORNING)
        [letter] = self.sent(cleo)
        assert letter.to == [cleo.email]
        assert "Ada wrote:\n\nWhich till?" in letter.body
        assert "secret" not in letter.body
        assert f"/cases/{case.number}/#event-{said.public_sequence}" in letter.body
        assert "/desk/" not in letter.body

    def test_has_no_case_of_a_customer_that_became_anothers(self, case, ada, cleo, mallory, at):
        chosen(cleo, Why.OWN, Way.DIGEST)
        keep_for_digest([conversation.reply(case, by=ada, body="Which till?")])
        customers.move(case, by=ada, to=mallory)
        at(self.MORNING)
        assert self.sent(cleo) == []


def test_nobody_guesses_the_message_id_of_a_digest(case, cleo, ada):
    chosen(cleo, Why.OWN, Way.DIGEST)
    event = conversation.reply(case, by=ada, body="Which till?")
    keep_for_digest([event])
    mail_digest(cleo.pk)
    assert heed(Fate.BOUNCED, [f"<digest-{cleo.pk}-{event.pk}@{settings.MAIL_DOMAIN}>"]) == []


def test_an_answer_to_the_notice_of_what_is_internal_is_not_for_the_customer(case, ada, abe):
    note = conversation.add_note(case, by=ada, body="From the vendor.")
    [public, internal] = [
        message_of(preferences_of(abe), [ToMail(person=abe, event=event, why=Why.REPLIED)])
        for event in (case.events.get(sequence=2), note)
    ]
    assert "case-" in public.extra_headers["Reply-To"]
    assert "note-" in internal.extra_headers["Reply-To"]
