"""What was sent waits, comes back, and leaves, in real browsers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import outgoing
from cases.models import Outgoing

from .live import live
from .test_macros import reply_box


@pytest.fixture(autouse=True)
def _undo(settings):
    settings.UNDO_SECONDS = 10


def send(page, text):
    reply_box(page).fill(text)
    reply_box(page).press("Control+Enter")
    expect(page.locator("[data-leaves]")).to_contain_text("in ")
    expect(reply_box(page)).to_have_value("")


def test_undo_gives_the_text_back_above_what_was_typed_since(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    send(page, "First thought")
    reply_box(page).fill("Second")
    page.get_by_role("button", name="Undo").click()
    expect(reply_box(page)).to_have_value("First thought\n\nSecond")
    expect(page.locator("#outgoing li")).to_have_count(0)


def test_it_leaves_on_all_pages_at_once(window, case, ada, abe):
    page, theirs = window(ada, f"/desk/cases/{case.number}/"), window(abe, f"/desk/cases/{case.number}/")
    live(page)
    live(theirs)
    send(page, "It is fixed.")
    expect(theirs.locator("#outgoing")).to_contain_text("Not sent yet")
    expect(theirs.get_by_role("button", name="Undo")).to_have_count(0)
    outgoing.leave(Outgoing.objects.get(), at=timezone.now() + timedelta(minutes=1))
    for one in (page, theirs):
        expect(one.locator("#timeline li").last).to_contain_text("It is fixed.")
        expect(one.locator("#outgoing li")).to_have_count(0)


def test_the_whole_menu_goes_by_keyboard(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply_box(page).fill("Restarted it.")
    page.locator("#send-menu summary").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Send and resolve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#outgoing")).to_contain_text("Resolution, not sent yet")
