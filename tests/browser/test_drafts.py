"""Drafts through two tabs, a crash and a live page, in real browsers."""

from playwright.sync_api import expect

from cases.actions import conversation, drafts, resolution
from cases.models import Draft, Macro

from .live import live
from .test_macros import reply_box


def desk(case):
    return f"/desk/cases/{case.number}/"


def saved(page):
    expect(page.locator("#draft-reply")).to_contain_text("Draft saved")


def cut_off(page):
    """The page again, and nothing that happens reaches it."""
    page.context.route("**/live/*", lambda route: route.abort())
    page.reload()
    return page


def test_what_was_typed_survives_a_crash(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    reply_box(page).press_sequentially("Half a thought")
    saved(page)
    page.context.close()
    page = window(ada, desk(case))
    expect(reply_box(page)).to_have_value("Half a thought")
    expect(page.locator("#draft-reply")).to_contain_text("Draft from")


def test_leaving_at_once_keeps_the_last_words_and_asks_nothing(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    page.on("dialog", lambda dialog: dialog.dismiss())
    reply_box(page).press_sequentially("Last words")
    page.goto("/desk/")
    page.goto(desk(case))
    expect(reply_box(page)).to_have_value("Last words")


def test_leaving_while_a_draft_is_on_its_way_loses_nothing(window, case, ada):
    window.expected = ["Failed to load resource"]
    page = window(ada, desk(case))
    live(page)
    held = []
    page.route("**/drafts/reply/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/drafts/reply/"):
        reply_box(page).press_sequentially("Last words")
    page.goto("/desk/")
    page.goto(desk(case))
    expect(reply_box(page)).to_have_value("Last words")


def test_reloading_before_a_draft_is_kept_shows_it_and_accuses_nobody(window, case, ada):
    window.expected = ["ERR_FAILED"]
    page = window(ada, desk(case))
    live(page)

    def lose_last_words(route):
        route.continue_() if "hx-current-url" in route.request.headers else route.abort()

    page.route("**/drafts/reply/", lose_last_words)
    for words in ("First", "First and last", "last"):
        reply_box(page).focus()
        reply_box(page).fill(words)
        page.reload()
        expect(reply_box(page)).to_have_value(words)
        saved(page)
        expect(page.locator("[data-conflict]")).to_have_count(0)
        assert Draft.objects.get().fields["body"] == words


def test_reloading_shows_a_half_written_note_in_its_composer(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    page.keyboard.press("n")
    page.keyboard.type("Between us")
    page.reload()
    expect(page.get_by_label("Internal note", exact=True)).to_have_value("Between us")
    expect(page.get_by_label("Internal note", exact=True)).to_be_visible()


def test_what_was_sent_or_discarded_does_not_come_back_with_the_page(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    reply_box(page).fill("Sent")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-reply").last).to_contain_text("Sent")
    page.reload()
    expect(reply_box(page)).to_have_value("")
    reply_box(page).fill("Thrown away")
    page.reload()
    expect(reply_box(page)).to_have_value("Thrown away")
    page.locator("#draft-reply").get_by_role("button", name="Discard").click()
    expect(reply_box(page)).to_have_value("")
    page.reload()
    live(page)
    expect(reply_box(page)).to_have_value("")


def test_an_idle_tab_sends_nothing(window, case, ada):
    page = window(ada, desk(case), clock=True)
    live(page)
    posts = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    reply_box(page).focus()
    page.clock.run_for(1500)
    page.locator("#to-note").click()
    page.clock.run_for(1500)
    page.wait_for_timeout(100)
    assert posts == []


def test_sending_ends_the_draft(window, case, ada):
    page = window(ada, desk(case), clock=True)
    live(page)
    reply_box(page).press_sequentially("Which till?")
    saved(page)
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".event.kind-reply").last).to_contain_text("Which till?")
    expect(page.locator("#draft-reply")).not_to_contain_text("Draft")
    page.clock.run_for(1500)
    page.wait_for_timeout(300)
    assert not Draft.objects.exists()


def test_sending_at_once_after_typing_leaves_no_draft_behind(window, case, ada):
    page = window(ada, desk(case), clock=True)
    live(page)
    for n in range(3):
        reply_box(page).press_sequentially(f"Quick {n}", delay=0)
        page.clock.run_for(900 + 50 * n)  # it is kept after a second
        page.keyboard.press("Control+Enter")
        expect(page.locator(".event.kind-reply").last).to_contain_text(f"Quick {n}")
        expect(reply_box(page)).to_have_value("")  # a nudge may have shown it before
    page.clock.run_for(1500)
    page.wait_for_timeout(300)
    assert not Draft.objects.exists()


def test_a_discarded_draft_is_back_at_one_click(window, case, ada):
    page = window(ada, desk(case))
    live(page)
    reply_box(page).press_sequentially("Not so sure")
    saved(page)
    page.locator("#to-note").click()
    page.get_by_label("Internal note", exact=True).fill("A note meanwhile")
    page.locator("#to-reply").click()
    page.locator("#draft-reply").get_by_role("button", name="Discard").click()
    expect(reply_box(page)).to_have_value("")
    assert not Draft.objects.filter(kind="reply").exists()
    page.get_by_role("button", name="Undo").click()
    expect(reply_box(page)).to_have_value("Not so sure")
    page.locator("#to-note").click()
    expect(page.get_by_label("Internal note", exact=True)).to_have_value("A note meanwhile")
    assert Draft.objects.get(kind="reply").fields["body"] == "Not so sure"


def test_live_news_and_a_turning_point_take_nothing_from_a_restored_draft(window, case, ada, cleo):
    drafts.keep(case, by=ada, kind="reply", fields={"body": "Begun yesterday"}, seen=0)
    page = window(ada, desk(case))
    live(page)
    conversation.reply(case, by=cleo, body="Hello?")
    expect(page.get_by_text("Hello?")).to_be_visible()
    resolution.resolve(case, by=None, resolution="By itself.")
    expect(page.locator("#status")).to_contain_text("Resolved")
    expect(reply_box(page)).to_have_value("Begun yesterday")
    reply_box(page).press_sequentially(", ended today")
    saved(page)
    assert Draft.objects.get().fields["body"] == "Begun yesterday, ended today"


def test_an_answer_that_crosses_is_asked_about_once(window, case, ada, cleo):
    window.expected = ["422", "Failed to load resource", "htmx:"]
    page = cut_off(window(ada, desk(case)))
    reply_box(page).press_sequentially("Is it the red one?")
    conversation.reply(case, by=cleo, body="It is the red one.")
    page.get_by_role("button", name="Send reply").click()
    crossed = page.locator(".crossed")
    expect(crossed).to_contain_text("Cleo answered")
    expect(crossed).to_contain_text("just now, after you began. Send anyway?")
    at = case.events.get(author=cleo, sequence=case.events.count()).at
    expect(crossed.locator("time")).to_have_attribute("datetime", at.isoformat(timespec="seconds"))
    expect(reply_box(page)).to_have_value("Is it the red one?")
    assert case.events.filter(author=ada).count() == 0
    page.get_by_role("button", name="Send anyway").click()
    expect(page.locator(".event.kind-reply").last).to_contain_text("Is it the red one?")
    assert case.events.filter(author=ada).count() == 1


def test_drafts_without_script(window, case, ada, cleo):
    window.expected = ["422"]
    page = window(ada, desk(case), java_script_enabled=False)
    reply_box(page).fill("Slowly written")
    page.get_by_role("button", name="Save draft").first.click()
    expect(reply_box(page)).to_have_value("Slowly written")
    expect(page.locator("#draft-reply")).to_contain_text("Draft from")
    page.locator("#draft-reply").get_by_role("button", name="Discard").click()
    expect(reply_box(page)).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(reply_box(page)).to_have_value("Slowly written")
    conversation.reply(case, by=cleo, body="Any news?")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".crossed")).to_contain_text("Cleo answered")
    page.get_by_role("button", name="Send anyway").click()
    expect(page.locator(".event.kind-reply").last).to_contain_text("Slowly written")
    assert not Draft.objects.exists()


def test_a_draft_that_cannot_be_kept_says_so_and_leaving_asks(window, case, ada):
    window.expected = ["Failed to load resource", "htmx:"]
    page = window(ada, desk(case))
    live(page)
    page.context.route("**/drafts/**", lambda route: route.abort())
    reply_box(page).press_sequentially("Into the void")
    expect(page.locator("#draft-reply")).to_contain_text("Draft not saved yet")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Queue", exact=True).click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.context.unroute("**/drafts/**")
    reply_box(page).press_sequentially("!")
    saved(page)
    page.get_by_role("link", name="Queue", exact=True).click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    assert asked == ["beforeunload"]


def test_what_was_asked_about_before_it_was_kept_is_kept(window, case, ada, cleo):
    window.expected = ["422", "Failed to load resource", "htmx:"]
    page = cut_off(window(ada, desk(case)))
    conversation.reply(case, by=cleo, body="It is the red one.")
    reply_box(page).fill("Is it the red one?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".crossed")).to_be_visible()
    saved(page)
    assert Draft.objects.get().fields["body"] == "Is it the red one?"
    expect(page.locator(".crossed")).to_be_visible()


def test_a_macro_comes_back_with_its_draft(window, case, ada):
    Macro.objects.create(name="Bill", body="Hello {customer}.", priority=2, tags=["billing"])
    page = window(ada, desk(case))
    live(page)
    page.keyboard.press("m")
    page.get_by_role("link", name="Bill").click()
    expect(reply_box(page)).to_have_value("Hello Cleo.")
    page.get_by_label("tag billing").uncheck()
    saved(page)
    page.reload()
    expect(reply_box(page)).to_have_value("Hello Cleo.")
    expect(page.get_by_label("priority P2")).to_be_checked()
    expect(page.get_by_label("tag billing")).not_to_be_checked()
