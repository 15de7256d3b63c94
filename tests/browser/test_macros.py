"""Macros by keyboard, mentions and notices, live in two browsers at once."""

import re

from playwright.sync_api import expect

from cases.actions import conversation, notifications, resolution
from cases.models import Macro, Notification, User
from tests.factories import CaseFactory, UserFactory

from .live import NUDGED, live


def reply_box(page):
    return page.get_by_label("Reply", exact=True)


def bell(page):
    return page.locator("#bell b")


def offered(page):
    return page.get_by_role("listbox", name="Agents").get_by_role("option")


def test_a_macro_with_text_and_changes_goes_out_by_keyboard_alone(window, case, ada):
    Macro.objects.create(name="Bill", body="Hello {customer}.", priority=2, tags=["billing"], assignee="me")
    Macro.objects.create(name="Look", body="Looking, {customer}.", status="investigating", position=-1)
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("r")
    page.keyboard.type("I see.")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(reply_box(page)).to_have_value("I see.\n\nHello Cleo.")
    expect(reply_box(page)).to_be_focused()
    page.keyboard.type(" Bye.")
    expect(page.get_by_label("priority P2")).to_be_checked()
    page.get_by_label("tag billing").focus()
    page.keyboard.press("Space")
    reply_box(page).focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-reply").last).to_contain_text("Hello Cleo. Bye.")
    expect(page.get_by_text("Ada took the case")).to_be_visible()
    expect(page.get_by_text("set the priority to P2")).to_be_visible()
    expect(page.get_by_label("Priority", exact=True)).to_have_value("2")
    expect(reply_box(page)).to_have_value("")
    expect(page.get_by_text("Sending also changes")).to_have_count(0)
    case.refresh_from_db()
    assert case.tags == []


def test_a_chosen_macro_stays_while_something_else_happens(window, case, ada, cleo):
    macro = Macro.objects.create(name="Bill", body="Hello {customer}.", priority=2, tags=["billing"])
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("n")
    page.keyboard.type("Half a note")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.get_by_role("link", name=macro.name).click()
    expect(reply_box(page)).to_have_value("Hello Cleo.")
    page.get_by_label("tag billing").uncheck()
    # A turning point would bring a new composer; then the note's answer does.
    resolution.resolve(case, by=None, resolution="By itself.")
    expect(page.locator("#status")).to_contain_text("Resolved")
    expect(reply_box(page)).to_have_value("Hello Cleo.")
    page.locator("#to-note").click()
    expect(page.get_by_label("Internal note", exact=True)).to_have_value("Half a note")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".card.internal")).to_contain_text("Half a note")
    page.locator("#to-reply").click()
    expect(reply_box(page)).to_have_value("Hello Cleo.")
    expect(page.get_by_label("priority P2")).to_be_checked()
    expect(page.get_by_label("tag billing")).not_to_be_checked()


def test_a_long_text_comes_along(window, case, ada):
    macro = Macro.objects.create(name="Bill", body="Bye, {customer}.")
    page = window(ada, f"/desk/cases/{case.number}/")
    words = "Many words. " * 6000
    reply_box(page).fill(words)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.get_by_role("link", name=macro.name).click()
    expect(reply_box(page)).to_have_value(f"{words.strip()}\n\nBye, Cleo.")


def test_a_macro_without_script(window, case, ada):
    Macro.objects.create(name="Bill", body="Hello {customer}.", priority=2, tags=["billing"])
    Macro.objects.create(name="Mine", assignee="me")
    page = window(ada, f"/desk/cases/{case.number}/", java_script_enabled=False)
    page.locator("#macros summary").click()
    page.get_by_role("button", name="Mine").click()
    expect(page.get_by_text("Ada took the case")).to_be_visible()
    page.locator("#macros summary").click()
    page.get_by_role("link", name="Bill").click()
    expect(reply_box(page)).to_have_value("Hello Cleo.")
    page.get_by_label("tag billing").uncheck()
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("set the priority to P2")).to_be_visible()
    case.refresh_from_db()
    assert case.tags == []


def test_a_macro_without_text_is_applied_and_the_menu_closes(window, case, ada):
    Macro.objects.create(name="Mine", assignee="me")
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply_box(page).fill("Half a reply")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ada took the case")).to_be_visible()
    expect(page.get_by_role("button", name="Mine")).to_be_hidden()
    expect(reply_box(page)).to_have_value("Half a reply")


def test_a_long_menu_is_narrowed_by_typing(window, case, ada):
    for n in range(12):
        Macro.objects.create(name=f"Macro {n}", tags=["a"])
    Macro.objects.create(name="Refund", body="We refund it, {customer}.")
    page = window(ada, f"/desk/cases/{case.number}/")
    page.keyboard.press("m")
    page.keyboard.type("refu")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(reply_box(page)).to_have_value("We refund it, Cleo.")


def test_the_preview_follows_what_is_typed(window, ada):
    page = window(ada, "/desk/macros/new/")
    page.get_by_label("Name").fill("Ask")
    page.get_by_label("Text").fill("Hello **{customer}** {nmae}")
    expect(page.locator("#preview strong")).to_have_text("Sam")
    expect(page.locator("#preview")).to_contain_text("{nmae} is no placeholder and stays as typed.")
    page.get_by_label("Priority").select_option("P1")
    expect(page.locator("#preview")).to_contain_text("Also sets priority P1")
    expect(page.get_by_label("Text")).to_have_value("Hello **{customer}** {nmae}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The macro “Ask” is saved.")).to_be_visible()


def test_a_mention_is_completed_by_keyboard_and_rings_the_bell_of_the_mentioned_at_once(
    window, case, ada, abe, cleo
):
    UserFactory(name="Abel Moss", email="moss@example.com", role=User.Role.AGENT)
    other = CaseFactory(customer=cleo)
    pages = [window(abe, path) for path in ("/desk/", f"/desk/cases/{other.number}/")]
    for page in pages:
        live(page)
        expect(bell(page)).to_have_count(0)
    macros = window(abe, "/desk/macros/")
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("n")
    page.keyboard.type("Please look, @ab")
    expect(offered(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Internal note", exact=True)).to_have_value("Please look, @abe ")
    expect(offered(page)).to_have_count(0)
    page.keyboard.type("and @nob")
    expect(offered(page)).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card.internal .mention").first).to_have_text("@abe")
    expect(page.get_by_text("@nob is no agent here, so only Abe was told.")).to_be_visible()
    for one in (*pages, macros):
        expect(bell(one)).to_have_text("1", timeout=NUDGED)

    # Opening the case reads the notice, in every window.
    pages[0].locator("#bell").click()
    pages[0].get_by_role("link", name=re.compile("Ada mentioned you")).click()
    expect(pages[0].locator(".mention").first).to_be_visible()
    for one in (*pages, macros):
        expect(bell(one)).to_have_count(0, timeout=NUDGED)


def test_what_happens_in_the_case_one_looks_at_leaves_nothing_unread(window, case, ada, cleo):
    notifications.follow(case, by=ada)
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    with page.expect_response(re.compile("/desk/notices/count/")):
        conversation.reply(case, by=cleo, body="Hello?")
    expect(page.get_by_text("Hello?")).to_be_visible()
    expect(bell(page)).to_have_count(0)
    page.wait_for_timeout(300)
    assert Notification.objects.get().read_at


def test_a_case_is_followed_with_a_key(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("f")
    expect(page.locator(".following").get_by_text("you", exact=True)).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_text("Followed by")).to_have_count(0)
    assert not case.follows.exists()


def test_escape_leaves_the_names_and_then_the_text(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    page.keyboard.press("n")
    page.keyboard.type("@")
    expect(offered(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(offered(page)).to_have_count(0)
    expect(page.get_by_label("Internal note", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("x")
    expect(page.get_by_label("Internal note", exact=True)).to_have_value("@\nx")


def test_an_idle_desk_page_asks_for_nothing(window, gathered_at_once, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/", clock=True)
    live(page)
    page.wait_for_timeout(500)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(1500)
    page.wait_for_timeout(500)
    assert asked == []
