"""What is typed stays, and arrives."""

from playwright.sync_api import expect

from cases.actions import resolution, triage

from .live import live

PASSWORD = "a password of one's own"


def test_text_that_is_being_typed_survives_whatever_happens_to_the_case(window, case, ada, cleo):
    window.expected = ["422"]
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("A long story that")
    resolution.close(case, by=ada)
    expect(page.get_by_text("This case is closed")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("A long story that")
    page.get_by_role("button", name="Reopen and send").click()
    expect(page.locator(".event.kind-reply").last).to_contain_text("A long story that")


def test_text_that_was_refused_survives_what_happens_next(window, case, ada, cleo):
    window.expected = ["422", "Failed to load resource", "htmx:"]
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("A long story that")
    page.route("**/live/?*", lambda route: route.abort())  # so that it does not hear what comes
    resolution.close(case, by=ada)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Reopen it to write in it.")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("A long story that")
    page.unroute("**/live/?*")
    resolution.reopen(case, by=ada)
    expect(page.locator("#timeline").get_by_text("reopened the case")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("A long story that")


def test_what_one_can_do_follows_the_case_while_one_types(window, case, ada, abe):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply = page.get_by_label("Reply", exact=True)
    reply.fill("A long story")
    reply.focus()
    resolution.close(case, by=abe)
    expect(page.get_by_role("button", name="Reopen, send and take the case")).to_be_visible()
    expect(page.locator("#to-resolve")).to_have_count(0)
    expect(page.locator("#reopen")).to_be_visible()
    resolution.reopen(case, by=abe)
    expect(page.get_by_role("button", name="Send reply", exact=False)).to_be_visible()
    expect(page.locator("#reopen")).to_have_count(0)
    expect(reply).to_be_focused()
    page.keyboard.type(" that goes on")
    expect(reply).to_have_value("A long story that goes on")
    page.locator("#to-resolve").focus()
    page.keyboard.press("e")
    expect(page.get_by_role("textbox", name="Resolution")).to_be_focused()
    page.get_by_role("textbox", name="Resolution").fill("Done.")
    page.get_by_role("button", name="Resolve and ask the customer, taking the case").click()
    expect(page.locator(".event.kind-resolved")).to_contain_text("Done.")
    expect(reply).to_have_value("A long story that goes on")


def test_what_waits_behind_a_draft_is_sent_as_it_was_meant(window, hold, case, ada, abe):
    window.expected = ["422"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    draft = hold(page, "**/drafts/reply/")
    page.get_by_label("Reply", exact=True).fill("A long story")
    draft.wait()
    page.get_by_role("button", name="Send reply").click()
    resolution.close(case, by=abe)
    expect(page.locator("#status")).to_contain_text("Closed")
    draft.let_go()
    expect(page.get_by_text("Reopen it to write in it.")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("A long story")
    page.get_by_label("Reply", exact=True).focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-reply").last).to_contain_text("A long story")
    expect(page.locator("#status")).to_contain_text("Open")


def test_sending_by_a_key_does_all_that_the_button_says(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    expect(page.get_by_role("button", name="Send reply and take the case")).to_be_visible()
    page.get_by_label("Reply", exact=True).fill("On it.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Send reply", exact=True)).to_be_visible()
    case.refresh_from_db()
    assert case.assignee == ada


def test_a_button_that_changes_keeps_the_cursor(window, case, ada, abe):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("A long story")
    page.get_by_role("button", name="Send reply and take the case").focus()
    triage.assign(case, by=abe, assignee=ada)
    expect(page.get_by_role("button", name="Send reply", exact=True)).to_be_focused()


def test_what_is_chosen_beside_a_resolution_survives_what_others_do(window, case, ada, abe):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.locator("summary", has_text="Resolve").click()
    page.get_by_label("Is it a bug?").select_option(label="Yes")
    resolution.resolve(case, by=abe, resolution="Done.")
    resolution.reopen(case, by=abe)
    expect(page.locator("#timeline").get_by_text("reopened the case")).to_be_visible()
    expect(page.get_by_label("Is it a bug?")).to_have_value("yes")


def test_a_reply_that_cannot_be_sent_is_kept_and_said(window, case, cleo):
    window.expected = ["Failed to load resource", "htmx:"]
    page = window(cleo, f"/cases/{case.number}/")
    page.get_by_label("Reply", exact=True).fill("Into the void.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send reply").click()
    expect(
        page.get_by_text("We couldn’t reach the server. What you typed is still here: try again.")
    ).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("Into the void.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".event.kind-reply").last).to_contain_text("Into the void.")


def test_after_sending_the_composer_stays_open_and_the_keys_work_at_once(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    for word in ("First.", "Second."):
        page.keyboard.press("r")
        page.keyboard.type(word)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".event.kind-reply").last).to_contain_text(word)
        expect(page.locator(".event").last).to_be_focused()
        expect(page.get_by_label("Reply", exact=True)).to_be_visible()
    page.get_by_label("Reply", exact=True).fill("Third.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".event").last).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("Not for them.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card.internal")).to_contain_text("Not for them.")
    expect(page.locator(".event").last).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.type("Done.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("Resolved")
    expect(page.locator(".event").last).to_be_focused()


def test_a_refused_text_keeps_the_cursor(window, case, ada):
    window.expected = ["422"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer .error")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_be_focused()


def test_a_mistake_in_a_composer_is_seen_where_it_was_made(window, case, ada):
    window.expected = ["422"]
    page = window(ada, f"/desk/cases/{case.number}/")
    page.locator("summary", has_text="Resolve").click()
    page.get_by_label("Root cause").fill("A worn cable.")
    page.get_by_role("button", name="Resolve and ask the customer").click()
    expect(page.get_by_text("Say what was done, in the customer’s words.")).to_be_visible()
    expect(page.get_by_label("Root cause")).to_have_value("A worn cable.")


def test_a_draft_note_survives_a_reply(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    page.locator("summary", has_text="Internal note").click()
    page.get_by_label("Internal note").fill("Half a thought")
    page.locator("summary", has_text="Reply").click()
    page.get_by_label("Reply", exact=True).fill("On it.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".event.kind-reply").last).to_contain_text("On it.")
    page.locator("summary", has_text="Internal note").click()
    expect(page.get_by_label("Internal note")).to_have_value("Half a thought")
    expect(page.get_by_label("Reply", exact=True)).to_have_value("")


def test_who_is_signed_out_elsewhere_is_told_and_keeps_what_was_typed(window, case, ada):
    window.expected = ["401", "Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("A long answer")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("You’re signed out. We’ll keep what you’ve typed.")).to_be_visible()
    expect(page.locator("#indicator")).to_contain_text("Signed out")
    expect(page.get_by_label("Reply", exact=True)).to_have_value("A long answer")


def test_what_was_typed_is_back_after_signing_in_again(window, case, ada):
    window.expected = ["401", "Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("A long answer")
    page.locator("summary", has_text="Resolve").click()
    page.get_by_label("Is it a bug?").select_option(label="Yes")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Resolve and ask the customer").click()
    page.get_by_role("link", name="Sign in again").click()
    sign_in(page, ada)
    expect(page.get_by_label("Is it a bug?")).to_have_value("yes")
    page.locator("summary", has_text="Reply").click()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("A long answer")


def test_what_was_typed_is_back_when_another_tab_found_out_first(window, site, case, ada):
    window.expected = ["401", "Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("A long answer")
    signed_out_elsewhere(page, site)
    sign_in(page, ada)
    expect(page.get_by_label("Reply", exact=True)).to_have_value("A long answer")


def test_nobody_else_gets_what_was_typed(window, site, case, ada, abe):
    window.expected = ["401", "Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("A long answer")
    signed_out_elsewhere(page, site)
    sign_in(page, abe)
    live(page)
    expect(page.get_by_label("Reply", exact=True)).to_have_value("")


def test_a_form_beside_the_composers_is_back_after_signing_in_again(window, site, ada):
    window.expected = ["401", "Failed to load resource"]
    page = window(ada, "/desk/macros/new/")
    page.get_by_label("Name").fill("Greeting")
    signed_out_elsewhere(page, site)
    sign_in(page, ada)
    expect(page.get_by_role("heading", name="New macro")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Greeting")


def test_what_was_typed_is_back_where_it_is_sent_elsewhere_by_now(window, site, case, ada, abe):
    window.expected = ["401", "Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("Please")
    page.get_by_text("Add a request", exact=True).click()
    page.get_by_label("Request from the customer", exact=True).fill("a photo of the till")
    signed_out_elsewhere(page, site)
    resolution.close(case, by=abe)
    sign_in(page, ada)
    expect(page.get_by_role("button", name="Reopen, send and take the case")).to_be_visible()
    expect(page.get_by_label("Request from the customer", exact=True)).to_have_value("a photo of the till")


def signed_out_elsewhere(page, site):
    """As another tab of the same browser finds out first."""
    page.context.clear_cookies(name="sessionid")
    page.context.new_page().goto(f"{site}/accounts/login/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def sign_in(page, user):
    user.keep_address(verified=True)
    user.set_password(PASSWORD)
    user.save()
    page.get_by_role("textbox", name="Email", exact=True).fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_an_older_look_at_the_case_takes_nothing_back_of_what_was_not_sent(window, hold, case, ada):
    window.expected = ["401", "Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    look = hold(page, "**/live/*")
    page.evaluate("portal.catchUp()")
    look.wait()
    page.get_by_label("Reply", exact=True).fill("A long answer")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("You’re signed out. We’ll keep what you’ve typed.")).to_be_visible()
    with page.expect_response("**/live/*") as answer:
        look.let_go()
    answer.value.finished()
    expect(page.locator("#live")).not_to_contain_class("htmx-request")
    expect(page.get_by_text("You’re signed out. We’ll keep what you’ve typed.")).to_be_visible()


def test_the_question_comes_while_one_types_and_the_text_stays(window, case, ada, cleo):
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("By the way")
    resolution.resolve(case, by=ada, resolution="Done.")
    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("By the way")
    page.get_by_role("button", name="Yes, fixed").click()
    expect(page.get_by_text("This case is closed")).to_be_visible()
