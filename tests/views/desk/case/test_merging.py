"""Tags, times, handing over, links and merging through the pages of desk and customers."""

import re
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, merging, promises, resolution, snooze, triage
from cases.models import Case, Event, Link
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def other(cleo, till):
    return CaseFactory(customer=cleo, system=till, summary="The drawer does not open")


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def address(name, case, *more):
    return reverse(f"desk_{name}", args=[case.number, *more])


def page(browser, case):
    return browser.get(reverse("desk_case", args=[case.number])).text


def now(case):
    return Case.objects.get(pk=case.pk)


def test_tags_are_added_and_removed(desk, case):
    assert desk.post(address("tags", case), {"add": "VIP, Card reader"}).status_code == 302
    assert now(case).tags == ["card reader", "vip"]
    text = page(desk, case)
    assert "Remove the tag card reader" in text
    assert f"{reverse('queue')}?tag=card%20reader" in text
    desk.post(address("tags", case), {"remove": "vip"})
    assert now(case).tags == ["card reader"]


def test_tags_of_other_open_cases_are_offered_and_those_it_has_are_not(desk, ada, case, other):
    triage.set_tags(case, by=ada, tags=["vip"])
    triage.set_tags(other, by=ada, tags=["vip", "drawer"])
    assert f'hx-get="{address("known_tags", case)}"' in page(desk, case)
    text = desk.get(address("known_tags", case)).text
    assert '<option value="drawer">' in text
    assert '<option value="vip">' not in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"add": ""}, "Type a tag to add."), ({"add": "x" * 41}, "40 characters at most")],
)
def test_a_tag_that_does_not_fit_is_refused_beside_what_was_typed(desk, case, fields, sentence):
    for headers in ({}, HTMX):
        response = desk.post(address("tags", case), fields | {"after": case.last_sequence}, headers=headers)
        assert response.status_code == 422
        assert sentence in response.text
        assert f'value="{fields["add"]}"' in response.text
    assert now(case).tags == []


def test_with_htmx_what_was_saved_comes_back_and_says_so(desk, case):
    fields = {"add": "vip", "after": case.last_sequence}
    text = desk.post(address("tags", case), fields, headers=HTMX).text
    assert 'id="details"' in text
    assert "added the tag vip" in text
    assert '<span hx-swap-oob="innerHTML:#saved">Saved</span>' in text
    fields = {"severity": "1", "after": now(case).last_sequence}
    text = desk.post(address("severity", case), fields, headers=HTMX).text
    assert 'Severity <span class="saved">Saved</span>' in text


def test_a_preset_means_the_agents_own_morning(desk, case):
    desk.cookies["tz"] = "America/New_York"
    desk.post(address("promises", case), {"preset": "tomorrow"})
    due = now(case).due_at.astimezone(ZoneInfo("America/New_York"))
    assert (due.hour, due.minute) == (9, 0)
    desk.post(address("promises", case), {"clear": "yes"})
    assert now(case).due_at is None


def test_a_time_of_ones_own_is_in_ones_own_zone(desk, case):
    desk.cookies["tz"] = "Asia/Tokyo"
    day = timezone.localdate() + timedelta(days=3)
    desk.post(address("promises", case), {"at": f"{day}T10:30"})
    assert now(case).due_at.astimezone(ZoneInfo("Asia/Tokyo")).isoformat().startswith(f"{day}T10:30")


@pytest.mark.parametrize("name", ["promises", "snooze"])
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose a day and a time."),
        ({"preset": "never"}, "Choose a day and a time."),
        ({"at": "soon"}, "Choose a day and a time."),
        ({"at": "2001-01-01T10:00"}, "That time has passed."),
        ({"at": "9000-01-01T10:00"}, "more than a year ahead"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_sentence(desk, case, name, fields, sentence):
    response = desk.post(address(name, case), fields)
    assert response.status_code == 422
    assert sentence in response.text
    assert (now(case).due_at, now(case).snoozed_until) == (None, None)


def test_what_is_overdue_is_said_in_words(desk, ada, case, monkeypatch):
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    assert "<span data-late hidden>overdue: </span>promised by" in page(desk, case)
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert '<span class="owed overdue"><span data-late>overdue: </span>promised by' in page(desk, case)


def test_a_snoozed_case_says_until_when_and_is_woken(desk, case):
    desk.post(address("snooze", case), {"preset": "monday"})
    assert "Snoozed until" in page(desk, case)
    desk.post(address("waking", case))
    assert "Snoozed until" not in page(desk, case)
    assert "Ada</b> ended the snooze" in page(desk, case)


def test_a_customer_hears_nothing_of_tags_times_links_and_handing_over(
    desk, abe, cleo, case, other, browser_of
):
    desk.post(address("tags", case), {"add": "difficult"})
    desk.post(address("snooze", case), {"preset": "week"})
    desk.post(address("links", case), {"other": other.number})
    desk.post(address("handover", case), {"to": f"agent={abe.pk}", "note": "Careful."})
    assert case.events.filter(public=False).count() == 5
    text = browser_of(cleo).get(reverse("case", args=[case.number])).text
    for word in ("difficult", "snoozed", "Sleeps", "linked", "Careful", "Abe"):
        assert word not in text, word


def test_a_case_is_handed_to_a_colleague_or_a_team_with_a_note(desk, abe, team, case):
    text = page(desk, case)
    assert f'<option value="agent={abe.pk}">Abe' in text
    assert f'<option value="team={team.pk}">Engineering' in text
    desk.post(address("handover", case), {"to": f"agent={abe.pk}", "note": "The bank called."})
    assert now(case).assignee == abe
    desk.post(address("handover", case), {"to": f"team={team.pk}", "note": "Yours."})
    assert (now(case).assignee, now(case).team) == (None, team)
    assert "The bank called." in page(desk, case)


@pytest.mark.parametrize(
    ("to", "note", "sentence"),
    [
        ("", "Read this.", "Choose who takes over."),
        ("agent=999999", "Read this.", "no longer available"),
        ("customer", "Read this.", "no longer available"),
        ("agent=x", "Read this.", "no longer available"),
        ("me", "", "Write what they need to know."),
    ],
)
def test_a_handover_that_is_wrong_keeps_what_was_typed(desk, cleo, case, to, note, sentence):
    to = f"agent={cleo.pk}" if to == "customer" else to
    response = desk.post(address("handover", case), {"to": to, "note": note})
    assert response.status_code == 422
    assert sentence in response.text
    assert note in response.text
    assert now(case).assignee is None
    assert not case.events.filter(kind="note").exists()


def test_a_link_is_shown_on_both_sides_with_its_status(desk, ada, case, other):
    desk.post(address("links", case), {"other": f" #{other.number} "})
    resolution.close(other, by=ada)
    text = page(desk, case)
    assert re.search(r"#\d+ The drawer does not open <small>Closed</small>", text)
    assert address("link_removal", other, case.number) in page(desk, other)
    desk.post(address("link_removal", other, case.number))
    assert not Link.objects.exists()


@pytest.mark.parametrize("name", ["links", "merge"])
@pytest.mark.parametrize("number", ["", "0", "x", "999999", "9" * 40, "²"])
def test_a_case_that_is_not_there_cannot_be_linked_or_merged(desk, case, name, number):
    field = {"links": "other", "merge": "into"}[name]
    response = desk.post(address(name, case), {field: number})
    assert response.status_code == 422
    assert ("Enter the number" in response.text) is (number == "")
    assert ("There is no case" in response.text) is (number != "")


def test_the_customers_open_cases_are_offered_to_merge_into(desk, ada, case, other):
    closed = CaseFactory(customer=case.customer, summary="Old")
    resolution.close(closed, by=ada)
    text = page(desk, case)
    assert f"{address('merge', case)}?into={other.number}" in text
    assert f"{address('merge', case)}?into={closed.number}" not in text


def test_merging_says_first_what_it_does_and_then_does_it(desk, ada, case, other):
    conversation.reply(other, by=ada, body="Have you tried?")
    snooze.snooze(other, by=ada, until=timezone.now() + timedelta(days=1))
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    text = desk.get(address("merge", case), {"into": other.number}).text
    assert f"Merge case {case.number} into case {other.number}?" in text
    assert f"Case {case.number} is closed." in text
    assert f"Case {other.number} waits on us" in text
    assert f"Case {other.number} wakes up." in text
    assert f"Case {other.number} owes the next word by" in text
    assert now(case).merged_into is None
    response = desk.post(address("merge", case), {"into": other.number}, follow=True)
    assert response.redirect_chain == [(reverse("desk_case", args=[other.number]), 302)]
    assert f"Case {case.number} goes on here." in response.text
    assert "was merged into this one" in response.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_cannot_be_merged_is_said_before_and_after_asking(desk, case, method):
    stranger = CaseFactory()
    response = getattr(desk, method)(address("merge", case), {"into": stranger.number})
    assert response.status_code == 422
    assert "Only cases from the same customer can be merged. Link them instead." in response.text


def test_merging_into_a_merged_case_leads_on(desk, ada, cleo, case, other):
    third = CaseFactory(customer=cleo)
    merging.merge(other, by=ada, into=third)
    text = desk.get(address("merge", case), {"into": other.number}).text
    assert f"Case {other.number} goes on in case {third.number}, so this one does as well." in text
    desk.post(address("merge", case), {"into": other.number})
    assert now(case).merged_into == third


def test_a_merged_case_offers_the_way_on_and_separating_instead_of_composers(desk, ada, case, other):
    merging.merge(case, by=ada, into=other)
    text = page(desk, case)
    assert "This case continues in" in text
    assert reverse("desk_case", args=[other.number]) in text
    for gone in ("Send reply", "Add note", "Reopen", "Hand over", "Snooze"):
        assert gone not in text, gone
    response = desk.post(address("separation", case), follow=True)
    assert "is a case of its own again" in response.text
    assert "Send reply" in response.text
    assert now(case).merged_into is None


def test_what_was_said_in_the_merged_case_is_read_on_demand(desk, ada, cleo, case, other, browser_of):
    conversation.add_note(case, by=ada, body="Internally: the bank.")
    merging.merge(case, by=ada, into=other)
    text = page(desk, other)
    assert address("conversation", case) in text
    assert "Internally: the bank." not in text
    told = desk.get(address("conversation", case)).text
    assert "Since this morning every card is refused." in told
    assert "Internally: the bank." in told
    customer = browser_of(cleo)
    assert (
        reverse("case_conversation", args=[case.number])
        in customer.get(reverse("case", args=[other.number])).text
    )
    told = customer.get(reverse("case_conversation", args=[case.number])).text
    assert "Since this morning every card is refused." in told
    assert "Internally" not in told


def test_the_customer_is_led_on_and_never_told_of_internal_things(desk, ada, cleo, case, other, browser_of):
    merging.merge(case, by=ada, into=other)
    text = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert f"This case continues in case {other.number}" in text
    assert f'href="{reverse("case", args=[other.number])}"' in text
    assert "Send reply" not in text
    assert "Reopen and send" not in text
    assert "Separate" not in text
    assert "/desk/" not in text


def test_a_customer_who_writes_in_an_old_page_is_led_to_where_it_arrived(ada, cleo, case, other, browser_of):
    merging.merge(case, by=ada, into=other)
    customer, there = browser_of(cleo), reverse("case", args=[other.number])
    response = customer.post(reverse("case_replies", args=[case.number]), {"body": "Hello?"}, follow=True)
    assert response.redirect_chain[-1][0] == there
    assert "what you sent is there" in response.text
    fields = {"body": "Hello again?", "after": "2"}
    response = customer.post(reverse("case_replies", args=[case.number]), fields, headers=HTMX)
    assert response["HX-Redirect"] == there
    assert {"Hello?", "Hello again?"} <= set(other.events.values_list("body", flat=True))


def test_an_agent_who_writes_in_an_old_page_is_led_to_where_it_arrived(desk, ada, case, other):
    merging.merge(case, by=ada, into=other)
    response = desk.post(address("notes", case), {"body": "Mind the drawer."}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("desk_case", args=[other.number])
    assert "Mind the drawer." in response.text


def test_a_guest_who_may_not_see_the_other_case_is_told_to_sign_in(ada, claimed, other, guest_of):
    merging.merge(claimed, by=ada, into=other, anyway=True)
    guest = guest_of(claimed)
    text = guest.get(reverse("case", args=[claimed.number])).text
    assert "This case continues in another case. Sign in to read it." in text
    assert other.summary not in text
    said = other.events.count()
    for name in ("case_replies", "case_reopening", "case_confirmation"):
        response = guest.post(reverse(name, args=[claimed.number]), {"body": "Hello?"})
        assert response.status_code == 422
        assert "goes on in another one. Sign in to write there." in response.text
        assert "Hello?" in response.text
        assert other.summary not in response.text
    assert other.events.count() == said


def test_an_open_page_learns_of_a_merge(desk, ada, cleo, case, other, browser_of):
    before = case.last_sequence, other.last_sequence
    merging.merge(case, by=ada, into=other)
    customer = browser_of(cleo)
    text = customer.get(reverse("case_live", args=[case.number]), {"after": before[0]}).text
    assert "This case continues in" in text
    assert 'id="composer"' in text
    assert "Send reply" not in text
    text = desk.get(reverse("desk_live", args=[other.number]), {"after": before[1]}).text
    assert 'id="merged"' in text
    assert "was merged into this one" in text


def test_the_page_costs_the_same_with_many_links_and_merges(
    desk, ada, cleo, case, other, django_assert_max_num_queries
):
    def cost():
        with django_assert_max_num_queries(40) as seen:
            page(desk, case)
        return len(seen.captured_queries)

    merging.link(case, by=ada, other=other)
    merging.merge(CaseFactory(customer=cleo), by=ada, into=case)
    few = cost()
    for _ in range(5):
        merging.link(case, by=ada, other=CaseFactory(customer=cleo))
        merging.merge(CaseFactory(customer=cleo), by=ada, into=case)
    assert cost() == few


def neighbour(browser, case, key):
    """Where the key leads: the link as the case's page has it."""
    link = re.search(rf'href="([^"]+)" data-key="{re.escape(key)}"', page(browser, case)).group(1)
    return browser.get(link.replace("&amp;", "&")).url


@pytest.mark.parametrize(
    "query", ["", "order=newest", "order=due", "order=severity", "order=activity", "status=all"]
)
def test_next_and_previous_walk_the_queue_one_came_from(desk, ada, query):
    cases = [CaseFactory(severity=n % 3 + 1) for n in range(4)]
    promises.promise(cases[2], by=ada, due_at=timezone.now() + timedelta(hours=1))
    promises.promise(cases[1], by=ada, due_at=timezone.now() + timedelta(hours=2))
    listed = desk.get(f"{reverse('queue')}?{query}").text
    shown = [int(number) for number in re.findall(r'id="open-(\d+)"', listed)]
    assert len(shown) == 4
    for here, following in pairwise(shown):
        assert neighbour(desk, Case.objects.get(pk=here), "]") == reverse("desk_case", args=[following])
        assert neighbour(desk, Case.objects.get(pk=following), "[") == reverse("desk_case", args=[here])
    assert neighbour(desk, Case.objects.get(pk=shown[-1]), "]").startswith(reverse("queue"))
    assert neighbour(desk, Case.objects.get(pk=shown[0]), "[").startswith(reverse("queue"))


def test_the_snoozed_and_the_narrowed_queue_are_walked_as_well(desk, ada):
    cases = [CaseFactory(severity=2), CaseFactory(severity=4), CaseFactory(severity=2)]
    desk.get(reverse("queue"), {"severity": "2"})
    assert neighbour(desk, cases[0], "]") == reverse("desk_case", args=[cases[2].number])
    for hours, case in enumerate(cases, 1):
        snooze.snooze(case, by=ada, until=timezone.now() + timedelta(hours=hours))
    desk.get(reverse("queue"), {"status": "snoozed"})
    assert neighbour(desk, cases[0], "]") == reverse("desk_case", args=[cases[1].number])
    snooze.wake(cases[2], by=ada)
    assert neighbour(desk, Case.objects.get(pk=cases[2].pk), "]").startswith(reverse("queue"))


def test_the_place_is_where_the_case_stood_when_its_page_was_opened(desk, ada):
    cases = [CaseFactory() for _ in range(3)]
    desk.get(reverse("queue"))
    text = page(desk, cases[0])
    link = re.search(r'href="([^"]+)" data-key="]"', text).group(1)
    conversation.reply(cases[0], by=ada, body="Please try.")
    assert desk.get(link).url == reverse("desk_case", args=[cases[1].number])


def test_a_forged_place_leads_to_the_queue_and_the_end_is_said(desk, case):
    desk.get(reverse("queue"), {"order": "newest"})
    response = desk.get(address("next", case), {"place": "forged"}, follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('queue')}?order=newest"
    assert f"No case comes after case {case.number} in this queue." in response.text
    desk.cookies["queue"] = "severity=nonsense&team=" + "9" * 40
    assert desk.get(reverse("desk_case", args=[case.number])).status_code == 200
    assert desk.get(address("previous", case)).status_code == 302


def test_walking_on_reads_one_case(desk, case, django_assert_max_num_queries):
    for _ in range(5):
        CaseFactory()
    desk.get(reverse("queue"))
    link = re.search(r'href="([^"]+)" data-key="]"', page(desk, case)).group(1)
    with django_assert_max_num_queries(5) as seen:
        desk.get(link)
    assert "LIMIT 1" in seen.captured_queries[-1]["sql"]
    assert not Event.objects.filter(kind="note").exists()
