"""What the mail server answers is a state of the mail: sent, tried again, or refused."""

import socket
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation
from cases.mail.sending import forget_that_it_was_away
from cases.models import Delivery, User
from cases.queries.deliveries import trouble_with
from cases.tasks import mail_text
from tests.mail.letters import do_jobs

from .smtp import says

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reply(server, quiet, ada):
    return conversation.reply(quiet, by=ada, body="Which till?")


def again():
    """The time of all that waits has come."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE queue_name = 'mail'")
    forget_that_it_was_away()
    do_jobs()


def waiting():
    return ProcrastinateJob.objects.filter(queue_name="mail", status="todo").count()


def states():
    return list(Delivery.objects.order_by("pk").values_list("address", "state", "reason"))


def test_a_mail_is_sent_once_and_stands_on_its_event(server, reply, cleo):
    do_jobs()
    [delivery] = reply.deliveries.all()
    assert (delivery.state, delivery.address) == ("sent", cleo.email)
    assert server.ids == [delivery.message_id]
    again()
    assert len(server.ids) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_what_is_refused_for_now_is_tried_again(server, reply, cleo, step):
    server.at[step] = says("452 4.2.2 Over quota")
    do_jobs()
    assert states() == [(cleo.email, "deferred", "mailbox full")]
    [job] = ProcrastinateJob.objects.filter(queue_name="mail")
    assert timedelta() < job.scheduled_at - timezone.now() < timedelta(seconds=15)
    del server.at[step]
    again()
    assert states() == [(cleo.email, "sent", "")]
    assert (len(server.ids), waiting()) == (1, 0)


@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [
        ("RCPT", "550 5.1.1 No such user here", "mailbox unknown"),
        ("RCPT", "550 Whoever that is", "mailbox unknown"),
        ("RCPT", "556 5.1.10 Null MX", "the domain takes no email"),
        ("DATA", "554 5.7.1 We do not like it", "its mail server refused it by its rules"),
    ],
)
def test_what_is_refused_for_good_is_a_state_and_not_tried_again(server, reply, cleo, step, answer, reason):
    server.at[step] = says(answer)
    do_jobs()
    assert states() == [(cleo.email, "refused", reason)]
    assert Delivery.objects.get().answer == answer
    assert (server.ids, waiting()) == ([], 0)


def test_a_mail_server_that_takes_no_mail_from_us_is_tried_again(server, reply):
    server.at["MAIL"] = says("550 5.7.1 Not from you")
    do_jobs()
    assert waiting() == 1
    assert Delivery.objects.get().answer == "550 5.7.1 Not from you"


def test_a_mail_server_that_is_down_loses_nothing_floods_nobody_and_is_asked_once(server, quiet, ada, caplog):
    """Each of these mails goes to a person of its own, and would be tried by itself."""
    server.shut()
    for number in range(20):
        mail_text.defer(to=f"{number}@example.com", subject="Hello", body="Hello")
    do_jobs()
    assert waiting() == 20
    assert [record.message[:35] for record in caplog.records if record.name == "cases.mail.sending"] == [
        "The mail server can’t be reached; e"
    ]
    server.open()
    again()
    assert sorted(server.tried) == sorted(f"{number}@example.com" for number in range(20))
    assert len(server.ids) == 20
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_mail_server_that_hangs_holds_up_only_who_asks_it_first(settings, quiet, ada):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = {"host": "127.0.0.1", "port": silent.getsockname()[1], "timeout": 0.5}
        settings.MAILERS = {
            "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
        }
        for number in range(20):
            mail_text.defer(to=f"{number}@example.com", subject="Hello", body="Hello")
        do_jobs()
        assert waiting() == 20
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):  # no second one asked it
            silent.accept()


def test_after_five_days_of_trying_it_is_given_up(server, reply, cleo):
    server.at["RCPT"] = says("452 4.2.2 Over quota")
    do_jobs()
    Delivery.objects.update(asked_at=timezone.now() - timedelta(days=5, minutes=1))
    again()
    assert states() == [(cleo.email, "refused", "mailbox full for days")]
    assert waiting() == 0


def test_what_our_own_mail_server_did_not_take_for_five_days_is_not_the_fault_of_the_address(
    server, reply, cleo
):
    server.shut()
    do_jobs()
    Delivery.objects.update(asked_at=timezone.now() - timedelta(days=5, minutes=1))
    again()
    server.open()
    assert states() == [(cleo.email, "expired", "our mail server cannot be reached for days")]
    assert (waiting(), trouble_with(cleo.email)) == (0, None)


def test_it_is_tried_soon_then_ever_more_seldom_and_holds_others_back_for_less_than_an_hour(
    server, reply, quiet, ada
):
    server.at["DATA"] = says("451 4.7.0 Not this one")
    waits = []
    for number in range(9):
        again()
        if not number:
            conversation.reply(quiet, by=ada, body="The second.")
        late = ProcrastinateJob.objects.get(args__event=reply.pk)
        waits.append((late.scheduled_at - timezone.now()).total_seconds())
    assert waits == sorted(waits)
    assert waits[-1] < 34 * 60
    assert timedelta(minutes=20) < timedelta(seconds=sum(waits)) < timedelta(hours=2)
    assert len(server.tried) == 10  # the last of them of the second


def test_the_code_of_a_sign_in_goes_before_all_that_waits(server, quiet, ada, visitor):
    conversation.reply(quiet, by=ada, body="Which till?")
    visitor.post("/accounts/login/code/", {"email": ada.email})
    do_jobs()
    assert server.tried == [ada.email, quiet.customer.email]


def test_the_code_of_a_sign_in_is_not_sent_when_it_is_of_no_use(server, ada, visitor):
    server.shut()
    visitor.post("/accounts/login/code/", {"email": ada.email})
    do_jobs()
    job = ProcrastinateJob.objects.get(task_name="cases.tasks.mail_text")
    assert timedelta() < datetime.fromisoformat(job.args["until"]) - timezone.now() < timedelta(minutes=15)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET args = args || jsonb_build_object('until', now()) WHERE id = %s",
            [job.pk],
        )
    server.open()
    again()
    assert (server.tried, waiting()) == ([], 0)
    assert states() == [(ada.email, "expired", "it was of no use any more")]


def test_who_has_another_address_by_the_next_try_gets_it_there(server, reply, cleo):
    server.at["RCPT"] = says("451 4.4.4 No such domain, for now")
    do_jobs()
    User.objects.filter(pk=cleo.pk).update(email="cleo@elsewhere.example")
    del server.at["RCPT"]
    again()
    assert states() == [("cleo@elsewhere.example", "sent", "")]


def test_an_address_that_is_none_is_refused(server):
    mail_text.defer(to="no address", subject="Hello", body="Hello")
    do_jobs()
    assert server.tried == []
    assert states() == [("no address", "refused", "not an address")]


def test_one_mail_of_several_events_stands_on_each_of_them(server, reply, quiet, ada):
    second = conversation.reply(quiet, by=ada, body="The second.")
    do_jobs()
    assert len(server.ids) == 1
    rows = [event.deliveries.get() for event in (reply, second)]
    assert [(row.state, row.message_id) for row in rows] == [("sent", server.ids[0])] * 2
