"""The bell in all tabs at once, be they hidden, and what it says beyond them."""

import re

from playwright.sync_api import expect

from cases.actions import conversation, notifications
from cases.models import Notification

from .live import NUDGED, live

HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def tab(page, path):
    """Another one of the same browser."""
    other = page.context.new_page()
    other.goto(path)
    return other


def test_hidden_tabs_say_how_much_is_unread_and_read_nothing_by_that(window, case, ada, cleo):
    notifications.follow(case, by=ada)
    pages = [window(ada, f"/desk/cases/{case.number}/")]
    pages += [tab(pages[0], path) for path in (f"/desk/cases/{case.number}/", "/desk/macros/")]
    for page in pages:
        expect(page.locator("#bell")).to_be_visible()
    live(pages[0])
    title = pages[0].title()
    for page in pages:
        page.evaluate(HIDE, True)
    conversation.reply(case, by=cleo, body="Hello?")
    for page in pages:
        expect(page.locator("#bell b")).to_have_text("1", timeout=NUDGED)
        expect(page).to_have_title(re.compile(r"^\(1\) "))
        expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("mark_unread"))
    assert Notification.objects.get().read_at is None
    expect(pages[0].get_by_text("Hello?")).to_have_count(0)

    pages[0].close()  # whichever led, another one goes on
    conversation.reply(case, by=cleo, body="Anybody?")
    for page in pages[1:]:
        expect(page.locator("#bell b")).to_have_text("2", timeout=NUDGED)
    pages[1].evaluate(HIDE, False)
    for page in pages[1:]:
        expect(page.locator("#bell b")).to_have_count(0, timeout=NUDGED)
        expect(page.locator("link[rel=icon]")).not_to_have_attribute("href", re.compile("mark_unread"))
    expect(pages[1]).to_have_title(title)


def test_the_menu_of_the_bell_goes_by_keyboard_and_reads_all_at_once(window, case, ada, cleo):
    notifications.follow(case, by=ada)
    page = window(ada, "/desk/macros/")
    page.keyboard.press("b")
    expect(page.get_by_text("Nobody has told you anything yet.")).to_be_visible()
    page.keyboard.press("Escape")
    event = conversation.reply(case, by=cleo, body="Hello?")
    expect(page.locator("#bell b")).to_have_text("1", timeout=NUDGED)
    page.keyboard.press("b")
    newest = page.get_by_role("list", name="Newest notices").get_by_role("link")
    expect(newest).to_be_focused()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("#bell b")).to_have_count(0)
    assert Notification.objects.get().read_at
    newest.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/#event-{event.sequence}$"))
