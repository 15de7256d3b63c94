import re

import pytest
from django.urls import reverse

from cases.actions import conversation, resolution, triage


@pytest.fixture
def tick(case, browser_of):
    def fetch(user, after, side="case"):
        return browser_of(user).get(reverse(f"{side}_live", args=[case.number]), {"after": after})

    return fetch


def test_nothing_new_is_nothing_sent_at_the_cost_of_three_queries(
    case, ada, browser_of, django_assert_num_queries
):
    browser = browser_of(ada)
    url = reverse("desk_live", args=[case.number])
    with django_assert_num_queries(3):
        assert browser.get(url, {"after": 2}).status_code == 204


def test_what_is_new_comes_once_with_the_new_cursor(tick, case, ada):
    conversation.reply(case, by=ada, body="First.")
    conversation.reply(case, by=ada, body="Second.")
    text = tick(ada, 3, "desk").text
    assert "Second." in text
    assert "First." not in text
    assert 'name="after" value="4"' in text


def test_nothing_on_a_customers_page_tells_of_internal_work(tick, case, cleo, ada, browser_of):
    browser, page = browser_of(cleo), reverse("case", args=[case.number])

    def seen(address):
        own = r"csrf[^>]*>|name=.token.[^>]*>|>[^<]*</time>"
        return re.sub(own, "", browser.get(address).text.split("<main")[1])

    before = seen(page), seen(reverse("cases"))
    conversation.add_note(case, by=ada, body="Secret.")
    triage.set_priority(case, by=ada, priority=1)
    assert tick(cleo, 2).status_code == 204
    for after in (3, 4, 5):
        assert tick(cleo, after)["HX-Refresh"] == "true"  # no page of theirs is that far
    assert (seen(page), seen(reverse("cases"))) == before


def test_what_is_said_after_internal_work_comes_with_its_cursor(tick, case, cleo, ada):
    conversation.add_note(case, by=ada, body="Secret.")
    conversation.reply(case, by=ada, body="Said.")
    conversation.add_note(case, by=ada, body="Secret.")
    text = tick(cleo, 2).text
    assert "Said." in text
    assert "Secret." not in text
    assert 'name="after" value="3"' in text
    assert tick(cleo, 3).status_code == 204


def test_a_customers_page_asks_once_more_only_when_something_happened(
    case, cleo, ada, browser_of, django_assert_num_queries
):
    browser, url = browser_of(cleo), reverse("case_live", args=[case.number])
    with django_assert_num_queries(3):
        browser.get(url, {"after": 2})
    conversation.add_note(case, by=ada, body="Secret.")
    with django_assert_num_queries(3):
        browser.get(url, {"after": 2})


def test_a_resolution_brings_the_question(tick, case, cleo, ada):
    resolution.resolve(case, by=ada, resolution="Restarted.")
    text = tick(cleo, 2).text
    assert "Did this fix it?" in text
    assert "We think this is fixed" in text


def test_a_mere_reply_leaves_the_composer_alone(tick, case, cleo, ada):
    conversation.reply(case, by=ada, body="Hm.")
    assert 'id="composer"' not in tick(cleo, 2).text


def test_a_changed_detail_brings_the_details(tick, case, ada):
    triage.set_priority(case, by=ada, priority=1)
    assert 'id="details"' in tick(ada, 2, "desk").text
    conversation.add_note(case, by=ada, body="Hm.")
    assert 'id="details"' not in tick(ada, 3, "desk").text


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "9" * 40])
def test_a_cursor_that_makes_no_sense_is_refused_with_a_sentence(tick, ada, after):
    response = tick(ada, after, "desk")
    assert response.status_code == 400
    assert "cursor" in response.text


def test_a_page_that_missed_very_much_is_told_to_load_anew(tick, case, ada):
    for _ in range(201):
        conversation.add_note(case, by=ada, body="Hm.")
    assert tick(ada, 2, "desk")["HX-Refresh"] == "true"
