"""How was our help? Asked once of the customer, when the case is closed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import conversation, resolution
from cases.actions.rating import rate
from cases.models import Kind, Rating, Role
from tests.factories import CaseFactory

HTMX = {"HX-Request": "true"}
ASKED = "How was our help?"


@pytest.fixture
def closed(case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.close(case, by=ada)
    case.refresh_from_db()
    return case


@pytest.fixture
def mine(cleo, browser_of):
    return browser_of(cleo)


def page_of(case):
    return reverse("case", args=[case.number])


def rating_of(case):
    return reverse("case_rating", args=[case.number])


def question(text):
    """The part of the page in which the customer is asked."""
    return re.search(r'<section id="question".*?</section>', text, re.DOTALL)[0]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
class TestOneClick:
    def test_says_it_and_asks_for_a_word(self, mine, closed, headers):
        response = mine.post(rating_of(closed), {"good": "yes", "after": 4}, headers=headers, follow=True)
        assert "Cleo</b> rated the help as good" in response.text
        assert "Thanks for rating our help as good." in question(response.text)
        assert "Anything you would like to add?" in question(response.text)
        assert ASKED not in response.text
        assert Rating.objects.get().good

    def test_adds_the_word_which_everybody_in_the_case_reads(self, mine, ada, closed, browser_of, headers):
        mine.post(rating_of(closed), {"good": "no"})
        words = {"good": "no", "word": "It took **weeks**.", "after": 5}
        response = mine.post(rating_of(closed), words, headers=headers, follow=True)
        assert "It took <strong>weeks</strong>." in response.text
        assert "Anything you would like to add?" not in response.text
        desk = browser_of(ada).get(reverse("desk_case", args=[closed.number])).text
        assert "rated the help as bad" in desk
        assert "It took <strong>weeks</strong>." in desk

    def test_from_a_second_tab_says_what_was_said(self, mine, closed, headers):
        mine.post(rating_of(closed), {"good": "yes"})
        response = mine.post(rating_of(closed), {"good": "no"}, headers=headers)
        assert response.status_code == 422
        assert "as good before, and a rating is given once" in response.text
        assert "Thanks for rating our help as good." in response.text
        assert Rating.objects.get().good

    def test_clicked_twice_counts_once(self, mine, closed, headers):
        for _ in range(2):
            response = mine.post(rating_of(closed), {"good": "yes"}, headers=headers)
        assert response.status_code == (200 if headers else 302)
        assert closed.events.filter(kind="rated").count() == 1

    def test_after_the_case_was_reopened_is_a_sentence(self, mine, ada, closed, headers):
        resolution.reopen(closed, by=ada)
        response = mine.post(rating_of(closed), {"good": "yes"}, headers=headers)
        assert response.status_code == 422
        assert "isn’t closed yet. You can rate it then." in question(response.text)
        assert ASKED not in response.text

    def test_that_chooses_nothing_is_a_sentence_and_keeps_the_word(self, mine, closed, headers):
        mine.post(rating_of(closed), {"good": "yes"})
        response = mine.post(rating_of(closed), {"good": "yes", "word": "x" * 2001}, headers=headers)
        assert response.status_code == 422
        assert "at most 2000 characters" in response.text
        assert "x" * 2001 in response.text

    def test_away_asks_no_more_but_leaves_a_way(self, mine, closed, headers):
        response = mine.post(rating_of(closed), {"later": "yes", "after": 4}, headers=headers, follow=True)
        for text in (response.text, mine.get(page_of(closed)).text):
            assert "No, thanks" not in text
            assert re.search(r'<details class="rate">\s*<summary>How was our help', text)
        assert not Rating.objects.exists()


def test_nothing_is_asked_while_the_case_goes_on(mine, case, ada):
    assert ASKED not in mine.get(page_of(case)).text
    resolution.resolve(case, by=ada, resolution="Done.")
    assert ASKED not in mine.get(page_of(case)).text


def test_yes_fixed_leads_to_the_question(mine, case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    url = reverse("case_confirmation", args=[case.number])
    response = mine.post(url, {"answer": "yes", "after": 3}, headers=HTMX)
    assert ASKED in question(response.text)


def test_who_rated_before_is_not_asked_again_after_another_end(mine, cleo, ada, closed):
    rate(closed, by=cleo, good=True, word="Quick.")
    conversation_goes_on = resolution.reopen(closed, by=cleo, body="It is back.")
    resolution.close(closed, by=ada)
    assert conversation_goes_on
    text = question(mine.get(page_of(closed)).text)
    assert ASKED not in text
    assert "Thanks for rating our help as good." in text


def test_a_colleague_is_not_asked_and_may_not_answer(carl, closed, browser_of):
    browser = browser_of(carl)
    assert ASKED not in browser.get(page_of(closed)).text
    assert browser.post(rating_of(closed), {"good": "yes"}).status_code == 403
    assert browser.post(rating_of(closed), {"later": "yes"}).status_code == 403


def test_an_agent_may_not_answer_for_the_customer(ada, closed, browser_of):
    assert browser_of(ada).post(rating_of(closed), {"good": "yes"}).status_code == 403


def test_an_agent_rates_a_case_of_their_own(ada, abe, browser_of):
    own = CaseFactory(customer=ada)
    resolution.close(own, by=abe)
    browser_of(ada).post(rating_of(own), {"good": "yes"})
    assert own.events.latest("sequence").role == "customer"


def test_somebody_elses_link_leads_nowhere(mallory, closed, browser_of):
    assert browser_of(mallory).post(rating_of(closed), {"good": "yes"}).status_code == 404
    response = Client().post(rating_of(closed), {"good": "yes"})
    assert response.url == "/accounts/login/?next=/accounts/unsent/"


def test_the_visitor_who_reported_it_rates_it_in_nobodys_name(claimed, ada, guest_of):
    resolution.close(claimed, by=ada)
    browser = guest_of(claimed)
    assert ASKED in browser.get(page_of(claimed)).text
    browser.post(rating_of(claimed), {"good": "yes"})
    assert Rating.objects.get(case=claimed, good=True).by is None
    event = claimed.events.latest("sequence")
    assert (event.kind, event.role, event.author) == (Kind.RATED, Role.CUSTOMER, None)


def test_an_open_page_learns_of_the_rating_from_another(mine, cleo, closed):
    rate(closed, by=cleo, good=True)
    live = mine.get(reverse("case_live", args=[closed.number]), {"after": 4}).text
    assert "Thanks for rating our help as good." in question(live)


def test_a_rating_that_no_customer_may_give_leaves_the_conversation_as_it_was(mine, case, cleo):
    conversation.reply(case, by=cleo, body="More.")
    assert mine.post(rating_of(case), {}).status_code == 422
    assert case.events.count() == 3
