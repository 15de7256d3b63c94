"""Who is away is said on their own page, or by who leads, and shown wherever an agent is chosen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import absences, triage


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def abe_away(abe):
    end = timezone.localtime() + timedelta(days=30)
    end = end.replace(hour=0, minute=0, second=0, microsecond=0)
    absences.say_away(abe, by=abe, start=timezone.now() - timedelta(hours=1), end=end)
    return f"away until {end:%a} {end.day} {end:%b}"


def test_one_says_it_on_the_own_profile_and_takes_it_back(browser_of, ada):
    browser = browser_of(ada)
    assert "First day away" in browser.get(reverse("account_profile")).text
    typed = {"from_day": in_days(0), "back_day": in_days(7), "back_time": "14:00"}
    page = browser.post(reverse("absence", args=[ada.pk]), typed, follow=True)
    assert page.redirect_chain[-1][0] == reverse("account_profile")
    assert "You are away until" in page.text
    ada.refresh_from_db()
    assert timezone.localtime(ada.away_from).hour == 0
    assert ada.is_away
    page = browser.post(reverse("absence_removal", args=[ada.pk]), follow=True)
    assert "You are here." in page.text
    ada.refresh_from_db()
    assert not ada.goes_away


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose the first day away."),
        ({"from_day": "x", "back_day": "2027-01-01"}, "Choose the first day away."),
        ({"from_day": "2026-11-01", "back_day": "2026-11-01", "back_time": "25:00"}, "such as 14:30"),
        ({"from_day": "0001-01-01", "back_day": "9999-12-31"}, "more than a year ahead"),
        ({"from_day": "2026-11-02", "back_day": "2026-11-01"}, "ends before it begins"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_what_was_typed(browser_of, ada, typed, sentence):
    page = browser_of(ada).post(reverse("absence", args=[ada.pk]), typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert typed.get("back_day", "") in page.text


def test_an_agent_says_it_for_nobody_else_and_a_lead_does(browser_of, ada, abe, lena):
    typed = {"from_day": in_days(0), "back_day": in_days(2)}
    assert browser_of(ada).post(reverse("absence", args=[abe.pk]), typed).status_code == 403
    browser = browser_of(lena)
    assert reverse("absence", args=[abe.pk]) in browser.get(reverse("people")).text
    page = browser.post(reverse("absence", args=[abe.pk]), typed, follow=True)
    assert page.redirect_chain[-1][0] == reverse("people")
    assert "Abe is away until" in page.text


def test_a_customer_has_no_absence(browser_of, lena, cleo):
    assert browser_of(lena).get(reverse("absence", args=[cleo.pk])).status_code == 404
    assert "First day away" not in browser_of(cleo).get(reverse("account_profile")).text


def test_a_case_its_menus_and_the_queue_say_who_is_away(browser_of, ada, abe, case, abe_away):
    browser, page = browser_of(ada), reverse("desk_case", args=[case.number])
    assert f"Abe · {abe_away}" in browser.get(page).text
    triage.assign(case, by=ada, assignee=abe)
    assert f"Abe is {abe_away}." in browser.get(page).text
    assert '<span class="hidden">Away: </span></span> Abe</span>' in browser.get(reverse("queue")).text


def test_a_mention_of_somebody_away_says_so(browser_of, ada, abe, case, abe_away):
    browser = browser_of(ada)
    assert f"Abe · {abe_away}" in browser.get(reverse("agents"), {"q": "ab", "case": case.number}).text
    page = browser.post(reverse("desk_notes", args=[case.number]), {"body": "@abe look"}, follow=True)
    assert f"Abe is {abe_away}." in page.text


def test_a_lead_says_how_many_cases_somebody_has_at_once(browser_of, ada, abe, lena):
    page = reverse("capacity", args=[abe.pk])
    assert browser_of(ada).post(page, {"capacity": 3}).status_code == 403
    browser = browser_of(lena)
    assert 'value="3"' in browser.post(page, {"capacity": "3"}, follow=True).text
    for wrong, sentence in (("many", "Type a number"), ("-1", "0"), ("1" * 30, "999")):
        answer = browser.post(page, {"capacity": wrong})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert wrong in answer.text
    abe.refresh_from_db()
    assert abe.capacity == 3
    browser.post(page, {"capacity": ""})
    abe.refresh_from_db()
    assert abe.capacity is None
