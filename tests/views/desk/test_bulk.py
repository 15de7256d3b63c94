import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import bulk, resolution
from cases.models import Bulk, BulkItem, Case, Macro
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def asked(browser, cases=(), **fields):
    data = {"change": "priority=1", "case": [case.number for case in cases]} | fields
    return browser.post(reverse("bulk_start"), data, follow=True)


def test_chosen_cases_are_changed_and_the_queue_comes_back_as_it_was(desk, case):
    other = CaseFactory()
    response = asked(desk, [case], query="severity=2&order=newest")
    assert response.redirect_chain[-1][0] == f"{reverse('queue')}?severity=2&order=newest"
    assert "1 case is being changed." in response.text
    bulk.run(Bulk.objects.get())
    assert list(Case.objects.filter(priority=1)) == [case]
    assert other.priority is None


def test_a_whole_view_asks_first_and_says_how_many_it_holds(desk, case):
    CaseFactory(severity=4)
    response = asked(desk, query="severity=2", scope="view")
    assert "This changes 1 case of the view" in response.text
    assert Bulk.objects.count() == 0
    asked(desk, **said_yes_to(response))
    bulk.run(Bulk.objects.get())
    assert list(Case.objects.filter(priority=1)) == [case]


def test_a_view_with_the_longest_search_there_can_be_is_changed_with_all_its_filters(desk, case):
    query = urlencode({"q": "🧾" * 200, "tag": "🧾" * 40, "after": "x" * 200, "severity": "4"})
    assert asked(desk, query=query, scope="view").context["query"] == query


def said_yes_to(page):
    """What the page posts of the view."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return {name: fields[name] for name in fields.keys() - {"csrfmiddlewaretoken", "change", "tag", "token"}}


def test_a_whole_view_into_which_cases_came_is_asked_about_again(desk, case):
    page = asked(desk, scope="view")
    newer = CaseFactory()
    page = asked(desk, **said_yes_to(page))
    assert "Since you opened it, 1 case came into the view. This changes all 2 cases" in page.text
    assert Bulk.objects.count() == 0
    asked(desk, **said_yes_to(page))
    assert set(Bulk.objects.get().items.values_list("case", flat=True)) == {case.number, newer.number}


def test_a_case_in_the_place_of_another_is_asked_about_too(desk, ada, case):
    older = CaseFactory()
    resolution.close(older, by=ada)
    CaseFactory()
    page = asked(desk, scope="view")
    resolution.close(case, by=ada)
    resolution.reopen(older, by=ada)
    again = asked(desk, **said_yes_to(page))
    assert (
        "Since you opened it, 1 case came into the view and 1 left it. This changes all 2 cases" in again.text
    )
    assert Bulk.objects.count() == 0


def test_a_whole_view_that_cases_have_left_says_how_many_are_left(desk, ada, case):
    other = CaseFactory()
    page = asked(desk, scope="view")
    resolution.close(case, by=ada)
    page = asked(desk, **said_yes_to(page))
    assert "Since you opened it, 1 case left the view. This changes 1 case" in page.text
    asked(desk, **said_yes_to(page))
    assert [item.case_id for item in Bulk.objects.get().items.all()] == [other.number]


@pytest.mark.parametrize("confirmed", ["", "x", "-1 999999999999999999999999", "1,2"])
def test_a_yes_to_no_case_that_is_there_is_none(desk, case, confirmed):
    assert "This changes 1 case of the view" in asked(desk, scope="view", confirmed=confirmed).text
    assert Bulk.objects.count() == 0


def test_a_form_that_is_sent_twice_is_one_change_and_leads_to_it(desk, case):
    token = re.search(r'name="token" value="([^"]+)"', desk.get(reverse("queue")).text)[1]
    asked(desk, [case], token=token)
    again = asked(desk, [case], token=token)
    found = Bulk.objects.get()
    assert again.redirect_chain[-1][0] == reverse("bulk", args=[found.pk])
    assert "You’ve already sent this." in again.text


def test_a_whole_view_is_changed_once_even_when_its_cases_have_left_it_since(desk, ada, case):
    once = {"change": "status=closed", "scope": "view", "token": str(uuid4())}
    page = asked(desk, **once)
    assert f'name="token" value="{once["token"]}"' in page.text
    once |= said_yes_to(page)
    asked(desk, **once)
    bulk.run(Bulk.objects.get())
    assert "You’ve already sent this." in asked(desk, **once).text
    assert Bulk.objects.count() == 1


def test_a_page_that_one_goes_back_to_may_ask_for_something_else(desk, case):
    token = str(uuid4())
    other = CaseFactory()
    asked(desk, [case], token=token)
    again = asked(desk, [other], token=token)
    assert "You’ve already sent this." not in again.text
    assert {item.case_id for item in BulkItem.objects.all()} == {case.number, other.number}


def test_one_agents_token_is_nothing_to_another(desk, abe, case, browser_of):
    token = str(uuid4())
    asked(desk, [case], token=token)
    asked(browser_of(abe), [case], token=token)
    assert Bulk.objects.count() == 2


def test_a_view_that_holds_too_many_is_refused_before_it_begins(desk, case, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 1)
    CaseFactory()
    assert "more than 1 cases" in asked(desk, scope="view").text
    every = " ".join(map(str, Case.objects.values_list("number", flat=True)))
    assert "cases. Add filters first." in asked(desk, scope="view", confirmed=every).text
    assert Bulk.objects.count() == 0


def test_the_pages_place_does_not_narrow_the_whole_view(desk, case):
    assert "This changes 1 case of the view" in asked(desk, query="after=nonsense", scope="view").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"change": ""}, "Choose what to change."),
        ({"change": "delete=all"}, "That’s no longer available. Choose what to change again."),
        ({"change": "tag=", "tag": " "}, "Type the tag to add."),
        ({"change": "tag=", "tag": "x" * 41}, "at most 40 characters"),
        ({"change": "macro=999999"}, "That’s no longer available. Choose what to change again."),
        ({"token": "x"}, "Enter a valid UUID."),
        ({"query": "severity=2&q=" + "x" * 4000}, "Nothing was changed."),
        ({"query": "severity=2&q=" + "x" * 4000, "scope": "view"}, "Nothing was changed."),
        ({"case": []}, "Choose at least one case."),
        ({"case": ["x", "-1", "9" * 30]}, "Choose at least one case."),
        ({"scope": "view", "query": "severity=9"}, "That view has changed."),
        ({"scope": "view", "query": "sevrity=2"}, "That view has changed."),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(desk, case, fields, sentence):
    assert sentence in asked(desk, [case], **fields).text
    assert Bulk.objects.count() == 0


def test_a_tag_that_is_typed_is_added(desk, case):
    asked(desk, [case], change="tag=", tag="Billing")
    assert Bulk.objects.get().change["label"] == "Add the tag Billing"
    bulk.run(Bulk.objects.get())
    assert list(Case.objects.filter(tags=["billing"])) == [case]


def test_a_tag_and_a_whole_view_are_asked_for_once_more_together(desk, case):
    text = asked(desk, change="tag=", tag="billing", scope="view").text
    assert '<input type="hidden" name="change" value="tag=">' in text
    assert '<input type="hidden" name="tag" value="billing">' in text


def test_cases_sleep_until_the_morning_of_the_agent_who_asked(desk, case):
    desk.cookies["tz"] = "Asia/Tokyo"
    asked(desk, [case], change="snooze=tomorrow")
    bulk.run(Bulk.objects.get())
    wakes = Case.objects.get(pk=case.pk).snoozed_until.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (wakes.hour, wakes.minute) == (9, 0)
    assert wakes.date() == timezone.now().astimezone(ZoneInfo("Asia/Tokyo")).date() + timedelta(days=1)


def test_macros_that_change_something_are_offered_and_say_what_they_send(desk, ada, abe, case):
    Macro.objects.create(name="Only words", owner=ada, body="Hello.")
    Macro.objects.create(name="Someone else’s", owner=abe, priority=1)
    Macro.objects.create(name="Raise", owner=ada, priority=1)
    macro = Macro.objects.create(name="Looking", owner=ada, body="We look.", priority=1)
    page = desk.get(reverse("queue")).text
    assert ">Raise<" in page
    assert ">Looking (sends its reply)<" in page
    assert "Only words" not in page
    assert "Someone else" not in page
    asked(desk, [case], change=f"macro={macro.pk}-{macro.version}")
    assert Bulk.objects.get().change["label"] == "Macro: Looking (sends its reply)"


@pytest.mark.parametrize("scope", ["chosen", "view"])
def test_a_macro_that_was_changed_since_it_was_shown_is_chosen_again(desk, ada, case, scope):
    macro = Macro.objects.create(name="Raise", owner=ada, priority=2)
    change = f"macro={macro.pk}-{macro.version}"
    assert f'value="{change}"' in desk.get(reverse("queue")).text
    Macro.objects.filter(pk=macro.pk).update(status="investigating")
    assert (
        "That’s no longer available. Choose what to change again."
        in asked(desk, [case], change=change, scope=scope).text
    )
    assert Bulk.objects.count() == 0


def test_progress_is_shown_with_what_could_not_be_changed(desk, ada, case):
    found = bulk.start(by=ada, name="priority", value=1, label="Priority: P1", cases=[case.number, 999_999])
    page = reverse("bulk", args=[found.pk])
    text = desk.get(page).text
    assert "0 of 2 cases are done." in text
    assert "hx-get" in text
    bulk.run(found)
    text = desk.get(page).text
    assert "Done: 2 cases, of which 1 could not be changed." in text
    assert "This case no longer exists." in text
    assert 'hx-trigger="load' not in text


def test_a_running_change_can_be_stopped(desk, ada, case):
    found = bulk.start(by=ada, name="priority", value=1, label="", cases=[case.number])
    response = desk.post(reverse("bulk_stop", args=[found.pk]), follow=True)
    assert "Stopped: 0 of 1 cases were done" in response.text


def test_a_change_that_stopped_by_itself_says_why(desk, ada, case):
    found = bulk.start(by=ada, name="priority", value=1, label="", cases=[case.number])
    bulk.stop(found, because="Ada is no longer an agent.")
    text = desk.get(reverse("bulk", args=[found.pk])).text
    assert "the others are as they were. Ada is no longer an agent." in text


def test_nobody_sees_or_stops_what_another_agent_asked_for(abe, ada, case, browser_of):
    found = bulk.start(by=ada, name="priority", value=1, label="", cases=[case.number])
    for name in ("bulk", "bulk_stop"):
        browser, url = browser_of(abe), reverse(name, args=[found.pk])
        assert (browser.get if name == "bulk" else browser.post)(url).status_code == 404
