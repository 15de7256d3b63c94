"""Each person's page of what they hear, and how."""

import pytest
from django.urls import reverse

from cases.actions import preferences
from cases.models import NoticeChoice, Preferences, Way, Why
from cases.models.notification import HAPPENINGS, happenings_for
from cases.queries.notices import hears

pytestmark = pytest.mark.django_db

PAGE = "/accounts/notifications/"


def usual(person, **other):
    """What the page sends where nothing was touched."""
    ways = {why.value: sorted(one.usual) for why, one in happenings_for(person).items()}
    return ways | {"zone": "Europe/Berlin", "quiet_from": "", "quiet_until": ""} | other


def test_it_stores_what_differs_from_the_usual_and_nothing_else(browser_of, ada):
    browser = browser_of(ada)
    assert browser.post(PAGE, usual(ada)).status_code == 302
    assert not NoticeChoice.objects.exists()
    browser.post(PAGE, usual(ada, followed=["mail"], new=["desk"]))
    assert {one.why: one.ways for one in NoticeChoice.objects.all()} == {
        "followed": ["mail"],
        "new": ["desk"],
    }
    browser.post(PAGE, usual(ada, followed=["mail"]))
    assert [one.why for one in NoticeChoice.objects.all()] == ["followed"]
    assert hears(ada, Why.FOLLOWED, Way.MAIL)
    assert not hears(ada, Why.FOLLOWED, Way.DESK)


def test_it_shows_what_was_chosen(browser_of, ada):
    browser = browser_of(ada)
    browser.post(PAGE, usual(ada, new=["desk"], quiet_from="22:00", quiet_until="07:00"))
    page = browser.get(PAGE).text
    assert 'aria-label="On the desk: A new case for my team" checked' in page
    assert 'aria-label="By mail: A new case for my team">' in page
    assert '<option value="Europe/Berlin" selected>' in page
    assert 'value="22:00"' in page


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"quiet_from": "22:00"}, "Enter both a start and an end, or neither."),
        (
            {"quiet_from": "22:00", "quiet_until": "22:00"},
            "Quiet hours start and end at the same time. Choose another end.",
        ),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "Enter a valid time."),
        ({"new": ["pigeon"]}, "One of these ways is not offered."),
        ({"own": ["desk"]}, "One of these ways is not offered."),
        ({"zone": "Mars/Olympus"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_a_sentence_and_what_was_ticked_stays(browser_of, ada, other, says):
    answer = browser_of(ada).post(PAGE, usual(ada, assigned=["mail"]) | other)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'aria-label="On the desk: A case is given to me">' in answer.text
    assert not NoticeChoice.objects.exists()


def test_a_customer_who_would_hear_nothing_is_asked_first(browser_of, cleo):
    browser = browser_of(cleo)
    answer = browser.post(PAGE, {"zone": "UTC"})
    assert answer.status_code == 422
    assert (
        "You’d hear nothing about your cases: no answers, no requests, no closings. You’d have to check here. Tick the box below if that’s what you want."
        in answer.text
    )
    assert hears(cleo, Why.OWN, Way.MAIL)
    assert browser.post(PAGE, {"zone": "UTC", "deaf": "on"}).status_code == 302
    assert not hears(cleo, Why.OWN, Way.MAIL)
    assert browser.post(PAGE, {"zone": "UTC"}).status_code == 302  # and not asked again


def test_customers_are_offered_what_is_theirs_and_auditors_nothing(browser_of, cleo, otto):
    page = browser_of(cleo).get(PAGE).text
    assert "An answer in a case that I reported" in page
    assert "A new case for my team" not in page
    assert "Quiet hours" not in page
    assert "You get no notifications: your role only reads the desk." in browser_of(otto).get(PAGE).text
    browser_of(cleo).post(PAGE, usual(cleo, new=[]))
    assert not NoticeChoice.objects.exists()


def test_it_says_when_nobody_would_hear_of_a_new_case_of_a_team(browser_of, ada, abe, adam, team):
    team.members.set([ada, abe])
    assert "Nobody in" not in browser_of(ada).post(PAGE, usual(ada, new=[]), follow=True).text
    said = browser_of(abe).post(PAGE, usual(abe, new=[]), follow=True).text
    assert "Nobody in Engineering hears of a new case: administrators are told instead." in said


def test_every_reason_can_be_chosen(ada):
    assert set(HAPPENINGS) == set(Why)
    assert set(happenings_for(ada)) == set(Why)


def test_the_zone_of_the_browser_is_theirs_from_the_first_sign_in_until_they_choose(visitor, ada):
    ada.keep_address(verified=True)
    ada.set_password("long enough words")
    ada.save()
    for zone in ("Asia/Tokyo", "Europe/Berlin"):
        visitor.cookies["tz"] = zone
        visitor.post(reverse("account_login"), {"login": ada.email, "password": "long enough words"})
        visitor.post(reverse("account_logout"))
    assert Preferences.objects.get(person=ada).zone == "Asia/Tokyo"


def test_the_menu_leads_to_it(browser_of, cleo):
    assert f'href="{reverse("account_notifications")}"' in browser_of(cleo).get(reverse("cases")).text
    assert not Preferences.objects.exists()


def test_we_mailed_you_is_said_to_whom_we_mail(cleo, till, browser_of):
    report = {"system": till.pk, "summary": "It fails", "description": "All of it.", "severity": 2}
    for ways, is_said in (({}, True), ({Why.OWN: set()}, False)):
        preferences.choose(by=cleo, ways=ways, zone="UTC")
        page = browser_of(cleo).post(reverse("case_new"), report, follow=True)
        assert ("We’ve emailed you a link" in page.text) is is_said
        report["summary"] = "It fails again"
