"""Pages that hear what happens."""

from playwright.sync_api import expect

# Milliseconds in which a page shows what it was nudged about, on a busy machine too. It asks by itself after 20 seconds.
NUDGED = 5_000


def live(page):
    """It hears, and what it asked for as the stream began is there."""
    expect(page.locator("#indicator")).to_have_text("Live", timeout=15_000)
    expect(page.locator(".htmx-request")).to_have_count(0)
