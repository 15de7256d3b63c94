"""What happens in a case within a minute is one mail, and each event is in exactly one."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import accounts, conversation, copies, requests, resolution
from cases.actions.conversation import ReplyTerms
from cases.mail.sending import forget_that_it_was_away
from cases.mail.together import take_what_waits
from cases.models import Delivery
from cases.models.promise import PromiseTerms
from cases.wording.times import exact
from tests.factories import CaseFactory

from .letters import do_jobs, letters

pytestmark = pytest.mark.django_db(transaction=True)


def wait():
    """In seconds, until the first mail that waits."""
    job = ProcrastinateJob.objects.filter(queue_name="mail", status="todo").earliest("id")
    return (job.scheduled_at - timezone.now()).total_seconds() if job.scheduled_at else 0


def test_what_an_agent_does_within_a_minute_is_one_mail_with_all_its_words_in_their_order(quiet, ada):
    at = timezone.now() + timedelta(hours=1)
    terms = ReplyTerms(promises=[PromiseTerms(at, "in an hour")], asks=["a photo"])
    conversation.reply(quiet, by=ada, body="More in an hour.", terms=terms)
    requests.ask(quiet, by=ada, what="the password", secret=True)
    conversation.reply(quiet, by=ada, body="And do not restart it.", terms=ReplyTerms(keeps=[]))
    [(_, _, body)] = letters()
    parts = [
        "Ada wrote:\n\nMore in an hour.\n\n",
        "Ada needs the password. Please give it on the page, where it’s sealed, not by email.\n\n",
        "Ada wrote:\n\nAnd do not restart it.\n\n",
        f"Next update by {exact(at)}.\n\n",
        "We need a photo and the password.",
        "Please give it on the case page:\nhttp",
    ]
    assert [body.count(part) for part in parts] == [1] * len(parts)
    assert sorted(parts, key=body.index) == parts


def test_a_promise_that_is_kept_within_the_minute_is_not_said_to_be_next(quiet, ada):
    at = timezone.now() + timedelta(hours=1)
    conversation.reply(
        quiet, by=ada, body="In an hour.", terms=ReplyTerms(promises=[PromiseTerms(at, "in an hour")])
    )
    promise = quiet.promises.get()
    conversation.reply(quiet, by=ada, body="Here.", terms=ReplyTerms(promises=[], keeps=[promise.pk]))
    [(_, _, body)] = letters()
    assert "In an hour." in body
    assert "Next update" not in body


def test_a_mail_asks_whether_it_is_fixed_only_while_that_is_open(quiet, ada, cleo):
    resolution.resolve(quiet, by=ada, resolution="Swapped it.")
    resolution.reopen(quiet, by=ada, body="Not yet, sorry.")
    [(_, _, body)] = letters()
    assert body.index("Swapped it.") < body.index("Not yet, sorry.")
    assert "Did this fix it?" not in body


def test_who_reported_hears_at_once_and_of_the_rest_within_the_minute(case, ada):
    assert wait() <= 0
    do_jobs()
    conversation.reply(case, by=ada, body="Hello.")
    assert 30 < wait() < 55


def test_each_case_and_person_has_a_mail_of_its_own(quiet, ada, cleo):
    for one in (quiet, CaseFactory(customer=cleo, by=ada)):
        conversation.reply(one, by=ada, body=f"About {one.pk}.")
    assert len(letters()) == 2


class Sending:
    """A mail server that is away once, or takes long."""

    def __init__(self, monkeypatch, first):
        self.tried, send = [], EmailMessage.send

        def sending(message):
            self.tried.append(
                (message.extra_headers["Message-ID"], re.findall(r"\b[A-Z]\.$", message.body, re.M))
            )
            if len(self.tried) == 1:
                first()
            return send(message)

        monkeypatch.setattr(EmailMessage, "send", sending)


def again():
    forget_that_it_was_away()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    do_jobs()


def test_a_mail_that_is_tried_again_says_the_same_and_what_came_since_is_another(quiet, ada, monkeypatch):
    def fail():
        conversation.reply(quiet, by=ada, body="C.")
        raise ConnectionRefusedError

    sending = Sending(monkeypatch, fail)
    for body in ("A.", "B."):
        conversation.reply(quiet, by=ada, body=body)
    do_jobs()
    assert mail.outbox == []
    again()
    (first, said), (second, same), (third, rest) = sending.tried
    assert (said, same, rest) == (["A.", "B."], ["A.", "B."], ["C."])
    assert first == second != third


def test_what_comes_while_it_is_sent_is_another_mail(quiet, ada, monkeypatch):
    sending = Sending(monkeypatch, lambda: conversation.reply(quiet, by=ada, body="B."))
    conversation.reply(quiet, by=ada, body="A.")
    do_jobs()
    again()
    assert [said for _, said in sending.tried] == [["A."], ["B."]]


def test_whoever_is_killed_after_taking_what_waits_has_lost_nothing(quiet, ada):
    for body in ("A.", "B."):
        conversation.reply(quiet, by=ada, body=body)
    job, _ = app.job_manager.list_jobs(queue="mail")
    assert take_what_waits(job) == [quiet.events.latest("sequence").pk]
    [(_, _, body)] = letters()
    assert "A.\n" in body
    assert "B.\n" in body


def test_people_in_copy_have_one_mail_too_without_what_they_said_themselves(quiet, ada, cleo):
    for address in ("bert@elsewhere.example", "dora@elsewhere.example"):
        copies.add(quiet, by=cleo, address=address)
    bert = accounts.customer_for("bert@elsewhere.example")
    conversation.reply(quiet, by=ada, body="One.")
    assert 30 < wait() < 55
    conversation.reply(quiet, by=bert, body="It is the left till.")
    conversation.reply(quiet, by=ada, body="Two.")
    resolution.resolve(quiet, by=ada, resolution="Swapped it.")
    bodies = {to: body for [to], _, body in letters() if to != cleo.email}
    assert len(mail.outbox) == 3
    words = ["One.", "It is the left till.", "Two.", "Swapped it."]
    for to, said in {"dora": words, "bert": [words[0], *words[2:]]}.items():
        body = bodies[f"{to}@elsewhere.example"]
        assert sorted(said, key=body.index) == said
        assert [body.count(one) for one in words] == [int(one in said) for one in words]
    told = Delivery.objects.filter(address="bert@elsewhere.example").values_list("event__body", flat=True)
    assert sorted(told) == ["One.", "Swapped it.", "Two."]
