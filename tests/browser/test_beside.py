"""The queue and a case side by side, and lists that one sorts."""

import re

import pytest
from playwright.sync_api import expect

from cases.actions import conversation
from cases.models import Draft, SavedView
from tests.factories import CaseFactory

WIDE = {"viewport": {"width": 1720, "height": 900}}


@pytest.fixture
def three(case):
    return [case, CaseFactory(), CaseFactory()]


def opened(page, case):
    """The page of this case, with the queue beside it in which it is marked."""
    expect(page).to_have_url(re.compile(rf"/desk/cases/{case.number}/"))
    expect(page.locator(f"#open-{case.number}[aria-current]")).to_be_visible()


def test_one_goes_through_the_queue_beside_a_case(window, ada, cleo, three):
    page = window(ada, "/desk/", **WIDE)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened(page, three[0])
    for key, case in (("j", three[1]), ("j", three[2]), ("k", three[1])):
        page.keyboard.press(key)
        opened(page, case)
    page.go_back()
    opened(page, three[2])
    page.locator(f"#open-{three[0].number}").click()
    opened(page, three[0])
    expect(page.locator("#indicator")).to_have_attribute("data-state", "live")
    conversation.reply(three[0], by=cleo, body="It is back.")
    expect(page.locator("#timeline")).to_contain_text("It is back.")


def test_what_was_typed_in_one_case_is_there_when_one_comes_back(window, ada, three):
    page = window(ada, f"/desk/cases/{three[0].number}/", **WIDE)
    page.reload()
    opened(page, three[0])
    page.get_by_label("Your answer").or_(page.locator("#reply_body")).first.fill("Half a sentence")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    opened(page, three[1])
    page.keyboard.press("k")
    opened(page, three[0])
    expect(page.locator("#reply_body")).to_have_value("Half a sentence")
    expect(page.locator("[data-keeping=kept]").first).to_be_attached()
    assert Draft.objects.filter(case=three[0]).exists()


def test_a_narrow_window_has_the_case_alone(window, ada, case):
    page = window(ada, f"/desk/cases/{case.number}/", **WIDE)
    page.reload()
    opened(page, case)
    page.set_viewport_size({"width": 1400, "height": 900})
    expect(page.locator(".beside")).to_be_hidden()
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".beside")).to_have_count(0)


def test_views_are_sorted_by_dragging_and_by_their_buttons(window, ada):
    for n, name in enumerate(("One", "Two", "Three")):
        SavedView.objects.create(name=name, owner=ada, position=n)
    page = window(ada, "/desk/views/")
    mine = page.locator("ol[data-sortable] .view-name")
    with page.expect_response("**/desk/views/*/"):
        page.get_by_role("button", name="Move Three up").click()
    expect(mine).to_have_text(["One", "Three", "Two"])
    expect(page.locator("#sorted")).to_have_text("Three: 2 of 3")
    expect(page.get_by_role("button", name="Move Three up")).to_be_focused()
    rows = page.locator("ol[data-sortable] > li")
    with page.expect_response("**/desk/views/*/"):
        rows.nth(2).drag_to(rows.nth(0), target_position={"x": 200, "y": 4})
    expect(mine).to_have_text(["Two", "One", "Three"])
    page.reload()
    expect(mine).to_have_text(["Two", "One", "Three"])


def test_columns_are_put_in_order_and_shown(window, ada, case):
    page = window(ada, "/desk/")
    page.get_by_text("Display", exact=True).click()
    page.get_by_role("button", name="Move System up").click()
    page.get_by_role("checkbox", name="Assignee").uncheck()
    page.get_by_role("button", name="Show these columns").click()
    page.wait_for_url("**columns=number**")
    expect(page.locator(".row-heads")).to_contain_text(re.compile("Number.*Summary.*System.*Customer"))
    expect(page.locator(".row-heads")).not_to_contain_text("Assignee")
