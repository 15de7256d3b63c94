from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, resolution, triage
from cases.actions.events import history, record
from cases.models import Kind, Severity, Status
from cases.models.case import NEVER
from cases.queries import queue
from tests.factories import CaseFactory, SystemFactory


def opened(minutes_ago, **fields):
    with history(timezone.now() - timedelta(minutes=minutes_ago)):
        return CaseFactory(**fields)


def shown(response):
    return [row["number"] for row in response.context["page"].rows]


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    return lambda **filters: browser.get(reverse("queue"), filters)


def test_what_waits_longest_on_us_comes_first(desk, ada):
    recent, old, answered = opened(5), opened(90), opened(200)
    conversation.reply(answered, by=ada, body="Your turn.")
    assert shown(desk()) == [old.number, recent.number, answered.number]


def test_of_cases_that_wait_equally_long_the_worst_comes_first(desk):
    at = timezone.now() - timedelta(hours=1)
    with history(at):
        low, critical = CaseFactory(severity=Severity.LOW), CaseFactory(severity=Severity.CRITICAL)
    assert shown(desk()) == [critical.number, low.number]


def test_resolved_and_closed_cases_are_not_in_the_queue_unless_asked_for(desk, ada, case):
    resolution.resolve(case, by=ada, resolution="Done.")
    assert shown(desk()) == []
    assert shown(desk(status="resolved")) == [case.number]
    assert shown(desk(status="all")) == [case.number]


def test_filters_narrow_the_queue(desk, ada, abe, case):
    other = CaseFactory(severity=Severity.LOW, system=SystemFactory(name="Scale"))
    triage.set_priority(other, by=ada, priority=4)
    triage.set_area(other, by=ada, area="network")
    triage.assign(other, by=ada, assignee=ada)
    triage.set_status(other, by=ada, status=Status.INVESTIGATING)
    for name, value in {
        "severity": 4,
        "priority": 4,
        "area": "network",
        "system": other.system.pk,
        "assignee": "me",
        "status": "investigating",
    }.items():
        assert shown(desk(**{name: value})) == [other.number], name
    assert shown(desk(assignee="none")) == [case.number]
    assert shown(desk(assignee=abe.pk)) == []


@pytest.mark.parametrize(
    "text", ["reader", "REFUSED morning", "“every card”", "cleo", "cleo@example.com", "door", '"so called"']
)
def test_words_find_a_case_by_summary_name_address_and_what_was_said(desk, ada, case, text):
    conversation.reply(case, by=ada, body="Is it the one at the door?")
    conversation.add_note(case, by=ada, body="A so called feature.")
    CaseFactory(summary="Something else", description="Quite different.")
    assert shown(desk(q=text)) == [case.number]


def test_a_number_and_a_reference_find_exactly(desk, case):
    CaseFactory(summary=f"Like {case.number}")
    case.refresh_from_db()
    assert shown(desk(q=str(case.number))) == [case.number]
    assert shown(desk(q=f"#{case.number}")) == [case.number]
    assert shown(desk(q=str(case.reference))) == [case.number]


@pytest.mark.parametrize(
    "text", ["!!!", "&", "a" * 200, "it's", "'", "\\", "<->", "99999999999999999999", "  "]
)
def test_no_search_is_an_error(desk, case, text):
    assert desk(q=text).status_code == 200


def test_an_unknown_filter_is_left_out_with_a_sentence(desk, case):
    response = desk(severity="9", assignee="somebody", status="lost")
    assert shown(response) == [case.number]
    assert "“9” is not a known severity, so it was ignored." in response.text
    assert "“lost” is not a known status" in response.text


def test_what_is_no_filter_is_said_and_nothing_is_offered_for_the_whole_view(desk, case):
    assert 'value="view"' in desk().text
    for filters in ({"colour": "red"}, {"severity": "9"}):
        response = desk(**filters)
        assert ", so it was ignored." in response.text
        assert 'value="view"' not in response.text


def pages(desk, **filters):
    """The numbers on each page from the first to the last, and on the way back."""
    there, back, place = [], [], {}
    while True:
        response = desk(**filters, **place)
        there.append(shown(response))
        page = response.context["page"]
        if not page.after:
            break
        place = {"after": page.after}
    while page.before:
        response = desk(**filters, before=page.before)
        page = response.context["page"]
        back.append(shown(response))
    return there, back


ORDERS = [
    *(("", name) for name in queue.ORDERS["active"]),
    *(("closed", name) for name in queue.ORDERS["history"]),
    *(("snoozed", name) for name in queue.ORDERS["snoozed"]),
]


@pytest.mark.parametrize(("status", "order"), ORDERS)
def test_pages_follow_each_other_in_every_order_and_both_directions(desk, ada, status, order, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 4)
    at = timezone.now()
    cases = [opened(minutes // 2, severity=minutes % 3 + 1) for minutes in range(14, 0, -1)]
    for case in cases:
        if status == "closed":
            resolution.close(case, by=ada)
        elif status == "snoozed":
            record(
                case.locked(), Kind.SNOOZED, by=ada, snoozed_until=at + timedelta(hours=case.number % 3 + 1)
            )
        elif case.number % 2:
            record(case.locked(), Kind.TEAM, by=ada, due_at=at + timedelta(hours=case.number % 3 + 1))
    there, back = pages(desk, status=status, order=order)
    found = [number for page in there for number in page]
    assert sorted(found) == sorted(case.number for case in cases)
    assert [len(page) for page in there] == [4, 4, 4, 2]
    assert back == there[-2::-1]
    rows = {row["number"]: row for row in queue.narrowed(ada, {"status": "all"}).values()}

    def place(number):
        key = {
            "waiting": ["waiting_on", "waiting_since", "severity"],
            "due": ["due_at"],
            "severity": ["severity", "waiting_on", "waiting_since"],
            "newest": [],
            "activity": ["changed_at"],
            "wakes": ["snoozed_until"],
        }[order]
        return [rows[number][name] or NEVER for name in key if name != "waiting_on"] + [number]

    assert found == sorted(found, key=place, reverse=order in ("newest", "activity"))


def test_what_has_no_due_time_comes_after_all_that_has_one(desk, ada, case):
    due = CaseFactory()
    record(due.locked(), Kind.TEAM, by=ada, due_at=timezone.now() + timedelta(days=300))
    assert shown(desk(order="due")) == [due.number, case.number]


def test_due_soon_and_overdue_are_told_apart(desk, ada, case):
    over = CaseFactory()
    record(over.locked(), Kind.TEAM, by=ada, due_at=timezone.now() - timedelta(minutes=5))
    record(case.locked(), Kind.TEAM, by=ada, due_at=timezone.now() + timedelta(hours=1))
    assert shown(desk(due="soon", order="due")) == [over.number, case.number]
    assert shown(desk(due="over")) == [over.number]
    assert ">overdue: </span>due by <time" in desk(due="over").text


@pytest.mark.parametrize(
    ("status", "filters"),
    [
        ("closed", {"waiting": 0}),
        ("closed", {"waiting": 1}),
        ("closed", {"due": "over"}),
        ("resolved", {"due": "soon"}),
    ],
)
def test_what_no_case_can_be_is_not_searched_for_in_all_of_history(
    desk, ada, case, django_assert_num_queries, status, filters
):
    cases = queue.narrowed(ada, {"status": status} | filters)
    with django_assert_num_queries(0):
        assert queue.page(cases, queue.NEWEST).rows == []
    assert shown(desk(status=status, **filters)) == []


def test_a_snoozed_case_leaves_the_queue_until_it_is_asked_for(desk, ada, case):
    record(case.locked(), Kind.SNOOZED, by=ada, snoozed_until=timezone.now() + timedelta(hours=1))
    assert shown(desk()) == shown(desk(status="open")) == []
    assert shown(desk(status="snoozed")) == shown(desk(status="all")) == [case.number]
    assert "snoozed until" in desk(status="snoozed").text


def test_an_order_that_a_status_does_not_offer_is_replaced_by_the_usual_one(desk, ada, case):
    resolution.close(case, by=ada)
    response = desk(status="closed", order="severity")
    assert shown(response) == [case.number]
    assert response.context["order"] == "newest"


def test_a_place_in_another_order_is_not_taken_for_one_in_this(desk, monkeypatch, case):
    monkeypatch.setattr(queue, "PAGE", 1)
    CaseFactory()
    after = desk(order="newest").context["page"].after
    assert "That page no longer exists, so here’s the first." in desk(order="waiting", after=after).text


def test_tags_are_shown_and_narrow_the_queue(desk, ada, case):
    CaseFactory()
    record(case.locked(), Kind.TAGS, by=ada, tags=["vat"])
    response = desk(tag=" VAT ")
    assert shown(response) == [case.number]
    assert '<span class="tag">vat</span>' in response.text


def test_a_row_shows_text_and_never_markup(desk, cleo):
    CaseFactory(customer=cleo, customer_name="<b>Cleo</b>", summary="<script>alert(1)</script>{0}")
    text = desk().text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{0}" in text
    assert "<b>Cleo" not in text


@pytest.mark.parametrize("after", ["x", "WzEsMiwzXQ:forged", "'", "1" * 500])
def test_a_forged_place_starts_at_the_beginning_with_a_sentence(desk, case, after):
    response = desk(after=after)
    assert shown(response) == [case.number]
    assert "That page no longer exists, so here’s the first." in response.text


def test_an_empty_queue_says_so(desk, ada, case):
    resolution.close(case, by=ada)
    with CaptureQueriesContext(connection) as queries:
        assert "All caught up." in desk().text
    assert not [query for query in queries if "SELECT 1 AS" in query["sql"] and "cases_case" in query["sql"]]
    assert "No cases match these filters." in desk(severity=1).text


def test_a_page_holds_as_many_rows_as_it_says(desk):
    for minutes in range(queue.PAGE + 1):
        opened(minutes)
    response = desk()
    assert len(shown(response)) == queue.PAGE
    assert "Next page" in response.text
