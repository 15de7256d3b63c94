"""Something is asked for by a word in a reply, and given, on two pages at once."""

import pytest
from playwright.sync_api import expect

from cases.actions import requests
from cases.models import Case

from .live import NUDGED, live
from .looks import WIDTHS, check_looks

THING = "a screenshot of the payment screen"
PHONE = {"viewport": {"width": 390, "height": 844}}


def test_a_word_asks_for_it_and_the_customer_gives_it_live(window, case, ada, cleo):
    customer = window(cleo, f"/cases/{case.number}/", **PHONE)
    agent = window(ada, f"/desk/cases/{case.number}/")
    live(customer)
    live(agent)
    agent.get_by_label("Reply", exact=True).press_sequentially(
        "Could you please share a screenshot of the payment screen?"
    )
    expect(agent.get_by_label("What this asks for")).to_have_value(THING)
    agent.get_by_role("button", name="Send reply").click()
    expect(customer.get_by_role("heading", name=f"We need {THING}")).to_be_visible(timeout=NUDGED)
    expect(agent.locator("#status")).to_contain_text(f"Waiting on the customer for {THING}")
    expect(agent.get_by_label("What this asks for")).to_have_count(0)
    assert customer.evaluate("document.documentElement.scrollWidth") == 390

    box = customer.locator("#requests")
    box.get_by_label("Your answer").fill("The screen is blank.")
    box.get_by_role("button", name="Send").click()
    expect(agent.get_by_text("The screen is blank.")).to_be_visible(timeout=NUDGED)
    expect(agent.locator("#status")).to_contain_text("Waiting on us")
    expect(agent.locator(".requests")).to_have_count(0)
    expect(customer.locator("#requests form")).to_have_count(0)
    expect(customer.locator("#status")).to_contain_text("We’ll reply here.")


def test_what_one_does_there_is_not_taken_away_while_one_writes_on(window, case, ada):
    agent = window(ada, f"/desk/cases/{case.number}/")
    text = agent.get_by_label("Reply", exact=True)
    text.press_sequentially("Please send us the log.")
    thing = agent.get_by_label("What this asks for")
    thing.fill("the log of today")
    text.focus()
    text.press_sequentially(" And a photo. Could you attach a photo?")
    expect(thing).to_have_count(2)
    expect(thing.first).to_have_value("the log of today")
    agent.get_by_role("checkbox", name="Asks for").nth(1).uncheck()
    with agent.expect_response("**/drafts/reply/"):
        text.press_sequentially(" Thanks.")
    expect(agent.get_by_role("checkbox", name="Asks for").nth(1)).not_to_be_checked()
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".requests")).to_contain_text("the log of today")
    assert [one.what for one in Case.objects.get().open_requests] == ["the log of today"]


def test_two_boxes_keep_what_is_typed_in_the_other(window, case, ada, cleo):
    requests.ask(case, by=ada, what="the log")
    requests.ask(case, by=ada, what="a photo")
    customer = window(cleo, f"/cases/{case.number}/", **PHONE)
    live(customer)
    first, second = customer.locator(".request").all()
    second.get_by_label("Your answer").fill("Half a")
    first.get_by_label("Your answer").fill("The log.")
    first.get_by_role("button", name="Send").click()
    expect(customer.locator(".request")).to_have_count(1)
    expect(customer.locator(".request").get_by_label("Your answer")).to_have_value("Half a")
    requests.withdraw(case, by=ada, request=case.requests.latest("pk").pk)
    expect(customer.get_by_text("Ada no longer needs a photo")).to_be_visible()
    customer.locator(".request").get_by_role("button", name="Send").click()
    expect(customer.get_by_text("We no longer needed a photo")).to_be_visible()
    expect(customer.locator(".prose", has_text="Half a")).to_be_visible()


def test_it_works_without_script(window, case, ada, cleo):
    agent = window(ada, f"/desk/cases/{case.number}/", java_script_enabled=False)
    agent.get_by_label("Reply", exact=True).fill("Hello.")
    agent.get_by_text("Add a request", exact=True).click()
    agent.get_by_label("Request from the customer", exact=True).fill("the log")
    agent.get_by_role("button", name="Send reply").click()
    customer = window(cleo, f"/cases/{case.number}/", java_script_enabled=False)
    customer.locator(".request").get_by_label("Your answer").fill("Here.")
    customer.locator(".request").get_by_role("button", name="Send").click()
    expect(customer.get_by_text("sent the log")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(window, case, ada, cleo, width):
    requests.ask(case, by=ada, what=THING)
    for person, path in [
        (ada, f"/desk/cases/{case.number}/"),
        (cleo, f"/cases/{case.number}/"),
        (cleo, "/cases/"),
    ]:
        page = window(person, path, viewport={"width": width, "height": 900})
        live(page)
        if person == ada:
            page.get_by_label("Reply", exact=True).press_sequentially("Please send us the log.")
            expect(page.get_by_label("What this asks for")).to_be_visible()
        check_looks(page)
