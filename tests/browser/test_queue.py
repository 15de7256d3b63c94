"""An agent's day in the queue, with the keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import bulk, resolution, triage
from cases.actions.events import history
from cases.models import Bulk, Case, SavedView
from cases.queries import queue
from tests.factories import CaseFactory


def count(page, name):
    return page.locator(f"#count-{SavedView.objects.get(name=name).pk}")


def test_counts_beside_the_views_change_live(window, ada, case):
    desk = window(ada, "/desk/")
    expect(count(desk, "Unassigned")).to_have_text("1")
    triage.assign(case, by=ada, assignee=ada)
    expect(count(desk, "Unassigned")).to_have_text("0")
    expect(count(desk, "Mine")).to_have_text("1")


def test_cases_are_chosen_by_keyboard_changed_at_once_and_seen_to_change(window, ada, case):
    other = CaseFactory()
    desk = window(ada, "/desk/")
    expect(desk.get_by_text("Live")).to_be_visible()
    expect(desk.get_by_label("Change", exact=True)).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        desk.keyboard.press(key)
    desk.get_by_label("Change", exact=True).select_option("priority=1")
    desk.get_by_role("button", name="Apply to selected").click()
    expect(desk.get_by_text("2 cases are being changed.")).to_be_visible()
    expect(desk.locator("#indicator")).to_have_attribute("data-state", "live")
    bulk.run(Bulk.objects.get())
    for one in (case, other):
        expect(desk.locator(f"#row-{one.number} .row-priority")).to_have_text("P1")


def test_a_row_that_changes_stays_chosen(window, ada, case):
    desk = window(ada, "/desk/")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.locator("#indicator")).to_have_attribute("data-state", "live")
    triage.set_priority(case, by=ada, priority=2)
    expect(desk.locator(f"#row-{case.number} .row-priority")).to_have_text("P2")
    expect(desk.get_by_label(f"Choose case {case.number}")).to_be_checked()


def test_what_changes_while_a_filter_is_on_its_way_is_not_missed(window, hold, gathered_at_once, ada, case):
    desk = window(ada, "/desk/")
    expect(desk.locator("#indicator")).to_have_attribute("data-state", "live")
    held = hold(desk, "**/desk/?*")
    desk.keyboard.press("f")
    desk.get_by_label("Severity").select_option(label="High")
    desk.wait_for_timeout(300)
    triage.set_priority(case, by=ada, priority=2)
    desk.wait_for_timeout(500)
    held.let_go()
    expect(desk.locator(f"#row-{case.number} .row-priority")).to_have_text("P2")


def test_all_rows_are_chosen_with_one_key(window, ada, case):
    CaseFactory()
    desk = window(ada, "/desk/")
    desk.keyboard.press("X")
    expect(desk.locator(".rows :checked")).to_have_count(2)


def test_a_whole_view_is_changed_after_one_question_and_its_progress_shown(window, ada, case):
    desk = window(ada, "/desk/?severity=2")
    desk.keyboard.press("X")
    desk.get_by_label("Change", exact=True).select_option("status=investigating")
    desk.get_by_role("button", name="Apply to the whole view").click()
    desk.get_by_role("button", name="Change it").click()
    expect(desk.get_by_text("0 of 1 cases are done.")).to_be_visible()
    bulk.run(Bulk.objects.get())
    expect(desk.get_by_text("Done: 1 case.")).to_be_visible()
    assert Case.objects.get().status == "investigating"


def test_filters_become_a_view_with_a_name(window, ada, case):
    desk = window(ada, "/desk/")
    desk.keyboard.press("f")
    desk.get_by_label("Severity").select_option("High")
    desk.wait_for_url("**severity=2**")
    desk.keyboard.press("Escape")
    desk.locator("h1").click()
    desk.keyboard.press("s")
    desk.get_by_label("Name").fill("High ones")
    desk.get_by_label("Name").press("Control+Enter")
    expect(desk.get_by_role("heading", name="High ones")).to_be_visible()
    expect(desk.get_by_role("navigation", name="Views").get_by_text("High ones")).to_be_visible()


@pytest.fixture
def many(ada):
    for minutes in range(queue.PAGE + 5, 0, -1):
        with history(timezone.now() - timedelta(minutes=minutes)):
            CaseFactory()


def test_pages_are_turned_by_keyboard_in_both_directions(window, ada, many):
    desk = window(ada, "/desk/?order=newest")
    first = desk.locator("[data-row]").first.get_attribute("id")
    desk.keyboard.press("n")
    expect(desk.locator("[data-row]")).to_have_count(5)
    desk.keyboard.press("p")
    expect(desk.locator("[data-row]").first).to_have_id(first)


def test_the_sort_and_the_place_are_kept_when_cases_change(window, ada, many):
    desk = window(ada, "/desk/?order=severity")
    expect(desk.locator("#indicator")).to_have_attribute("data-state", "live")
    before = desk.locator("[data-row]").evaluate_all("rows => rows.map(row => row.id)")
    changed = Case.objects.get(number=int(before[3].removeprefix("row-")))
    resolution.resolve(changed, by=ada, resolution="Done.")
    expect(desk.locator(f"#row-{changed.number}")).to_contain_text("left this view")
    CaseFactory(severity=1)
    expect(desk.get_by_text("1 new, show")).to_be_visible()
    assert desk.locator("[data-row]").evaluate_all("rows => rows.map(row => row.id)") == before


def test_it_works_without_script(window, ada, case):
    desk = window(ada, "/desk/", java_script_enabled=False)
    desk.get_by_label(f"Choose case {case.number}").check()
    desk.get_by_label("Change", exact=True).select_option("assignee=me")
    desk.get_by_role("button", name="Apply to selected").click()
    expect(desk.get_by_text("1 case is being changed.")).to_be_visible()
    bulk.run(Bulk.objects.get())
    assert Case.objects.get().assignee == ada
