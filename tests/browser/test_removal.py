"""A secret on two open pages, taken back on one click."""

from playwright.sync_api import expect

from cases.actions import conversation

from .live import NUDGED, live

CARD = "4111 1111 1111 1111"


def test_a_secret_that_an_agent_removes_vanishes_from_every_open_page(window, case, cleo, ada):
    conversation.reply(case, by=cleo, body="An earlier word.")
    window.expected.append("422")  # which asks about the secret
    customer, agent = window(cleo, f"/cases/{case.number}/"), window(ada, f"/desk/cases/{case.number}/")
    live(customer)
    live(agent)

    customer.get_by_label("Reply", exact=True).fill(f"My card is **{CARD}**.")
    customer.get_by_role("button", name="Send reply").click()
    expect(customer.get_by_text("This looks like a card number.")).to_be_visible()
    expect(customer.get_by_label("Reply", exact=True)).to_have_value(f"My card is **{CARD}**.")
    customer.get_by_role("button", name="Send anyway").click()
    for page in (customer, agent):
        expect(page.locator("#timeline").get_by_text(CARD)).to_be_visible(timeout=NUDGED)

    agent.get_by_role("button", name="Remove it").click()
    for page in (customer, agent):
        expect(page.get_by_text("removed a card number")).to_be_visible(timeout=NUDGED)
        expect(page.locator("#timeline").get_by_text(CARD)).to_have_count(0)
        expect(page.locator(".prose", has_text="My card is [removed].")).to_have_count(1)
        expect(page.locator("#timeline > .event")).to_have_count(5)
    expect(customer.get_by_label("Reply", exact=True)).to_have_value("")

    agent.get_by_text("An earlier word.").select_text()
    agent.locator(".event", has_text="An earlier word.").get_by_role("link", name="Remove…").click()
    expect(agent.get_by_label("What to remove")).to_have_value("An earlier word.")
    agent.get_by_role("button", name="Permanently remove").click()
    expect(customer.get_by_text("An earlier word.")).to_have_count(0, timeout=NUDGED)
