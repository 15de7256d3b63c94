"""The desk without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from cases.actions import conversation
from tests.factories import CaseFactory

from .live import live


@pytest.fixture
def three(ada):
    return [CaseFactory(summary=f"Printer {n}") for n in range(3)]


def row(page, place):
    return page.locator("[data-row] a").nth(place)


def test_keys_are_still_while_a_page_is_being_left(window, hold, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    held = hold(page, "**/desk/incidents/")
    page.keyboard.press("i")
    page.wait_for_timeout(200)
    page.keyboard.press("a")
    page.wait_for_timeout(500)
    held.let_go()
    expect(page.get_by_role("heading", name="Incidents", exact=True)).to_be_visible()
    page.go_back()
    page.keyboard.press("n")
    expect(page.get_by_label("Internal note", exact=True)).to_be_focused()
    case.refresh_from_db()
    assert case.assignee is None


def test_what_is_typed_on_the_way_to_the_search_page_is_searched_for(window, hold, three, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    held = hold(page, "**/desk/search/")
    page.keyboard.press("/")
    page.wait_for_timeout(200)
    page.keyboard.type("an pirx")
    page.keyboard.press("Backspace")
    page.wait_for_timeout(100)
    held.let_go()
    page.wait_for_url("**/desk/search/")
    box = page.get_by_label("Words, people, numbers")
    expect(box).to_have_value("an pir")
    expect(box).to_be_focused()
    page.keyboard.type("ate")
    expect(box).to_have_value("an pirate")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No results")).to_be_visible()
    expect(box).to_be_focused()


def test_a_number_is_searched_for_as_it_is_typed_on_the_way(window, hold, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    held = hold(page, "**/desk/search/")
    page.keyboard.press("/")
    page.wait_for_timeout(200)
    page.keyboard.type("42")
    page.keyboard.press("Enter")
    held.let_go()
    expect(page).to_have_url(re.compile(r"/desk/search/\?.*q=42"))
    expect(page.get_by_label("Words, people, numbers")).to_have_value("42")


def test_escape_leaves_a_search_and_keeps_its_text(window, three, ada):
    page = window(ada, "/desk/")
    live(page)
    box = page.get_by_label("Search", exact=True)
    box.fill("Printer 1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(row(page, 0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    page.go_back()
    box.focus()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    expect(box).to_have_value("Printer 1")
    page.wait_for_timeout(300)
    expect(page.locator("[data-row]")).to_have_count(1)


def test_what_a_search_found_is_gone_through_at_once(window, three, ada):
    page = window(ada, "/desk/search/")
    page.keyboard.type("printer")
    page.keyboard.press("Enter")
    expect(row(page, 0)).to_be_focused()
    page.keyboard.press("j")
    expect(row(page, 1)).to_be_focused()


@pytest.mark.parametrize("way_back", ["key", "Back"])
def test_the_place_in_the_queue_is_kept(window, three, ada, way_back):
    page = window(ada, "/desk/")
    live(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    live(page)
    page.keyboard.press("q") if way_back == "key" else page.go_back()
    page.wait_for_url("**/desk/")
    expect(row(page, 1)).to_be_focused()
    page.keyboard.press("j")
    expect(row(page, 2)).to_be_focused()
    page.locator("[data-row] [type=checkbox]").nth(1).focus()
    page.keyboard.press("k")
    expect(row(page, 0)).to_be_focused()


def test_the_help_takes_the_keys_until_it_is_closed(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("?")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("a")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_hidden()
    page.keyboard.press("a")
    expect(page.get_by_text("Ada took the case")).to_be_visible()


def test_a_composer_opened_by_its_key_is_in_view(window, case, ada):
    for n in range(10):
        conversation.reply(case, by=ada, body=f"Word {n}.")
    page = window(ada, f"/desk/cases/{case.number}/", viewport={"width": 1280, "height": 700})
    live(page)
    page.keyboard.press("e")
    expect(page.get_by_label("Resolution")).to_be_focused()
    expect(page.get_by_role("button", name="Resolve and ask the customer")).to_be_in_viewport(ratio=1)


def test_what_is_new_is_shown_with_a_key(window, case, ada):
    page = window(ada, "/desk/?order=newest")
    live(page)
    CaseFactory(summary="A newcomer")
    expect(page.get_by_text("1 new, show")).to_be_visible()
    page.keyboard.press(".")
    expect(row(page, 0)).to_contain_text("A newcomer")
    expect(row(page, 0)).to_be_focused()


def test_arrow_keys_open_a_menu_and_go_through_it(window, ada):
    page = window(ada, "/desk/")
    page.get_by_label("Account and theme").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".menu-box [data-palette]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Sign out")).to_be_focused()


@pytest.mark.parametrize(
    ("path", "label"), [("/cases/new/", "Which system?"), ("/desk/macros/new/", re.compile(r"^\s*Name"))]
)
def test_a_form_that_is_a_page_of_its_own_is_begun_at_once(window, ada, till, path, label):
    page = window(ada, path)
    expect(page.get_by_label(label)).to_be_focused()


def test_a_change_of_a_whole_view_is_confirmed_with_enter(window, case, ada):
    page = window(ada, "/desk/")
    page.keyboard.press("X")
    page.get_by_label("Change", exact=True).select_option("priority=1")
    page.get_by_role("button", name="Apply to the whole view").click()
    expect(page.get_by_role("button", name="Change it")).to_be_focused()
