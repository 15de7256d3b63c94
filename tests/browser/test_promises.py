"""What is promised while one writes, and what the customer sees of it, in real browsers."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import conversation, promises
from cases.actions.conversation import ReplyTerms
from cases.models.promise import PromiseTerms

from .live import NUDGED, live
from .test_macros import reply_box

SOON = "I'll send an update in 20 minutes."
MINUTE = timedelta(minutes=1)
UTC = {"timezone_id": "UTC"}


def desk(case):
    return f"/desk/cases/{case.number}/"


def fresh(case):
    case.refresh_from_db()
    return case


def field_time(at):
    return f"{at:%Y-%m-%dT%H:%M}"


def part(page):
    return page.locator("#promises")


def test_a_promise_is_shown_edited_sent_counted_down_and_kept(window, case, ada, cleo):
    customer = window(cleo, f"/cases/{case.number}/", **UTC)
    page = window(ada, desk(case), **UTC)
    live(customer)
    live(page)
    reply_box(page).press_sequentially(SOON)
    expect(part(page)).to_contain_text("Promises “in 20 minutes”")
    expect(reply_box(page)).to_be_focused()
    expect(reply_box(page)).to_have_value(SOON)
    by = timezone.now() + 51 * MINUTE  # whose seconds the field leaves out
    part(page).get_by_label("by").fill(field_time(by))
    reply_box(page).press_sequentially(" Bye.")
    page.wait_for_timeout(900)
    expect(part(page).get_by_label("by")).to_have_value(field_time(by))
    page.keyboard.press("Control+Enter")
    expect(customer.locator("#status")).to_contain_text("Next update by", timeout=NUDGED)
    expect(customer.locator("#status [data-left]")).to_have_text(
        re.compile("^in (49|50) min$"), timeout=NUDGED
    )
    expect(customer.locator(".event.kind-reply").last).to_contain_text("Promised: next update by")
    assert case.promises.get().due_at.strftime("%H:%M") == f"{by:%H:%M}"

    expect(part(page)).to_contain_text("Keeps “in 20 minutes”")
    reply_box(page).fill("Here it is.")
    page.keyboard.press("Control+Enter")
    expect(customer.locator("#status")).not_to_contain_text("Next update by", timeout=NUDGED)
    expect(customer.locator("#status")).to_contain_text("We’re waiting for your reply.")
    assert case.promises.get().outcome == "kept"


def test_what_is_unticked_is_not_promised_however_much_one_goes_on_typing(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    reply_box(page).press_sequentially(SOON)
    part(page).get_by_label("Promises “in 20 minutes”").uncheck()
    reply_box(page).press_sequentially(" We will write to you in 2 hours.")
    expect(part(page)).to_contain_text("in 2 hours")
    expect(part(page).get_by_label("Promises “in 20 minutes”")).not_to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-reply").last).to_contain_text("Promised: next update by")
    assert [one.phrase for one in case.promises.all()] == ["in 2 hours"]


def test_what_is_sent_faster_than_it_is_looked_at_is_proposed(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    reply_box(page).fill(SOON)
    page.keyboard.press("Control+Enter")
    proposal = page.locator(".proposal")
    expect(proposal).to_contain_text("Your reply says “in 20 minutes”. Keep track of it?")
    assert fresh(case).promised_at is None
    proposal.get_by_role("button", name="Yes, track it").click()
    expect(proposal).to_have_count(0)
    expect(page.locator("#status")).to_contain_text("promised by")
    expect(page.locator("#details")).to_contain_text("“in 20 minutes”, Ada")
    assert fresh(case).promised_at


def test_without_script_it_is_proposed_and_dismissed(window, case, ada):
    page = window(ada, desk(case), java_script_enabled=False)
    reply_box(page).fill(SOON)
    page.get_by_role("button", name="Send reply").click()
    page.locator(".proposal").get_by_role("button", name="Not a promise").click()
    expect(page.locator(".proposal")).to_have_count(0)
    assert not case.promises.exists()


def test_an_answer_of_the_server_takes_nothing_away_while_one_edits(window, case, ada, hold):
    page = window(ada, desk(case))
    live(page)
    reply_box(page).press_sequentially(SOON)
    by = part(page).get_by_label("by")
    expect(by).to_be_visible()
    held = hold(page, "**/promises/found/")
    reply_box(page).press_sequentially(" In 2 days we will write to you.")
    page.wait_for_timeout(700)
    by.focus()
    held.let_go()
    page.wait_for_timeout(300)
    expect(by).to_be_focused()
    expect(part(page)).not_to_contain_text("In 2 days")
    reply_box(page).focus()
    expect(part(page)).to_contain_text("In 2 days")


def test_what_passes_turns_red_by_itself(window, case, ada, cleo):
    page, queue = window(ada, desk(case), **UTC), window(ada, "/desk/")
    customer = window(cleo, f"/cases/{case.number}/")
    for one in (page, queue, customer):
        live(one)
    at = timezone.now() + timedelta(seconds=6)
    conversation.reply(
        case, by=ada, body="In a moment.", terms=ReplyTerms(promises=[PromiseTerms(at, "in a moment")])
    )
    expect(customer.locator("#status")).to_contain_text("in less than a minute")
    expect(page.locator("#status .owed")).to_have_text(f"Promised by {at:%H:%M}", use_inner_text=True)
    for one in (page.locator("#status .owed"), queue.locator(".row .owed")):
        expect(one).to_have_class("owed overdue")
        expect(one).to_contain_text("overdue: promised by")
    expect(customer.locator("#status")).to_contain_text("We promised an update by")
    expect(customer.locator("#status")).to_contain_text("and we’re late.")
    expect(customer.locator("#status [data-early]")).to_be_hidden()


def test_an_update_is_promised_by_hand_with_a_key(window, case, ada, cleo):
    customer, page = window(cleo, f"/cases/{case.number}/"), window(ada, desk(case))
    live(customer)
    live(page)
    page.keyboard.press("d")
    page.get_by_role("button", name="In 1 hour").click()
    expect(customer.locator("#status")).to_contain_text("Next update by", timeout=NUDGED)
    page.get_by_role("button", name="Withdraw the promise of an update").click()
    expect(customer.locator("#status")).not_to_contain_text("Next update by", timeout=NUDGED)
    assert promises.take_all_back(case, by=ada) is None


def test_back_and_forward_bring_what_was_decided(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    reply_box(page).press_sequentially(SOON)
    with page.expect_response("**/drafts/reply/"):
        part(page).get_by_label("Promises “in 20 minutes”").uncheck()
    page.goto("/desk/")
    page.go_back()
    live(page)
    expect(reply_box(page)).to_have_value(SOON)
    expect(part(page).get_by_label("Promises “in 20 minutes”")).not_to_be_checked()
    page.go_forward()
    page.go_back()
    live(page)
    expect(part(page).get_by_label("Promises “in 20 minutes”")).not_to_be_checked()
    page.keyboard.press("r")
    reply_box(page).focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-reply").last).to_contain_text(SOON)
    assert not case.promises.exists()
