"""Answers to "Did this fix it?" that come when it is no longer asked, and those of colleagues."""

import re

import pytest
from django.urls import reverse

from cases.actions import conversation, merging, resolution
from cases.mail.outbound import recipient
from cases.models import Case, Kind, Status
from tests.factories import CaseFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def resolved(case, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    return case


def answer(browser, case, headers, **words):
    url = reverse("case_confirmation", args=[case.number])
    return browser.post(url, {"after": 3} | words, headers=headers)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
class TestAnAnswerThatComesLate:
    def test_yes_twice_is_recorded_once(self, cleo, resolved, browser_of, headers):
        browser = browser_of(cleo)
        answer(browser, resolved, headers, answer="yes")
        response = answer(browser, resolved, headers, answer="yes")
        assert response.status_code == (200 if headers else 302)
        assert resolved.events.filter(kind=Kind.CONFIRMED).count() == 1

    def test_yes_after_it_closed_by_itself_is_no_error(self, cleo, resolved, browser_of, headers):
        resolution.close(resolved, by=None)
        response = answer(browser_of(cleo), resolved, headers, answer="yes")
        assert response.status_code == (200 if headers else 302)
        assert not resolved.events.filter(kind=Kind.CONFIRMED).exists()

    def test_not_yet_after_it_closed_waits_in_the_reply_that_reopens_it(
        self, cleo, resolved, browser_of, headers
    ):
        resolution.close(resolved, by=None)
        browser = browser_of(cleo)
        response = answer(browser, resolved, headers, answer="not-yet", body="Till two still refuses.")
        assert response.status_code == 422
        composer = re.search(r'<section id="composer".*?</section>', response.text, re.DOTALL)[0]
        assert f"Case {resolved.number} is closed. Reopen it if the problem is back." in composer
        assert "Till two still refuses." in composer
        assert "Reopen and send" in composer
        assert "Did this fix it?</h2>" not in response.text
        again = {"body": "Till two still refuses.", "after": 4}
        browser.post(reverse("case_reopening", args=[resolved.number]), again, headers=headers)
        assert Case.objects.get(pk=resolved.pk).status == Status.OPEN
        assert resolved.events.latest("sequence").body == "Till two still refuses."

    def test_not_yet_twice_is_recorded_once(self, cleo, resolved, browser_of, headers):
        for _ in range(2):
            answer(browser_of(cleo), resolved, headers, answer="not-yet")
        assert resolved.events.filter(kind=Kind.DECLINED).count() == 1

    def test_yes_after_not_yet_is_a_sentence(self, cleo, resolved, browser_of, headers):
        browser = browser_of(cleo)
        answer(browser, resolved, headers, answer="not-yet")
        response = browser.post(
            reverse("case_confirmation", args=[resolved.number]),
            {"answer": "yes"},
            headers=headers,
            follow=True,
        )
        assert "is not resolved yet, so there is nothing to confirm" in response.text


def test_the_page_says_when_the_case_closes_unless_it_is_answered(cleo, ada, resolved, browser_of):
    customer = browser_of(cleo).get(reverse("case", args=[resolved.number])).text
    desk = browser_of(ada).get(reverse("desk_case", args=[resolved.number])).text
    assert re.search(
        r"It closes <time [^>]*>on \d+ \w+( \d+)? at \d\d:\d\d UTC</time> unless you reply", customer
    )
    assert re.search(r"Closes <time [^>]*>on [^<]*</time> unless the customer answers", desk)
    answer(browser_of(cleo), resolved, {}, answer="not-yet")
    assert "unless you reply." not in browser_of(cleo).get(reverse("case", args=[resolved.number])).text


class TestColleagues:
    def test_answer_for_each_other_in_their_own_name(self, carl, resolved, browser_of):
        answer(browser_of(carl), resolved, {}, answer="yes")
        event = resolved.events.get(kind=Kind.CONFIRMED)
        assert (event.author, event.role) == (carl, "customer")

    def test_write_in_each_others_cases_in_their_own_name(self, cleo, carl, case, browser_of):
        browser_of(carl).post(reverse("case_replies", args=[case.number]), {"body": "It is till two."})
        page = browser_of(cleo).get(reverse("case", args=[case.number])).text
        assert re.search(r"<b>Carl</b>.*?It is till two\.", page, re.DOTALL)

    def test_see_whose_case_it_is(self, carl, case, browser_of):
        assert "by Cleo" in browser_of(carl).get(reverse("case", args=[case.number])).text
        assert "Cleo</span>" in browser_of(carl).get(reverse("cases")).text

    def test_list_everybodys_or_their_own(self, cleo, carl, case, browser_of):
        CaseFactory(customer=carl, summary="Drawer stuck")
        browser = browser_of(cleo)
        everybodys = browser.get(reverse("cases")).text
        assert "Drawer stuck" in everybodys
        assert 'name="whose"' in everybodys
        mine = browser.get(reverse("cases"), {"whose": "mine"}).text
        assert "Drawer stuck" not in mine
        assert case.summary in mine

    def test_keep_the_choice_on_the_next_page(self, cleo, browser_of):
        for _ in range(26):
            CaseFactory(customer=cleo)
        page = browser_of(cleo).get(reverse("cases"), {"whose": "mine"}).text
        assert "whose=mine&amp;page=1" in page

    def test_who_share_nothing_are_not_asked_whose(self, mallory, browser_of):
        CaseFactory(customer=mallory)
        assert 'name="whose"' not in browser_of(mallory).get(reverse("cases")).text

    def test_are_answered_where_both_read_it_and_the_one_who_reported_is_mailed(self, cleo, carl, ada, case):
        conversation.reply(case, by=carl, body="It is till two.")
        answered = conversation.reply(case, by=ada, body="Thank you.")
        assert recipient(answered) == cleo


def test_the_list_says_in_words_how_it_stands(cleo, ada, case, browser_of):
    browser = browser_of(cleo)
    assert "We have your report" in browser.get(reverse("cases")).text
    conversation.reply(case, by=ada, body="Which till?")
    assert "We answered" in browser.get(reverse("cases")).text
    resolution.resolve(case, by=ada, resolution="Done.")
    assert "We think this is fixed" in browser.get(reverse("cases")).text


def test_the_list_costs_the_same_however_many_of_its_cases_were_merged(
    cleo, ada, browser_of, django_assert_max_num_queries
):
    host = CaseFactory(customer=cleo)
    for _ in range(4):
        merging.merge(CaseFactory(customer=cleo), by=ada, into=host)
    browser = browser_of(cleo)
    with django_assert_max_num_queries(6):
        browser.get(reverse("cases"))


def test_after_not_yet_no_mail_is_announced_where_none_goes(cleo, resolved, browser_of, settings):
    browser = browser_of(cleo)
    answer(browser, resolved, {}, fixed="no", body="It is not.")
    page = reverse("case", args=[resolved.number])
    assert "We’ll reply here" in browser.get(page).text
    settings.MAIL_GOES = False
    assert "We’ll reply here." in browser.get(page).text
