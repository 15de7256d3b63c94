"""An administrator gives the portal a name, a logo and a colour, and a visitor finds them."""

import re

from playwright.sync_api import expect

from tests.factories import picture

from .looks import WIDTHS, check_looks


def test_a_brand_is_looked_at_saved_and_readable_everywhere(window, adam, till):
    window.expected = ["422", "404"]
    page = window(adam, "/setup/brand/")
    page.get_by_label("Name").fill("Zenith & Söhne")
    page.get_by_label("Colour").fill("#ffcc00")
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": picture(size=(600, 160))}
    page.get_by_label("Logo", exact=False).first.set_input_files(logo)
    page.get_by_label("Text of the home page").fill("See the [manual](https://zenith.example).")
    page.get_by_label("Whom to contact").fill("help@zenith.example")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Take #").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    expect(page.locator(".bar .logo")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        check_looks(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Pages and new mail show it")).to_be_visible()

    visitor = window(None, "/")
    expect(visitor.get_by_role("link", name="manual")).to_be_visible()
    for address in ("/", "/incidents/", "/accounts/login/", "/nowhere/"):
        visitor.goto(address)
        expect(visitor.get_by_role("link", name="help@zenith.example")).to_be_visible()
        expect(visitor).to_have_title(re.compile("Zenith & Söhne$"))
        check_looks(visitor)
