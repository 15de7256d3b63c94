"""Buttons and keys that format a text, and its preview."""

from playwright.sync_api import expect

from cases.models import Macro

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


def test_a_name_between_colons_becomes_its_emoji_and_nothing_else_changes(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply = page.get_by_label("Reply", exact=True)
    reply.focus()
    page.keyboard.type("Done :tada: at 10:30:00, host::x: and `:smile:` :nobody:")
    expect(reply).to_have_value("Done 🎉 at 10:30:00, host::x: and `:smile:` :nobody:")


def test_a_slash_at_the_start_of_a_line_finds_a_macro(window, case, ada):
    Macro.objects.create(name="Bill", body="The bill is on its way.")
    Macro.objects.create(name="Cable", body="Try another cable, {customer}.")
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    reply = page.get_by_label("Reply", exact=True)
    reply.focus()
    page.keyboard.type("/etc/hosts and/or this")
    expect(reply).to_have_value("/etc/hosts and/or this")
    expect(page.get_by_role("link", name="Cable")).to_be_hidden()
    reply.fill("Hm.\n")
    reply.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("/cab")
    expect(page.get_by_role("link", name="Cable")).to_be_visible()
    expect(page.get_by_role("link", name="Bill")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(reply).to_have_value("Hm.\n\nTry another cable, Cleo.")
    expect(page.get_by_role("link", name="Cable")).to_be_hidden()
