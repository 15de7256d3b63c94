"""Mail about a case goes out as its team, or its system, and is signed; its answers and its bounces come to us."""

from email import message_from_bytes, policy
from email.utils import getaddresses

import pytest
from django.core import mail

from cases.actions import conversation, incoming, requests, triage
from cases.actions.signatures import sign_with
from cases.mail import threads
from cases.mail.outbound import message_about
from cases.models import Guest, Outcome, System, Team, User, Why
from tests.factories import CaseFactory
from tests.mail.letters import do_jobs, notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_system(case):
    System.objects.filter(pk=case.system_id).update(
        mail_name="Till support", mail_address="tills@127.0.0.1", signature="Tills, weekdays 8 to 18"
    )


@pytest.fixture
def as_team(case, team, ada, as_system):
    Team.objects.filter(pk=team.pk).update(mail_name="Bäckerei, Technik", signature="")
    triage.assign_team(case, by=ada, team=team)


def mailed(case, ada, body="Which till?"):
    event = conversation.reply(case, by=ada, body=body)
    event.case.refresh_from_db()
    return message_about(event)


def header(message, name):
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)[name]


def test_without_a_sender_of_its_own_mail_is_from_where_all_is(case, ada):
    assert header(mailed(case, ada), "From") == "Caseline <support@127.0.0.1>"


def test_a_system_has_a_name_and_an_address(case, ada, as_system):
    message = mailed(case, ada)
    assert header(message, "From") == "Till support <tills@127.0.0.1>"
    answer_to = header(message, "Reply-To")
    assert answer_to.startswith("Till support <support+case-")
    assert message.from_email == "Caseline <support@127.0.0.1>"


def test_a_team_comes_before_the_system_whatever_letters_its_name_has(case, ada, as_team):
    [(name, address)] = getaddresses([str(header(mailed(case, ada), "From"))])
    assert (name, address) == ("Bäckerei, Technik", "support@127.0.0.1")


@pytest.mark.django_db(transaction=True)
def test_bounces_come_to_us_whoever_the_sender_is(server, case, ada, as_system):
    do_jobs()
    assert server.taken[0]["From"] == "Till support <tills@127.0.0.1>"
    assert server.senders == ["support@127.0.0.1"]


def test_an_answer_goes_on_in_the_case_and_our_own_mail_that_comes_back_does_not(case, ada, cleo, as_system):
    message = mailed(case, ada)
    raw = (
        f"From: {cleo.email}\nTo: {header(message, 'Reply-To')}\nSubject: Re: {message.subject}\n"
        "Message-ID: <1@example.com>\n\nThe left one.\n"
    )
    assert incoming.receive(raw.encode(), trusted="").outcome == Outcome.CONTINUED
    assert case.events.latest("sequence").body == "The left one."
    ours = "From: tills@127.0.0.1\nTo: someone@example.com\nMessage-ID: <2@example.com>\n\nHello.\n"
    assert incoming.receive(ours.encode(), trusted="").outcome == Outcome.IGNORED
    assert threads.is_ours("Tills@127.0.0.1")
    assert not threads.is_ours("")


def test_an_agents_signature_stands_under_their_words_and_that_of_the_system_at_the_end(
    case, ada, as_system, browser_of
):
    sign_with("Ada Osei\n<b>Till team</b>", by=ada)
    body = mailed(case, ada).body
    assert "Which till?\n\nAda Osei\n<b>Till team</b>\n\n" in body
    assert "-- \nTills, weekdays 8 to 18\nCase" in body
    html = mailed(case, ada, body="And since when?").alternatives[0].content
    assert "Ada Osei" in html
    assert "<b>Till" not in html
    page = browser_of(case.customer).get(f"/cases/{case.number}/").text
    assert "Ada Osei" not in page


def test_nobody_signs_what_is_not_said_nor_what_agents_read(case, ada, abe, cleo, as_system):
    sign_with("Ada Osei", by=ada)
    asked = message_about(requests.ask(case, by=ada, what="the log"))
    assert "Ada Osei" not in asked.body
    triage.assign(case, by=ada, assignee=ada)
    heard = notice(conversation.reply(case, by=cleo, body="Here."), ada, Why.REPLIED)
    assert "Tills, weekdays" not in heard.body


def test_an_address_that_nobody_proved_hears_no_signature(claimed, ada):
    sign_with("Ada Osei, 0123 4567", by=ada)
    assert "0123" not in message_about(conversation.reply(claimed, by=ada, body="Hello.")).body


@pytest.mark.parametrize("name", ["Till\nBcc: everyone@example.com", "Till\r\nBcc: everyone@example.com"])
def test_a_name_that_came_without_us_forges_no_header(case, ada, name):
    System.objects.filter(pk=case.system_id).update(mail_name=name)
    message = mailed(case, ada)
    assert header(message, "Bcc") is None
    assert "Bcc: everyone@example.com" in header(message, "From")


class TestAdministration:
    def save(self, browser, system, **fields):
        page = f"/admin/cases/system/{system.pk}/change/"
        typed = {"name": system.name, "public": "on", "description": "", "policy": ""} | fields
        return browser.post(page, typed, follow=True)

    def test_keeps_a_sender(self, adam, till, browser_of, settings):
        settings.MAIL_FROM = "Caseline <support@caseline.example>"
        fields = {"mail_name": "Tills", "mail_address": "Tills@Caseline.example", "signature": "Bye"}
        page = self.save(browser_of(adam, proven=True), till, **fields)
        till.refresh_from_db()
        assert (till.mail_name, till.mail_address, till.signature) == (
            "Tills",
            "tills@caseline.example",
            "Bye",
        )
        assert "taken for forged" not in page.text

    def test_warns_of_a_domain_that_is_not_ours(self, adam, till, browser_of):
        page = self.save(browser_of(adam, proven=True), till, mail_address="tills@elsewhere.example")
        assert "Mail from tills@elsewhere.example is taken for forged unless its domain" in page.text
        till.refresh_from_db()
        assert till.mail_address == "tills@elsewhere.example"

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("mail_name", "Till\nBcc: a@example.com", "A name is one line"),
            ("mail_name", "Bank <pay@bank.example>", "A name is one line"),
            ("mail_name", "Till\u202etroppus", "A name is one line"),
            ("mail_address", "no address", "valid email address"),
            ("mail_address", "a@example.com, b@example.com", "valid email address"),
            ("mail_address", "cleo@example.com", "This is the address of Cleo"),
            ("signature", "Bye\x00", "ull characters are not allowed"),
            ("signature", "line\n" * 9, "A signature has 8 lines at most"),
        ],
    )
    def test_refuses_with_a_sentence(self, adam, cleo, till, browser_of, field, value, says):
        page = self.save(browser_of(adam, proven=True), till, **{field: value})
        assert says in page.text
        till.refresh_from_db()
        assert not till.mails_as


class TestOnesOwnSignature:
    PAGE = "/accounts/signature/"

    def test_is_kept_and_shown(self, ada, browser_of):
        browser = browser_of(ada)
        assert browser.post(self.PAGE, {"signature": "Ada\r\nTill team \r\n"}).status_code == 302
        ada.refresh_from_db()
        assert ada.signature == "Ada\nTill team"
        assert "Ada\nTill team" in browser.get(self.PAGE).content.decode()

    def test_may_be_none(self, ada, browser_of):
        sign_with("Ada", by=ada)
        browser_of(ada).post(self.PAGE, {"signature": ""})
        ada.refresh_from_db()
        assert ada.signature == ""

    def test_that_is_too_long_is_refused_and_stays_typed(self, ada, browser_of):
        page = browser_of(ada).post(self.PAGE, {"signature": "word " * 200})
        assert page.status_code == 422
        assert "word word" in page.text
        ada.refresh_from_db()
        assert ada.signature == ""


@pytest.mark.django_db(transaction=True)
def test_a_report_of_a_visitor_is_answered_as_the_system_too(till, as_system, case):
    CaseFactory(customer=None, by=Guest(), claimed_email="grete@example.com", system=till)
    do_jobs()
    [message] = [one for one in mail.outbox if one.to == ["grete@example.com"]]
    assert header(message, "From") == "Till support <tills@127.0.0.1>"
    assert "weekdays" not in message.body
    assert User.objects.filter(email="grete@example.com").exists()
