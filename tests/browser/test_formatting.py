"""Buttons and keys that format a text, and its preview."""

from playwright.sync_api import expect

from .live import live


def test_what_is_selected_is_formatted_by_buttons_and_keys(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply = page.get_by_label("Reply", exact=True)
    reply.fill("Restart it")
    reply.select_text()
    page.keyboard.press("Control+b")
    expect(reply).to_have_value("**Restart it**")
    page.keyboard.press("Control+b")
    expect(reply).to_have_value("Restart it")
    page.keyboard.press("Control+k")
    page.keyboard.type("example.com")
    expect(reply).to_have_value("[Restart it](https://example.com)")
    page.keyboard.press("Control+z")
    reply.fill("One\nTwo")
    reply.select_text()
    page.get_by_role("button", name="List").locator("visible=true").click()
    expect(reply).to_have_value("- One\n- Two")
    page.get_by_role("button", name="Preview").locator("visible=true").click()
    expect(page.locator("#preview-reply li")).to_have_text(["One", "Two"])
    expect(reply).to_have_value("- One\n- Two")
