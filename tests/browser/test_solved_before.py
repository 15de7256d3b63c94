"""What was solved before, from the page of a case into a reply; and a bug's root cause on closing."""

import pytest
from playwright.sync_api import expect

from cases.actions import resolution
from tests.factories import CaseFactory

from .live import live
from .test_macros import reply_box


@pytest.fixture
def solved(ada, till):
    one = CaseFactory(system=till)
    resolution.resolve(one, by=ada, resolution="Restarted the reader.", root_cause="Its clock.")
    return one


def test_one_click_puts_a_resolution_into_the_reply(window, case, ada, solved):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply_box(page).fill("Hello Cleo.")
    page.locator("#solved-before summary").click()
    expect(page.locator("#solved-before")).to_contain_text("Its clock.")
    page.get_by_role("link", name="Add to reply").click()
    expect(reply_box(page)).to_have_value("Hello Cleo.\n\nRestarted the reader.")
    expect(reply_box(page)).to_be_focused()
    assert case.events.count() == 2
    page.keyboard.type(" Try it now.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-reply").last).to_contain_text("Restarted the reader. Try it now.")
    expect(reply_box(page)).to_have_value("")


def test_the_same_by_keyboard_alone(window, case, ada, solved):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    expect(page.locator("#solved-before summary")).to_contain_text("1 like this one")
    page.keyboard.press("w")
    page.keyboard.press("Enter")
    expect(reply_box(page)).to_have_value("Restarted the reader.")


def test_the_same_without_script(window, case, ada, solved):
    page = window(ada, f"/desk/cases/{case.number}/", java_script_enabled=False)
    page.get_by_role("link", name="Solved before").click()
    page.get_by_role("link", name="Add to reply").click()
    expect(reply_box(page)).to_have_value("Restarted the reader.")


def test_a_bug_is_asked_why_before_it_is_closed(window, case, ada):
    window.expected.append("422")
    resolution.resolve(case, by=ada, resolution="Done.", is_bug=True)
    resolution.reopen(case, by=ada)
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply_box(page).fill("Half a reply")
    page.get_by_role("button", name="Close without asking").click()
    page.get_by_label("Root cause").last.fill("A clock.")
    page.get_by_role("button", name="Close with this root cause").click()
    expect(page.locator("#status")).to_contain_text("Closed")
    expect(page.locator("#details")).to_contain_text("A clock.")
    case.refresh_from_db()
    assert case.root_cause == "A clock."
