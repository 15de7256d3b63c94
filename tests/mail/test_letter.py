"""A mail is text and HTML of one source, and neither runs, loads or forges anything."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, invitations, resolution
from cases.actions.conversation import ReplyTerms
from cases.actions.preferences import remember_zone
from cases.mail.letter import letter_of, said
from cases.mail.outbound import message_about
from cases.models import Outcome, ReceivedMail
from cases.models.promise import PromiseTerms
from cases.text.markdown import to_html

from .letters import do_jobs

WILD = (
    "Look **here**:\n\n* one\n* two\n\n<script>x()</script> ![pixel](https://evil.example/p.png)\n\n\x02y\x03"
)
OUTSIDE = re.compile(r"<(?:img|script|link|iframe|form|object|svg|video)\b|url\(|@import")


def html_of(letter):
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    return html


def of(source):
    return html_of(letter_of(source, subject="About it", to="cleo@example.com"))


class TestOfOneSource:
    def test_words_are_the_same_html_as_on_the_page_and_text_as_typed(self):
        words = "Look **here**:\n\n* one\n* `two`"
        letter = letter_of(f"Ada wrote:\n\n{said(words)}\n\nBye.", subject="x", to="cleo@example.com")
        assert letter.body == f"Ada wrote:\n\n{words}\n\nBye.\n"
        assert str(to_html(words)) in html_of(letter)

    def test_nothing_runs_or_is_loaded(self):
        html = of(f"<b>Ada</b> <img src=x> wrote:\n\n{said(WILD)}")
        assert "&lt;b&gt;Ada&lt;/b&gt;" in html
        assert not OUTSIDE.search(html)

    @pytest.mark.parametrize("name", ["\x02Ada", "Ada\x03", "\x02Ada\x03", "\x03Ada\x02"])
    def test_marks_in_a_name_let_nothing_out(self, name):
        letter = letter_of(f"{name} wrote:\n\n{said(WILD)}\n\nBye.", subject=name, to="cleo@example.com")
        assert not OUTSIDE.search(html_of(letter))
        assert not re.search("[\x02\x03]", letter.body + letter.subject + html_of(letter))
        assert "Bye." in html_of(letter)

    def test_an_address_of_ours_is_a_link_that_says_where_it_leads_and_no_other_is_one(self):
        html = of(
            "See it here:\nhttp://127.0.0.1:8000/cases/1/\n\nOr here:\nhttp://127.0.0.1:8000.evil.example/"
        )
        assert '<p><a href="http://127.0.0.1:8000/cases/1/">See it here</a></p>' in html
        assert html.count("<a ") == 1

    def test_a_code_and_the_footer_are_told_apart(self):
        html = of("Your code:\n\n    AB-12\n\n-- \nCase 1: It <fails>")
        assert '<p class="code">AB-12</p>' in html
        assert '<div class="footer">Case 1: It &lt;fails&gt;</div>' in html

    def test_no_colour_is_set_that_one_of_the_themes_hides(self):
        html = of("Hello.")
        assert '<meta name="color-scheme" content="light dark">' in html
        assert not re.search(r"background|[\s;{]color:", html)


@pytest.mark.django_db(transaction=True)
class TestEveryMail:
    def sent(self):
        do_jobs()
        return mail.outbox

    def test_has_both_parts(self, case, ada, cleo, mona, abe, visitor):
        conversation.add_note(case, by=ada, body="@abe look")
        resolution.resolve(case, by=ada, resolution="*Swapped* it.")
        invitations.invite("eva@example.com", by=mona, organisation=mona.organisation)
        visitor.post(reverse("account_request_login_code"), {"email": cleo.email})
        sent = self.sent()
        assert len(sent) == 5
        for one in sent:
            assert one.body
            assert not OUTSIDE.search(html_of(one))
            assert "\n-- \n" in one.body
            assert 'class="footer"' in html_of(one)

    def test_of_words_begins_with_them(self, quiet, ada):
        conversation.reply(quiet, by=ada, body="Which **till**?")
        [one] = self.sent()
        assert one.body.startswith("Ada wrote:\n\nWhich **till**?\n\n")
        assert "<strong>till</strong>" in html_of(one)


@pytest.mark.django_db
def test_times_stand_in_the_readers_zone_or_else_in_ours(case, ada, cleo):
    at = timezone.now() + timedelta(hours=1)
    terms = ReplyTerms(promises=[PromiseTerms(at, "soon")])
    said = conversation.reply(case, by=ada, body="More soon.", terms=terms)

    def next_update(zone):
        return f"Next update by {at.astimezone(ZoneInfo(zone)):%a %-d %b %Y, %H:%M %Z}."

    with override_settings(TIME_ZONE="Asia/Tokyo"):
        assert next_update("Asia/Tokyo") in message_about(said).body
        remember_zone("Europe/Berlin", of=cleo)
        assert next_update("Europe/Berlin") in message_about(said).body


def test_a_mail_asks_for_an_answer_by_mail_once_mail_has_come_in(case, ada):
    reply = conversation.reply(case, by=ada, body="Which till?")
    assert "Reply to this email" not in message_about(reply).body
    ReceivedMail.objects.create(digest="0" * 64, sender="eva@example.com", outcome=Outcome.OPENED, size=9)
    assert "Reply to this email, or open the case:\n" in message_about(reply).body
    fix = resolution.resolve(case, by=ada, resolution="Swapped.")
    assert 'Or reply with "yes" or "not yet".' in message_about(fix).body
