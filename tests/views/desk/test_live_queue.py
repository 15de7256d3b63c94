"""A queue that is open, and hears of changes."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions import bulk, conversation, promises, resolution, service_levels, triage
from cases.models import Case, Policy, SavedView, Severity, Target
from cases.queries import queue
from tests.factories import CaseFactory

from .test_queue import opened, shown


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    return lambda **filters: browser.get(reverse("queue"), filters)


class TestTheLiveQueue:
    @pytest.fixture
    def tick(self, ada, browser_of):
        browser = browser_of(ada)
        return lambda **query: browser.get(reverse("queue_live"), query)

    def shown(self, *cases):
        for case in cases:
            case.refresh_from_db()
        return " ".join(f"{case.number}.{queue.state_of(vars(case))}" for case in cases)

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

    def test_a_due_time_that_changed_service_levels_moved_is_told_though_nothing_happened(
        self, tick, desk, adam, case
    ):
        version, before = desk().context["version"], self.shown(case)
        policy = Policy.objects.create(name="Standard", usual=True)
        Target.objects.create(policy=policy, severity=case.severity, first_response=3000)
        service_levels.run(service_levels.apply(by=adam, label="Service levels"))
        assert case.events.count() == 2
        assert "answer by" in tick(shown=before, version=version).text
        assert tick(shown=self.shown(case), version=desk().context["version"]).status_code == 204

    def test_what_became_due_by_the_clock_alone_is_told(self, tick, desk, ada, case, monkeypatch):
        promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=5))
        page = desk()
        state = {key: page.context[key] for key in ("version", "newest")} | {"counts": page.context["counts"]}
        assert tick(shown=self.shown(case), **state).status_code == 204
        monkeypatch.setattr(queue, "SOON", timedelta(hours=6))  # as if an hour had passed
        soon = SavedView.objects.get(name="Due soon")
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

    def test_what_is_marked_as_spam_in_bulk_leaves_the_views_and_their_counts_and_comes_back(
        self, tick, desk, ada, case
    ):
        other = CaseFactory()
        view = SavedView.objects.get(name="Queue")
        rows = self.shown(case, other)
        for value, status in (("yes", ""), ("yes", "all"), ("no", "spam")):
            if not Case.objects.filter(pk=case.pk, spam=value == "yes").exists():
                bulk.run(bulk.start(by=ada, name="spam", value=value, label="Spam", cases=[case.pk]))
            said = tick(shown=rows, status=status).text
            assert "left this view" in said, (value, status)
            assert f'id="row-{case.number}"' in said
            count = 1 if value == "yes" else 2
            assert f'id="count-{view.pk}" class="count" hx-swap-oob="true">{count}<' in said
        assert "left this view" not in tick(shown=rows, status="all").text

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
            "shown": " ".join(f"{row['number']}.{queue.state_of(row)}" for row in page.context["page"].rows),
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
        state = {"shown": self.shown(case), "newest": case.number, "counts": page.context["counts"]}
        assert tick(**state).status_code == 204
        resolution.close(case, by=None)
        text = tick(**state).text
        closed = SavedView.objects.get(name="Closed")
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


@pytest.mark.django_db(transaction=True)
def test_while_an_event_is_being_written_there_is_no_version():
    """Its number may be lower than that of one that is already there."""
    case = CaseFactory()
    before = queue.moment().version
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
    assert queue.moment().version not in ("", before)
