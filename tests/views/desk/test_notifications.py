from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import conversation, notifications, resolution, triage
from cases.models import Notification, Preferences, User
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def notices(browser, **query):
    return browser.get(reverse("notices"), query).text


def test_the_page_says_who_did_what_in_which_case(case, ada, abe, cleo, browser_of):
    conversation.add_note(case, by=abe, body="@ada, <b>look</b>.")
    triage.assign(case, by=abe, assignee=ada)
    conversation.reply(case, by=cleo, body="Hello?")
    resolution.resolve(case, by=abe, resolution="Done.")
    text = notices(browser_of(ada))
    for words in ("Abe mentioned you", "Abe assigned the case to you", "Cleo wrote", "Abe resolved the case"):
        assert words in text
    assert "@ada, &lt;b&gt;look&lt;/b&gt;." in text
    assert f"#{case.number} {case.summary}" in text
    assert f"{reverse('desk_case', args=[case.number])}#event-3" in text
    assert text.index("Abe resolved the case") < text.index("Abe mentioned you")


def test_without_notices_it_says_how_one_gets_some(ada, browser_of):
    assert "No notices yet." in notices(browser_of(ada))


def test_pages_follow_each_other_and_cost_the_same(case, ada, abe, cleo, browser_of):
    browser = browser_of(ada)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            notices(browser)
        return len(queries)

    notifications.follow(case, by=ada)
    conversation.reply(case, by=cleo, body="Word 0.")
    before = cost()
    for n in range(1, 60):
        conversation.reply(case, by=cleo, body=f"Word {n}.")
    assert cost() == before
    first = browser.get(reverse("notices"))
    assert "Word 59." in first.text
    assert "Word 9." not in first.text
    second = notices(browser, before=first.context["earlier"])
    assert "Word 9." in second
    assert "Word 10." not in second


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "0", ""])
def test_an_odd_place_is_the_beginning(before, case, ada, browser_of):
    conversation.add_note(case, by=None, body="@ada")
    assert "mentioned you" in notices(browser_of(ada), before=before)


def test_opening_the_case_reads_its_notices(case, ada, abe, browser_of):
    conversation.add_note(case, by=abe, body="@ada")
    browser = browser_of(ada)
    assert "unread: </span> <b>1</b>" in " ".join(browser.get(reverse("queue")).text.split())
    page = browser.get(reverse("desk_case", args=[case.number])).text
    assert "unread:" not in page
    assert Notification.objects.get().read_at


def test_opening_another_case_reads_nothing(case, ada, abe, cleo, browser_of):
    conversation.add_note(case, by=abe, body="@ada")
    browser_of(ada).get(reverse("desk_case", args=[CaseFactory(customer=cleo).number]))
    assert not Notification.objects.get().read_at


def test_a_case_without_news_is_opened_without_an_update(case, ada, browser_of):
    browser = browser_of(ada)
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("desk_case", args=[case.number]))
    about = [query["sql"] for query in queries if "cases_notification" in query["sql"]]
    assert len(about) == 1
    assert about[0].lower().startswith("select count")


def test_all_are_read_at_once(case, ada, abe, browser_of):
    conversation.add_note(case, by=abe, body="@ada")
    assert 'class="unread"' in notices(browser_of(ada))
    text = browser_of(ada).post(reverse("notices_reading"), follow=True).text
    assert 'class="unread"' not in text
    assert Notification.objects.get().read_at


def test_the_bell_counts_to_ninety_nine(case, ada, browser_of):
    notifications.follow(case, by=ada)
    for _ in range(99):
        conversation.add_note(case, by=None, body="Hm.")
    count = lambda: browser_of(ada).get(reverse("notices_count")).text  # noqa: E731
    assert "<b>99</b>" in count()
    conversation.add_note(case, by=None, body="Hm.")
    assert "<b>99+</b>" in count()


def test_the_menu_of_the_bell_is_read_only_while_it_is_open(
    case, ada, abe, browser_of, django_assert_max_num_queries
):
    conversation.add_note(case, by=abe, body="@ada, look")
    browser, newest = browser_of(ada), 'aria-label="Newest notices"'
    with django_assert_max_num_queries(3):
        assert newest not in browser.get(reverse("notices_count")).text
    with django_assert_max_num_queries(4):
        assert newest in browser.get(reverse("notices_count"), {"open": "on"}).text


def test_what_happens_in_the_open_case_is_read_as_it_comes(case, ada, abe, browser_of):
    conversation.add_note(case, by=abe, body="@ada")
    text = browser_of(ada).get(reverse("notices_count"), {"case": case.number}).text
    assert "<b>" not in text
    assert browser_of(ada).get(reverse("notices_count"), {"case": 999_999}).status_code == 404


def test_customers_have_no_bell(case, cleo, browser_of):
    assert 'id="bell"' not in browser_of(cleo).get(reverse("case", args=[case.number])).text


class TestFollowing:
    def post(self, browser, case, data, **kwargs):
        return browser.post(reverse("desk_following", args=[case.number]), data, **kwargs)

    def test_by_htmx_the_details_come_back(self, case, ada, browser_of):
        text = self.post(browser_of(ada), case, {"following": "yes", "after": 2}, headers=HTMX).text
        assert 'id="details"' in text
        assert "Unfollow" in text
        text = self.post(browser_of(ada), case, {"following": "no", "after": 2}, headers=HTMX).text
        assert "Unfollow" not in text

    def test_without_script_the_page_comes_back(self, case, ada, abe, browser_of):
        notifications.follow(case, by=abe)
        text = self.post(browser_of(ada), case, {"following": "yes"}, follow=True).text
        assert "Followed by" in text
        assert "Abe, you" in text


class TestMentioning:
    def note(self, browser, case, body, **kwargs):
        return browser.post(reverse("desk_notes", args=[case.number]), {"body": body, "after": 2}, **kwargs)

    def test_whom_nobody_could_tell_is_said(self, case, ada, browser_of):
        for email in ("sam.ode@example.com", "sam.hill@example.com"):
            UserFactory(
                name=email.partition("@")[0].replace(".", " ").title(), email=email, role=User.Role.AGENT
            )
        text = self.note(browser_of(ada), case, "@sam and @zoe", headers=HTMX).text
        assert "@sam could be Sam Hill or Sam Ode, so nobody was told: write @sam.hill or @sam.ode." in text
        assert "@zoe is no agent here" in text
        assert "@zoe is no agent here" in self.note(browser_of(ada), case, "@zoe", follow=True).text

    def test_a_mention_is_emphasised_in_the_note_alone(self, case, ada, browser_of):
        browser = browser_of(ada)
        self.note(browser, case, "@abe")
        browser.post(reverse("desk_replies", args=[case.number]), {"body": "@abe"})
        text = browser.get(reverse("desk_case", args=[case.number])).text
        assert text.count('<b class="mention">@abe</b>') == 1

    def test_agents_are_offered_by_what_one_types(self, ada, abe, cleo, browser_of):
        text = browser_of(ada).get(reverse("agents"), {"q": "a"}).text
        assert 'data-handle="ada"' in text
        assert 'data-handle="abe"' in text
        assert "cleo" not in browser_of(ada).get(reverse("agents"), {"q": ""}).text


class TestWhatADeviceSays:
    def news(self, browser, **asked):
        return browser.get(reverse("notices_news"), asked).json()

    def test_is_what_came_after_the_last_without_a_word_of_anybodys(self, case, ada, abe, browser_of):
        browser = browser_of(ada)
        assert self.news(browser)["news"] == []
        event = conversation.add_note(case, by=abe, body="@ada, the secret.")
        told = self.news(browser, after=0)
        assert told["news"] == [
            {
                "title": f"Case {case.number}",
                "body": "Mentioned you",
                "address": f"/desk/cases/{case.number}/#event-{event.sequence}",
                "tag": f"case-{case.number}",
            }
        ]
        assert self.news(browser)["news"] == []  # whoever begins to listen hears of nothing old
        assert self.news(browser, after=told["newest"])["news"] == []
        (worded,) = self.news(browser, after=0, summary="on")["news"]
        assert worded["title"] == f"Case {case.number}: {case.summary}"
        assert worded["body"] == "Abe mentioned you"

    def test_is_nothing_in_quiet_hours_nor_what_was_read_elsewhere(self, case, ada, abe, browser_of):
        conversation.add_note(case, by=abe, body="@ada")
        browser = browser_of(ada)
        quiet = Preferences.objects.create(person=ada, quiet_from=time(0), quiet_until=time(23, 59, 59))
        assert self.news(browser, after=0)["news"] == []
        quiet.delete()
        assert len(self.news(browser, after=0)["news"]) == 1
        notifications.read(case, by=ada)
        assert self.news(browser, after=0)["news"] == []

    def test_is_a_number_where_much_came(self, case, ada, cleo, browser_of):
        notifications.follow(case, by=ada)
        for _ in range(5):
            conversation.reply(case, by=cleo, body="Hm.")
        assert [one["title"] for one in self.news(browser_of(ada), after=0)["news"]] == ["5 unread notices"]
