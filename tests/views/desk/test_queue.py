import re
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, promises, resolution, triage
from cases.actions.events import history, record
from cases.models import Kind, Severity, Status, View
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
    assert "“9” is not a known severity, so it was left out." in response.text
    assert "“lost” is not a known status" in response.text


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
            record(case.locked(), Kind.DUE, by=ada, due_at=at + timedelta(hours=case.number % 3 + 1))
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
    record(due.locked(), Kind.DUE, by=ada, due_at=timezone.now() + timedelta(days=300))
    assert shown(desk(order="due")) == [due.number, case.number]


def test_due_soon_and_overdue_are_told_apart(desk, ada, case):
    over = CaseFactory()
    record(over.locked(), Kind.DUE, by=ada, due_at=timezone.now() - timedelta(minutes=5))
    record(case.locked(), Kind.DUE, by=ada, due_at=timezone.now() + timedelta(hours=1))
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
def test_what_no_case_can_be_is_not_searched_for_in_all_of_history(ada, status, filters):
    cases = queue.narrowed(ada, {"status": status} | filters).order_by("-number").values("number")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        # An ANALYZE outlives the test that asked for it: the plan is for a table of which nothing is known.
        cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'cases_case'::regclass")
        cursor.execute("UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE oid = 'cases_case'::regclass")
    assert re.search(r"Index Cond: .*status.*status|One-Time Filter: false", cases.explain())


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
    assert "That place in the queue is not known" in desk(order="waiting", after=after).text


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
    assert "That place in the queue is not known" in response.text


def test_an_empty_queue_says_so(desk):
    assert "Nothing waits." in desk().text
    assert "No case matches these filters." in desk(severity=1).text


class TestTheLiveQueue:
    @pytest.fixture
    def tick(self, ada, browser_of):
        browser = browser_of(ada)
        return lambda **query: browser.get(reverse("queue_live"), query)

    def shown(self, *cases):
        for case in cases:
            case.refresh_from_db()
        return " ".join(f"{case.number}.{case.last_sequence}" for case in cases)

    def test_nothing_new_is_nothing_sent(self, tick, case):
        assert tick(shown=self.shown(case)).status_code == 204

    def test_nothing_new_costs_one_query(self, tick, desk, case, django_assert_num_queries):
        version, before = desk().context["version"], self.shown(case)
        with django_assert_num_queries(3):  # the session, the user, and the newest event
            assert tick(shown=before, version=version).status_code == 204

    def test_a_version_of_before_is_looked_at_closely(self, tick, desk, ada, case):
        version, before = desk().context["version"], self.shown(case)
        triage.assign(case, by=ada, assignee=ada)
        text = tick(shown=before, version=version).text
        assert f'id="row-{case.number}"' in text
        assert f'name="version" value="{queue.moment().version}"' in text

    def test_what_became_due_by_the_clock_alone_is_told(self, tick, desk, ada, case, monkeypatch):
        promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=5))
        page = desk()
        state = {key: page.context[key] for key in ("version", "newest")} | {"counts": page.context["told"]}
        assert tick(shown=self.shown(case), **state).status_code == 204
        monkeypatch.setattr(queue, "SOON", timedelta(hours=6))  # as if an hour had passed
        soon = View.objects.get(name="Due soon")
        assert (
            f'id="count-{soon.pk}" class="count" hx-swap-oob="true">1<'
            in tick(shown=self.shown(case), **state).text
        )

    def test_a_row_that_sank_below_the_page_is_no_row_that_left(self, tick, ada, monkeypatch):
        monkeypatch.setattr(queue, "PAGE", 1)
        first, second = opened(20), opened(10)
        before = self.shown(first)
        conversation.reply(first, by=ada, body="Which?")
        text = tick(shown=before).text
        assert f'id="row-{first.number}"' in text
        assert "left this view" not in text
        assert f"row-{second.number}" not in text
        assert "1 new, show" in text

    def test_what_is_not_on_the_lists_is_not_looked_up_again(self, tick, case):
        for query in ({"assignee": "999999999"}, {"system": "999999999"}, {"team": "9" * 30}):
            assert tick(shown=self.shown(case), **query).status_code in (200, 204)

    def test_a_changed_row_changes_in_place(self, tick, ada, case):
        before = self.shown(case)
        triage.assign(case, by=ada, assignee=ada)
        text = tick(shown=before).text
        assert f'id="row-{case.number}"' in text
        assert "Ada" in text
        assert f"{case.number}.3" in text

    def test_a_row_that_left_the_view_says_so_and_stays(self, tick, ada, case):
        before = self.shown(case)
        resolution.resolve(case, by=ada, resolution="Done.")
        assert "Resolved, left this view" in tick(shown=before).text

    def test_new_rows_wait_behind_a_button(self, tick, case):
        before = self.shown(case)
        newcomer = CaseFactory()
        text = tick(shown=before).text
        assert "1 new, show" in text
        assert f"row-{newcomer.number}" not in text
        assert tick(shown=before, arrived="1").status_code == 204

    def test_a_new_case_is_announced_even_when_it_sorts_behind_the_page(self, tick, desk):
        for minutes in range(queue.PAGE + 5, 0, -1):
            opened(minutes)
        page = desk()
        state = {
            "shown": " ".join(f"{row['number']}.{row['last_sequence']}" for row in page.context["page"].rows),
            "newest": page.context["newest"],
        }
        assert tick(**state).status_code == 204
        newcomer = CaseFactory()
        text = tick(**state).text
        assert "1 new, show" in text
        assert "order=newest" in text
        assert shown(desk(order="newest"))[0] == newcomer.number

    def test_counts_change_with_the_cases(self, tick, desk, case):
        page = desk()
        state = {"shown": self.shown(case), "newest": case.number, "counts": page.context["told"]}
        assert tick(**state).status_code == 204
        resolution.close(case, by=None)
        text = tick(**state).text
        closed = View.objects.get(name="Closed")
        assert f'<span id="count-{closed.pk}" class="count" hx-swap-oob="true">1</span>' in text

    def test_it_takes_the_filters_of_the_page(self, tick, case):
        before = self.shown(case)
        CaseFactory(severity=Severity.LOW)
        assert tick(shown=before, severity=2).status_code == 204

    def test_nonsense_is_no_error(self, tick, case):
        for query in (
            {"shown": "x.y 1.2.3 99999999999999999999.1"},
            {"after": "x"},
            {"shown": "1." * 5000},
            {"assignee": "me\n"},
        ):
            assert tick(**query).status_code in (200, 204)


def test_a_page_holds_as_many_rows_as_it_says(desk):
    for minutes in range(queue.PAGE + 1):
        opened(minutes)
    response = desk()
    assert len(shown(response)) == queue.PAGE
    assert "Next page" in response.text


@pytest.mark.django_db(transaction=True)
def test_while_an_event_is_being_written_there_is_no_version():
    """Its number may be lower than that of one that is already there."""
    case = CaseFactory()
    written, seen = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            conversation.add_note(case, by=None, body="Late.")
            written.set()
            seen.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(10)
    assert queue.moment().version == ""
    seen.set()
    writer.join()
    assert queue.moment().version == f"{case.events.latest('sequence').pk}.0.0"
