"""Going to anything by keyboard, and keys that can be turned off."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import CaseFactory

from .looks import WIDTHS, check_looks


def palette(page):
    return page.get_by_role("dialog", name="Go to")


def box(page):
    return palette(page).get_by_role("combobox")


def chosen(page):
    return palette(page).get_by_role("option", selected=True)


def opened(page):
    page.keyboard.press("Control+k")
    expect(box(page)).to_be_focused()


def test_a_case_is_reached_by_a_few_letters(window, ada, case):
    other = CaseFactory(summary="The balance is off")
    page = window(ada, f"/desk/cases/{case.number}/")
    opened(page)
    page.keyboard.type("balan")
    expect(chosen(page)).to_contain_text("The balance is off")
    expect(box(page)).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{other.number}/$"))


def test_who_types_quickly_does_not_land_on_what_was_offered_before(window, ada, case):
    page = window(ada, "/desk/macros/")
    opened(page)
    page.keyboard.type(f"#{case.number}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/$"))


def test_arrows_choose_and_escape_leads_back_to_where_one_was(window, ada, case):
    page = window(ada, "/desk/")
    link = page.locator(f"#open-{case.number}")
    link.focus()
    opened(page)
    first = chosen(page).inner_text()
    page.keyboard.press("ArrowDown")
    second = chosen(page).inner_text()
    assert first != second
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_have_text(first.replace("\n", " "))
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()
    expect(link).to_be_focused()


def test_what_one_can_do_on_the_page_is_offered(window, ada, case):
    page = window(ada, f"/desk/cases/{case.number}/")
    opened(page)
    page.keyboard.type("internal no")
    expect(chosen(page)).to_contain_text("Internal note")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Internal note", exact=True)).to_be_focused()
    page.keyboard.press("Control+k")
    expect(box(page)).to_be_focused()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_the_dialog(window, ada, case, width):
    page = window(ada, "/desk/", viewport={"width": width, "height": 844})
    opened(page)
    page.keyboard.type("e")
    expect(chosen(page)).to_be_visible()
    check_looks(page)


def test_it_is_a_page_without_script(window, ada, case):
    page = window(ada, "/desk/", java_script_enabled=False)
    page.locator("summary[aria-label='Account and theme']").click()
    page.get_by_role("link", name="Go to…").click()
    page.get_by_label("Go to a case").fill("reader")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="The card reader").click()
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/$"))


def test_single_keys_can_be_turned_off_while_the_palette_stays(window, ada, case):
    page = window(ada, "/desk/")
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn them off").click()
    expect(page.locator("body")).to_have_attribute("data-keys", "off")
    page.keyboard.press("/")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/desk/"))
    opened(page)


def test_slash_leads_to_search_from_anywhere_and_into_its_box(window, ada, case):
    page = window(ada, "/desk/")
    page.keyboard.press("/")
    expect(page).to_have_url(re.compile("/desk/search/$"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("refused")
    page.keyboard.press("Enter")
    expect(page.locator(".found mark").first).to_be_visible()
    expect(page).to_have_url(re.compile("q=refused"))
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/$"))
