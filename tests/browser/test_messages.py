"""Messages say what happened, and leave."""

from playwright.sync_api import expect

CLOSE = "Close this message"


def saved(window, ada, **options):
    page = window(ada, "/accounts/signature/", **options)
    page.get_by_role("textbox", name="Signature").fill("Ada, Caseline")
    page.get_by_role("button", name="Save").click()
    message = page.locator("#messages .notice")
    expect(message).to_contain_text("Signature saved.")
    return page, message


def test_one_is_closed_with_its_button(window, ada):
    page, message = saved(window, ada)
    page.get_by_role("button", name=CLOSE).click()
    expect(message).to_have_count(0)


def test_good_news_leave_by_themselves_once_they_could_be_read(window, ada):
    page, message = saved(window, ada, clock=True)
    page.clock.run_for(15_000)
    expect(message).to_be_visible()
    message.hover()
    page.clock.run_for(6_000)
    expect(message).to_be_visible()
    page.mouse.move(0, 500)
    page.clock.run_for(21_000)
    expect(message).to_have_count(0)


def test_what_was_refused_stays_until_the_next_thing_is_done(window, case, ada, cleo):
    window.expected = ["422", "409", "Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/", clock=True)
    page.context.set_offline(True)
    window.expected.append("htmx:")
    page.get_by_label("Reply", exact=True).fill("Into the void.")
    page.get_by_role("button", name="Send reply").click()
    message = page.locator("#messages .notice")
    expect(message).to_contain_text("We couldn’t reach the server. What you typed is still here")
    page.clock.run_for(30_000)
    expect(message).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".event.kind-reply")).to_have_count(1)
    expect(message).to_have_count(0)
