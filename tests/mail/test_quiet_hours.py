"""Quiet hours are quiet, for customers too, and what waits is told once and when it may be."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, notice_mail, preferences, profiles, push, triage
from cases.mail.sending import OVERTAKEN, forget_that_it_was_away
from cases.models import Way, Why
from cases.models.preferences import preferences_of
from cases.tasks import mail_digest, mail_notices

from .letters import do_jobs, letters

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(person, hours=5):
    now = timezone.now()
    spell = {
        "quiet_from": (now - timedelta(hours=1)).time(),
        "quiet_until": (now + timedelta(hours=hours)).time(),
    }
    preferences.choose(by=person, ways={}, zone="UTC", **spell)


def waiting(task):
    return ProcrastinateJob.objects.filter(task_name=f"cases.tasks.{task}", status="todo")


@pytest.fixture
def told(case):
    """A case whose opening has been mailed about already."""
    ProcrastinateJob.objects.all()._raw_delete("default")
    return case


def test_a_customer_is_mailed_at_their_end_and_of_all_as_one(told, cleo, ada):
    quiet(cleo)
    for body in ("Which till?", "And since when?"):
        conversation.reply(told, by=ada, body=body)
        do_jobs()
    assert mail.outbox == []
    assert min(job.scheduled_at for job in waiting("mail_event")) > timezone.now() + timedelta(hours=4)
    preferences.choose(by=cleo, ways={}, zone="UTC")
    [(_, _, body)] = letters()
    assert "Which till?" in body
    assert "And since when?" in body


def test_notices_wait_no_more_once_they_are_switched_off(told, ada, abe):
    quiet(abe)
    triage.assign(told, by=ada, assignee=abe)
    mail_notices(abe.pk)
    assert waiting("mail_notices").filter(scheduled_at__gt=timezone.now() + timedelta(hours=1)).exists()
    preferences.choose(by=abe, ways={}, zone="UTC")
    assert not waiting("mail_notices").filter(scheduled_at__gt=timezone.now() + timedelta(hours=1)).exists()


def test_what_waits_to_be_pushed_does_so_by_the_quiet_hours_that_are(told, ada, abe):
    quiet(abe)
    triage.assign(told, by=ada, assignee=abe)
    push.hand_out(abe)
    later = waiting("push_notices").filter(scheduled_at__gt=timezone.now() + timedelta(hours=1))
    assert later.exists()
    preferences.choose(by=abe, ways={}, zone="UTC")
    assert not later.exists()


def test_another_zone_of_the_profile_moves_quiet_hours_and_the_morning(told, ada, abe):
    quiet(abe)
    triage.assign(told, by=ada, assignee=abe)
    mail_notices(abe.pk)
    preferences.choose(by=abe, ways={Why.ASSIGNED: {Way.DIGEST}}, zone="UTC")
    morning = preferences_of(abe).digest_at
    quiet(abe)
    mail_notices(abe.pk)
    profiles.change(by=abe, name="Abe", chosen_zone="Asia/Tokyo", clock="24", single_keys=True)
    assert preferences_of(abe).digest_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 8
    assert preferences_of(abe).digest_at != morning
    assert not waiting("mail_notices").filter(scheduled_at__gt=timezone.now() + timedelta(hours=1)).exists()


@pytest.mark.parametrize("task", [mail_notices, mail_digest])
def test_jobs_that_send_the_same_run_one_after_the_other_however_late_they_are(task):
    late = SimpleNamespace(attempts=OVERTAKEN, lock="notices to 1", id=1)
    assert task.retry_strategy.get_retry_decision(exception=ValueError(), job=late).lock is None


def test_a_digest_does_not_tell_again_what_a_late_mail_brings_back(told, cleo, ada, monkeypatch):
    preferences.choose(by=cleo, ways={Why.OWN: {Way.MAIL, Way.DIGEST}}, zone="Europe/Berlin")

    def refuse(message):
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        conversation.reply(told, by=ada, body="Which till?")
        do_jobs()
    forget_that_it_was_away()
    notice_mail.send_digest(preferences_of(cleo))
    ProcrastinateJob.objects.filter(status="todo").update(scheduled_at=None)
    do_jobs()
    notice_mail.send_digest(preferences_of(cleo))
    assert [one.subject for one in mail.outbox if "happened in" in one.subject] == [
        "1 thing happened in 1 case"
    ]
