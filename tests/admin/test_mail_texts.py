"""Administrators write passages of mail to customers, see before how they read, and break out of nothing."""

import pytest
from django.urls import reverse

from cases.actions import conversation, resolution
from cases.mail.outbound import message_about
from cases.models import AuditEntry, MailText

pytestmark = pytest.mark.django_db

ADD = "admin:cases_mailtext_add"


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam)


def test_a_passage_reads_as_it_was_written(office, case, ada):
    text = "Dear {customer}, {case} is about {summary}.\r\n  We look into {system}."
    office.post(reverse(ADD), {"passage": "opened", "text": text})
    office.post(reverse(ADD), {"passage": "end", "text": "Bakery Support, {system}"})
    body = message_about(case.events.get(kind="opened")).body
    assert body.startswith(f"Dear Cleo, {case.number} is about {case.summary}.\nWe look into Till.\n\n")
    assert "\n\nBakery Support, Till\n\n-- \nCase" in body
    assert AuditEntry.objects.filter(kind="setting_added").count() == 2
    office.post(reverse("admin:cases_mailtext_delete", args=["opened"]), {"post": "yes"})
    assert message_about(case.events.get(kind="opened")).body.startswith('We have your report "')


def test_the_question_whether_it_is_fixed_is_asked_in_their_words(case, ada):
    MailText.objects.create(passage="fixed", text="Does {system} work again?")
    fix = resolution.resolve(case, by=ada, resolution="Swapped.")
    assert "Does Till work again?" in message_about(fix).body


def test_a_preview_shows_it_and_saves_nothing(office):
    page = office.post(
        reverse(ADD), {"passage": "opened", "text": "Hello {customer} <b>", "_preview": "Preview"}
    )
    assert "Hello Sam &lt;b&gt;</p>" in page.text
    assert "Preview, not saved yet" in page.text
    assert not MailText.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hello {agent} and {customer.password}", "{agent} would stay as typed. Known are {customer}"),
        ("Hello\n--\nfooter", "A line of two dashes begins the footer"),
        ("Hello \x02forged\x03", "cannot be seen"),
        ("x" * 501, "at most 500 characters"),
        (" ", "required"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"_preview": "Preview"}])
def test_what_cannot_be_is_a_sentence_and_stays_as_typed(office, text, sentence, more):
    page = office.post(reverse(ADD), {"passage": "opened", "text": text} | more)
    assert sentence in page.text.replace("&#x27;", "'")
    assert not MailText.objects.exists()


def test_a_summary_or_a_name_adds_no_line_and_no_placeholder(case, ada):
    MailText.objects.create(passage="opened", text="{customer}: {summary}")
    case.customer_name, case.summary = "{case}\n-- \nx", "a\r\n\r\nhttp://evil.example/ {system}"
    event = case.events.get(kind="opened")
    event.case = case
    assert message_about(event).body.split("\n")[0] == "{case} -- x: a http://evil.example/ {system}"
    assert conversation.reply(case, by=ada, body="Hello")
