"""Whoever was signed out meanwhile is back with what they typed."""

import re
import time

import pytest

from cases.actions import requests
from cases.models import Event
from tests.markup import Browser

WORDS = "Half a\nday's work"


@pytest.fixture
def notes(case):
    return f"/desk/cases/{case.number}/notes/"


@pytest.fixture
def page(case):
    return f"/desk/cases/{case.number}/"


def send(browser, address, page, **fields):
    return browser.post(address, fields, headers={"referer": f"http://testserver{page}"})


def test_what_was_sent_while_nobody_was_signed_in_is_sent_once_they_are(visitor, notes, page, ada):
    assert send(visitor, notes, page, body=WORDS).url == "/accounts/login/?next=/accounts/unsent/"
    visitor.force_login(ada)
    shown = visitor.get("/accounts/unsent/").content.decode()
    assert WORDS in shown.replace("&#x27;", "'")
    assert f'action="{notes}"' in shown
    assert f'href="{page}"' in shown
    key = re.search('name="unsent" value="(.+?)"', shown)[1]
    visitor.post(notes, {"body": WORDS, "unsent": key})
    assert Event.objects.filter(body=WORDS, author=ada).exists()
    assert (
        "There’s nothing to send. We keep what you send while signed out for 15 minutes."
        in visitor.get("/accounts/unsent/").text
    )
    assert "unsent" not in visitor.session


def test_it_waits_on_until_it_is_taken_whatever_else_is_sent_to_its_place(visitor, notes, page, ada, case):
    send(visitor, notes, page, body=WORDS)
    key = visitor.session["unsent"]["key"]
    visitor.force_login(ada)
    visitor.post(notes, {"body": "Another thought"})
    visitor.post(notes, {"body": "", "unsent": key})  # is no note
    refused = visitor.post(f"/desk/cases/{case.number}/severity/", {"severity": 9, "unsent": key})
    assert refused.status_code == 302
    assert "day&#x27;s work" in visitor.get("/accounts/unsent/").text


@pytest.mark.parametrize("address", ["/accounts/unsent/", "/desk/"])
def test_it_waits_for_a_quarter_of_an_hour(visitor, notes, page, ada, monkeypatch, address):
    send(visitor, notes, page, body=WORDS)
    visitor.force_login(ada)
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert WORDS not in visitor.get(address).text.replace("&#x27;", "'")
    assert "unsent" not in visitor.session


def test_what_is_too_long_to_be_kept_waits_on_the_page_itself(visitor, notes, page):
    long = "word " * 50_000
    answer = send(visitor, notes, page, body=long)
    assert answer.status_code == 413
    assert long in answer.content.decode()
    assert "Sign in in another tab" in answer.text
    assert "unsent" not in visitor.session


def test_a_form_of_buttons_alone_leads_back_to_its_page(visitor, case, page):
    answer = send(visitor, f"/desk/cases/{case.number}/following/", page)
    assert answer.url == f"/accounts/login/?next={page}"


def test_nobody_is_led_to_another_site(visitor, case):
    answer = visitor.post(
        f"/desk/cases/{case.number}/following/", headers={"referer": "https://elsewhere.example/"}
    )
    assert answer.url == "/accounts/login/?next=/"


def test_no_password_is_kept(visitor, page):
    answer = send(
        visitor, "/accounts/password/change/", page, oldpassword="secret word", password1="new word"
    )
    assert answer.url.startswith("/accounts/login/")
    assert "unsent" not in visitor.session


def test_what_is_given_under_seal_waits_on_the_page_and_is_kept_nowhere(case, ada, cleo, browser_of):
    requests.ask(case, by=ada, what="the password", secret=True)
    browser = browser_of(cleo)
    page = browser.get(f"/cases/{case.number}/").text
    url = f"/cases/{case.number}/requests/{case.requests.get().pk}/"
    form = re.search(rf'<form[^>]*action="{url}".*?</form>', page, re.DOTALL)[0]
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    browser.post("/accounts/logout/")
    answer = send(browser, url, f"/cases/{case.number}/", **fields | {"body": "open sesame"})
    assert answer.status_code == 403
    assert "open sesame" in answer.text
    assert "Sign in in another tab" in answer.text
    assert "unsent" not in browser.session


def test_whoever_sends_too_much_keeps_it_on_the_page_itself(visitor, notes, page, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"unsent": "1/h/ip"}
    send(visitor, notes, page, body=WORDS)
    again = send(visitor, notes, page, body="Another thought")
    assert again.status_code == 429
    assert "Another thought" in again.content.decode()
    assert "Sign in in another tab" in again.content.decode()


def test_a_visitors_answer_waits_too(guest_of, visitor, case):
    answer = send(visitor, f"/cases/{case.number}/replies/", f"/cases/{case.number}/", body="By the way")
    assert answer.url == "/accounts/login/?next=/accounts/unsent/"


@pytest.mark.parametrize(
    ("origin", "kept"), [("http://testserver", True), ("https://elsewhere.example", False), (None, False)]
)
def test_a_page_that_was_open_too_long_shows_what_was_typed_unless_another_site_may_have_sent_it(
    notes, ada, origin, kept
):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(ada)
    browser.get("/accounts/email/")  # which sets the cookie
    answer = browser.post(notes, {"body": "An old page"}, headers={"origin": origin} if origin else {})
    assert answer.status_code == 403
    assert ("An old page" in answer.content.decode()) == kept
    assert ("Send it now" in answer.content.decode()) == kept
    assert not Event.objects.filter(body="An old page").exists()
