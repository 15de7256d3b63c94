"""Mail is asked for in the transaction of the change and sent by a job, once."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from cases.actions import (
    attachments,
    claims,
    conversation,
    notifications,
    preferences,
    requests,
    resolution,
    triage,
)
from cases.actions.conversation import ReplyTerms
from cases.mail.sending import forget_that_it_was_away
from cases.models import Case, Guest, ReceivedMail, User, Why
from cases.models.promise import PromiseTerms
from cases.tasks import keep_time, retry_stalled
from cases.wording.times import exact
from tests.factories import CaseFactory, upload

from .letters import do_jobs, letters

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_report_is_acknowledged_with_the_way_to_its_page(case, cleo):
    [(to, subject, body)] = letters()
    assert to == [cleo.email]
    assert subject == f"[#{case.number}] {case.summary}"
    assert f"http://127.0.0.1:8000/cases/{case.number}/" in body


def test_an_agents_reply_goes_to_the_customer(quiet, ada, cleo):
    conversation.reply(quiet, by=ada, body="Which reader & which till?")
    [(to, _, body)] = letters()
    assert to == [cleo.email]
    assert "Which reader & which till?" in body
    assert "Ada wrote" in body


def test_a_reply_that_promises_says_by_when_the_next_one_comes(quiet, ada):
    at = timezone.now() + timedelta(hours=1)
    conversation.reply(
        quiet, by=ada, body="More soon.", terms=ReplyTerms(promises=[PromiseTerms(at, "soon")])
    )
    do_jobs()
    conversation.reply(quiet, by=ada, body="Here it is.", terms=ReplyTerms(promises=[]))
    promising, keeping = (body for _, _, body in letters())
    assert f"Next update by {exact(at)}." in promising
    assert "Next update" not in keeping


def test_a_customers_reply_goes_to_the_agent_who_has_the_case(quiet, ada, cleo):
    triage.assign(quiet, by=ada, assignee=ada)
    conversation.reply(quiet, by=cleo, body="The one at the door.")
    [(to, _, body)] = letters()
    assert to == [ada.email]
    assert f"/desk/cases/{quiet.number}/" in body


def test_a_resolution_asks_whether_it_helped(quiet, ada):
    resolution.resolve(quiet, by=ada, resolution="Swapped it.")
    [(_, _, body)] = letters()
    assert "Swapped it." in body
    assert "Did this fix it?" in body


def test_what_is_internal_is_never_mailed_to_customers(quiet, ada, abe):
    conversation.add_note(quiet, by=ada, body="Secret.")
    triage.set_priority(quiet, by=ada, priority=1)
    triage.assign(quiet, by=ada, assignee=abe)
    [(to, _, body)] = letters()
    assert to == [abe.email]
    assert "Ada assigned the case to you." in body


def test_who_is_mentioned_gets_the_note_and_followers_get_no_mail(quiet, ada, abe, adam):
    notifications.follow(quiet, by=adam)
    conversation.add_note(quiet, by=ada, body="@abe <look> & @ada, @nobody")
    [(to, subject, body)] = letters()
    assert to == [abe.email]
    assert subject == f"[#{quiet.number}] {quiet.summary}"
    assert "Ada mentioned you in an internal note" in body
    assert "@abe <look> & @ada, @nobody" in body
    assert f"/desk/cases/{quiet.number}/#event-3" in body


def test_everybody_mentioned_gets_a_letter_of_their_own(quiet, ada, abe, adam):
    conversation.add_note(quiet, by=ada, body="@abe @adam")
    assert sorted(to for to, _, _ in letters()) == [[abe.email], [adam.email]]
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 2


def test_who_left_the_desk_before_the_letter_was_sent_gets_none(quiet, ada, abe):
    conversation.add_note(quiet, by=ada, body="@abe")
    User.objects.filter(pk=abe.pk).update(is_active=False)
    assert letters() == []


def test_a_change_that_is_rolled_back_mails_nobody(quiet, ada):
    with transaction.atomic():
        conversation.reply(quiet, by=ada, body="Never said.")
        transaction.set_rollback(True)
    assert letters() == []


def test_a_case_without_an_address_mails_nobody(quiet, ada):
    quiet.customer = None
    quiet.save()
    conversation.reply(quiet, by=ada, body="Hello?")
    assert letters() == []


def test_somebody_deactivated_is_not_mailed(quiet, ada, cleo):
    cleo.is_active = False
    cleo.save()
    conversation.reply(quiet, by=ada, body="Hello?")
    assert letters() == []


LEFT = [{"role": User.Role.CUSTOMER}, {"is_active": False}]


@pytest.mark.parametrize("change", LEFT, ids=["a customer now", "deactivated"])
@pytest.mark.parametrize("when", ["before the reply", "before the letter"])
def test_an_agent_who_left_the_desk_is_not_mailed_what_customers_say(quiet, ada, cleo, change, when):
    triage.assign(quiet, by=ada, assignee=ada)
    if when == "before the reply":
        User.objects.filter(pk=ada.pk).update(**change)
    conversation.reply(quiet, by=cleo, body="My password is hunter2.")
    asked = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_notices").exists()
    assert asked is (when == "before the letter")
    User.objects.filter(pk=ada.pk).update(**change)
    assert letters() == []


def test_a_customer_deactivated_before_the_letter_was_sent_gets_none(quiet, ada, cleo):
    conversation.reply(quiet, by=ada, body="Hello?")
    User.objects.filter(pk=cleo.pk).update(is_active=False)
    assert letters() == []


def test_a_customer_who_wants_no_mail_of_their_cases_gets_none(quiet, ada, cleo):
    preferences.choose(by=cleo, ways={Why.OWN: set()}, zone="UTC")
    conversation.reply(quiet, by=ada, body="Hello?")
    assert letters() == []


class TestInTurn:
    def waiting(self):
        jobs = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_event", status="todo").order_by(
            "id"
        )
        return {job.args["event"]: job.lock for job in jobs}

    def test_mails_of_a_case_to_one_person_wait_for_each_other(self, quiet, ada, abe, cleo, case):
        first, second = (conversation.reply(quiet, by=ada, body=body) for body in ("One.", "Two."))
        elsewhere = conversation.reply(CaseFactory(customer=cleo), by=ada, body="Three.")
        locks = self.waiting()
        assert locks[first.pk] == locks[second.pk] != locks[elsewhere.pk]

    def test_a_mail_that_must_be_tried_again_is_not_overtaken(self, quiet, ada, monkeypatch):
        sent, send = [], EmailMessage.send

        def fails_once(message):
            if not sent:
                sent.append("failed")
                raise ConnectionRefusedError
            sent.append(message.body)
            return send(message)

        monkeypatch.setattr(EmailMessage, "send", fails_once)
        conversation.reply(quiet, by=ada, body="First.")
        do_jobs()
        conversation.reply(quiet, by=ada, body="Second.")
        do_jobs()
        assert sent == ["failed"]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
        forget_that_it_was_away()
        do_jobs()
        assert ["First." in sent[1], "Second." in sent[2]] == [True, True]


def test_a_summary_with_a_line_break_cannot_forge_a_header(cleo, till):
    CaseFactory(customer=cleo, system=till, summary="Hello\nBcc: everyone@example.com")
    [(to, subject, _)] = letters()
    assert to == [cleo.email]
    assert "\n" not in subject


class TestToAnAddressThatIsNotConfirmed:
    def test_goes_to_it_and_names_nobody(self, claimed, cleo):
        cleo.name = "Cleopatra Philopator"
        cleo.save()
        [(to, _, body)] = letters()
        assert to == [cleo.email]
        assert "Cleopatra" not in body
        assert "Hello there," in body
        assert (
            "If it was you, sign in there with this address to read it all and get updates by email. If it wasn’t you, tell us there or ignore this email: nobody gets access to anything of yours."
            in body
        )

    def test_has_none_of_the_strangers_words_nor_ours_that_may_quote_them(self, claimed, ada):
        conversation.reply(claimed, by=ada, body=f"Hello {claimed.customer_name}, turn it off and on.")
        do_jobs()
        requests.ask(claimed, by=ada, what=claimed.summary)
        opened, *later = letters()
        assert opened[1] == f"[#{claimed.number}] Did you write to us?"
        assert [subject for _, subject, _ in later] == [f"[#{claimed.number}] Something new"] * 2
        for _, subject, body in (opened, *later):
            for words in (claimed.summary, claimed.customer_name, "refused", "turn it off"):
                assert words not in subject + body

    def test_tells_once_a_day_that_somebody_wrote(self, claimed, till):
        fields = {"customer": None, "by": Guest(), "claimed_email": claimed.claimed_email, "system": till}
        CaseFactory(**fields, summary="Another")
        assert len(letters()) == 1
        Case.objects.update(opened_at=timezone.now() - timedelta(days=2))
        mail.outbox.clear()
        CaseFactory(**fields, summary="A third")
        assert len(letters()) == 1

    @pytest.mark.parametrize(("verdict", "goes"), [("", True), ("pass", True), ("fail", False)])
    def test_answers_what_came_by_mail_from_it(self, claimed, ada, verdict, goes):
        ReceivedMail.objects.create(
            case=claimed, sender=claimed.claimed_email, verdict=verdict, digest="1", size=1
        )
        conversation.reply(claimed, by=ada, body="Turn it off and on.")
        opened, answer = letters()
        assert opened[1] == f"[#{claimed.number}] Did you write to us?"
        assert ("Turn it off and on." in answer[2]) is goes

    def test_brings_all_that_follows_once_it_is_proven(self, claimed, ada, cleo):
        letters()
        mail.outbox.clear()
        cleo.keep_address(verified=True)
        claims.prove(claimed, by=cleo)
        conversation.reply(claimed, by=ada, body="Turn it off and on.")
        [(_, subject, body)] = letters()
        assert claimed.summary in subject
        assert "Turn it off and on." in body

    def test_does_not_reach_who_was_deactivated_though_agents_hear_of_the_case(self, claimed, ada, cleo):
        User.objects.filter(pk=cleo.pk).update(is_active=False)
        triage.assign(claimed, by=ada, assignee=ada)
        conversation.reply(claimed, by=Guest((claimed.number,)), body="It is the red printer.")
        [(to, _, body)] = letters()
        assert to == [ada.email]
        assert "Not Cleo (address not confirmed) wrote" in body

    def test_ends_when_its_owner_says_that_it_was_not_them(self, claimed, ada, cleo):
        letters()
        mail.outbox.clear()
        cleo.keep_address(verified=True)
        claims.disown(claimed, by=cleo)
        conversation.reply(claimed, by=ada, body="Who are you?")
        assert letters() == []

    def test_makes_an_account_that_has_nothing(self, till):
        case = CaseFactory(customer=None, by=Guest(), claimed_email="grete@example.com", system=till)
        letters()
        grete = User.objects.get()
        assert (grete.email, grete.name, grete.has_usable_password()) == ("grete@example.com", "", False)
        assert not Case.objects.visible_to(grete).exists()
        assert not Case.objects.claiming(grete).exists()
        grete.keep_address(verified=True)
        assert Case.objects.claiming(grete).get() == case


class TestSigningIn:
    def code(self, visitor, email):
        visitor.post(reverse("account_request_login_code"), {"email": email})
        [(to, _, body)] = letters()
        assert to == [email]
        return re.search(r"^    (\S+)$", body, re.M)

    def test_a_mailed_code_signs_in(self, visitor, cleo):
        found = self.code(visitor, cleo.email)
        response = visitor.post(reverse("account_confirm_login_code"), {"code": found[1]}, follow=True)
        assert response.redirect_chain[-1][0] == reverse("cases")

    def test_a_wrong_code_is_a_sentence(self, visitor, cleo):
        self.code(visitor, cleo.email)
        page = visitor.post(reverse("account_confirm_login_code"), {"code": "wrong"})
        assert "Incorrect code" in page.text
        assert visitor.get(reverse("cases")).status_code == 302

    def test_who_reported_as_a_visitor_signs_in_with_that_address_and_finds_the_case(self, visitor, till):
        report = {"system": till.pk, "summary": "No receipts", "description": "None.", "severity": 3}
        visitor.post(reverse("case_new"), report | {"name": "Grete", "email": "grete@example.com"})
        do_jobs()
        mail.outbox.clear()
        found = self.code(visitor, "grete@example.com")
        visitor.post(reverse("account_confirm_login_code"), {"code": found[1]})
        assert "No receipts" in visitor.get(reverse("cases")).text
        case = Case.objects.get()
        assert (case.unproven, case.customer.email, case.customer.name) == (
            False,
            "grete@example.com",
            "Grete",
        )

    def test_an_address_nobody_has_gets_a_letter_without_a_code_and_no_account(self, visitor):
        assert self.code(visitor, "nobody@example.com") is None
        assert User.objects.count() == 0

    def test_a_password_signs_in(self, visitor, ada):
        ada.keep_address(verified=True)
        ada.set_password("long enough words")
        ada.save()
        response = visitor.post(
            reverse("account_login"), {"login": "ADA@example.com", "password": "long enough words"}
        )
        assert response.url == reverse("home")

    def test_signing_up_asks_for_the_mailed_code_first(self, visitor):
        visitor.post(reverse("account_signup"), {"email": "new@example.com", "name": "New"})
        assert User.objects.get(email="new@example.com").name == "New"
        assert visitor.get(reverse("cases")).status_code == 302
        [(to, _, _)] = letters()
        assert to == ["new@example.com"]

    def test_the_first_administrator_needs_no_mail(self, visitor):
        User.objects.create_superuser("root@example.com", "long enough words", name="Root")
        visitor.post(reverse("account_login"), {"login": "root@example.com", "password": "long enough words"})
        assert visitor.get("/admin/").status_code == 200


def test_kept_mail_can_be_read_where_it_is_kept(visitor, settings, tmp_path, quiet, ada):
    settings.SHOW_KEPT_MAIL, settings.KEPT_MAIL = True, tmp_path
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    assert "No email yet." in visitor.get(reverse("kept_mail")).text
    conversation.reply(quiet, by=ada, body="Grüße, <b>ok</b>")
    do_jobs()
    page = visitor.get(reverse("kept_mail")).text
    assert "Grüße, &lt;b&gt;ok&lt;/b&gt;" in page
    [kept] = tmp_path.glob("*.log")
    framed = visitor.get(reverse("kept_mail_html", args=[kept.stem]))
    assert f'src="{framed.request["PATH_INFO"]}"' in page
    assert "<p>Grüße, &lt;b&gt;ok&lt;/b&gt;</p>" in framed.text
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert visitor.get(reverse("kept_mail_html", args=["none"])).status_code == 404


def test_kept_mail_can_be_answered_as_if_by_mail(visitor, settings, tmp_path, quiet, ada, cleo):
    settings.SHOW_KEPT_MAIL, settings.KEPT_MAIL = True, tmp_path
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    conversation.reply(quiet, by=ada, body="Which till?")
    do_jobs()
    [kept] = tmp_path.glob("*.log")
    answer = reverse("kept_mail_answer", args=[kept.stem])
    assert answer in visitor.get(reverse("kept_mail")).text
    assert visitor.post(answer, {"words": "The left one."}).status_code == 302
    said = quiet.events.latest("sequence")
    assert (said.body, said.author) == ("The left one.", cleo)
    assert visitor.post(reverse("kept_mail_answer", args=["none"]), {"words": "x"}).status_code == 404


def test_a_letter_whose_sender_was_killed_is_sent_by_the_next(quiet, ada):
    conversation.reply(quiet, by=ada, body="Still there?")
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 1")
    do_jobs(queues=["mail"])  # of all queues, the one that tries it again may be among the jobs
    assert mail.outbox == []
    with suppress(AlreadyEnqueued):  # by the worker itself, when its minute has come
        retry_stalled.defer(timestamp=0)
    assert [body for _, _, body in letters() if "Still there?" in body]


def test_what_was_cut_off_while_the_next_of_its_kind_waits_holds_nobody_up(quiet, ada):
    """Of jobs with a queueing lock one waits at a time, so the one that was cut off cannot wait again."""
    keep_time.defer(timestamp=0)
    conversation.reply(quiet, by=ada, body="Still there?")
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 1")
    keep_time.defer(timestamp=5)
    with suppress(AlreadyEnqueued):  # by the worker itself, when its minute has come
        retry_stalled.defer(timestamp=0)
    assert [body for _, _, body in letters() if "Still there?" in body]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
        assert cursor.fetchone() == (0,)


def test_the_mail_of_a_resolution_names_the_files_that_came_with_it(quiet, ada):
    log = attachments.receive(upload("log.txt", b"fixed"), by=ada)
    resolution.resolve(quiet, by=ada, resolution="Restarted.", attachments=[log])
    [(_, _, body)] = letters()
    assert "Restarted." in body
    assert "With it came log.txt (5\xa0bytes)." in body
    assert "Did this fix it?" in body
