"""One draft in two tabs."""

from playwright.sync_api import expect

from cases.models import Draft

from .live import live
from .test_drafts import desk, saved
from .test_macros import reply_box


def second_tab(page, case):
    other = page.context.new_page()
    other.goto(desk(case))
    return other


def test_two_tabs_lose_neither_text(window, case, ada):
    window.expected = ["409"]
    one = window(ada, desk(case))
    live(one)
    two = second_tab(one, case)
    reply_box(one).press_sequentially("Words of the first")
    saved(one)
    reply_box(two).press_sequentially("Words of the second")
    box = two.locator("#draft-reply")
    expect(box).to_contain_text("This draft was changed in another tab.")
    expect(box).to_contain_text("Words of the first")
    expect(reply_box(two)).to_have_value("Words of the second")
    two.get_by_role("button", name="Use that text").click()
    expect(reply_box(two)).to_have_value("Words of the first")
    two.get_by_role("button", name="Use the other text again").click()
    expect(reply_box(two)).to_have_value("Words of the second")
    assert Draft.objects.get().fields["body"] == "Words of the second"
    one.bring_to_front()
    reply_box(one).press_sequentially(" and more")
    expect(one.locator("#draft-reply")).to_contain_text("Words of the second")
    one.get_by_role("button", name="Keep mine").click()
    saved(one)
    assert Draft.objects.get().fields["body"] == "Words of the first and more"


def test_a_tab_that_still_holds_what_was_sent_is_told(window, case, ada):
    window.expected = ["409", "422"]
    one = window(ada, desk(case))
    live(one)
    reply_box(one).press_sequentially("Sent once")
    saved(one)
    two = second_tab(one, case)
    expect(reply_box(two)).to_have_value("Sent once")
    one.bring_to_front()
    one.get_by_role("button", name="Send reply").click()
    expect(one.locator(".event.kind-reply").last).to_contain_text("Sent once")
    two.bring_to_front()
    two.get_by_role("button", name="Send reply").click()
    expect(two.locator("#draft-reply")).to_contain_text("sent or discarded in another tab")
    assert case.events.filter(body="Sent once").count() == 1
    two.get_by_role("button", name="Discard mine").click()
    expect(reply_box(two)).to_have_value("")
